/** Which Temporal server the daemon works with, and how it is talked to. */
import { z } from 'zod';
import { secret } from './secret.js';
import { oneOf, path, port, setting, text } from './setting.js';

const tls = z.strictObject({
  on: setting(z.boolean(), 'Whether that server is talked to by TLS.', 'true, or false'),
  ca: path('A file (PEM) of the authorities that its certificate may come from; unset, those that are trusted everywhere.').optional(),
  certificate: path('A file (PEM) with a certificate of ours, where the server asks for one.').optional(),
  private: path('The file (PEM) with the private part of that certificate.').optional(),
  serverName: text('The name in the certificate of the server; unset, that of its address.', 'a host name')
    .regex(/^[\w.-]+$/)
    .optional(),
});

const needs = (what: string, allowed: string) => ({ path: [what], params: { allowed } });

export const temporal = z
  .strictObject({
    address: text('A Temporal server of your own; unset, one is started beside the daemon.', 'host:port')
      .regex(/^[^\s:/]+:\d{1,5}$/)
      .optional(),
    namespace: text('The namespace of the workflows.', 'letters, digits, - _ .').regex(/^[\w.-]+$/),
    tls,
    apiKey: secret('A key that this server asks for; it is sent by TLS alone.').exactOptional(),
    port: port('The port of the embedded server.'),
    uiPort: port('The port of the web UI of the embedded server.'),
    cli: path('The Temporal CLI to use; unset, it is looked for and obtained.').optional(),
    durability: oneOf('Whether the embedded server waits for the disk at each step (full) or at checkpoints (normal).', ['normal', 'full']),
  })
  .refine(({ port, uiPort }) => port !== uiPort, needs('uiPort', 'another port than temporal.port'))
  .refine(({ address, tls: { on } }) => !on || address !== undefined, needs('address', 'host:port, since temporal.tls.on is true'))
  .refine(({ apiKey, tls: { on } }) => on || apiKey === undefined, needs('apiKey', 'nothing, unless temporal.tls.on is true'))
  .refine(
    ({ tls: { certificate, private: own } }) => (certificate === undefined) === (own === undefined),
    needs('tls', 'a certificate and its private part, or neither'),
  );

export const temporalDefaults = { namespace: 'default', tls: { on: false }, port: 7233, uiPort: 8233, durability: 'normal' } as const;
