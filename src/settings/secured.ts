/** How a Temporal server is talked to: what the settings name is read here. */
import { readFileSync } from 'node:fs';
import { fail } from '../model/errors.js';
import type { ResolvedSettings } from './read.js';

/** As the connections of Temporal's SDK take it. Empty: in the open, as to our own server on this machine. */
export interface Secured {
  readonly tls?: {
    readonly serverRootCACertificate?: Buffer;
    readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
    readonly serverNameOverride?: string;
  };
  readonly apiKey?: string;
}

export type TemporalWay = Pick<ResolvedSettings['temporal'], 'address' | 'tls' | 'apiKey'>;

/** For the server that the settings name; any other is our own. */
export function securedFor({ address, tls, apiKey }: TemporalWay, server: string): Secured {
  if (!tls.on || address !== server) return {};
  const { ca, certificate, private: own, serverName } = tls;
  return {
    tls: {
      ...(ca !== undefined && { serverRootCACertificate: pemAt('ca', ca) }),
      ...(certificate !== undefined &&
        own !== undefined && { clientCertPair: { crt: pemAt('certificate', certificate), key: pemAt('private', own) } }),
      ...(serverName !== undefined && { serverNameOverride: serverName }),
    },
    ...(apiKey && { apiKey: apiKey.reveal() }),
  };
}

function pemAt(part: string, file: string): Buffer {
  const refused = (allowed: string): Error =>
    fail('SETTING_INVALID', { where: 'the settings', key: `temporal.tls.${part}`, value: file, allowed });
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw refused(`a file that can be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (!bytes.includes('-----BEGIN ')) throw refused('a file in PEM, which has a line -----BEGIN …');
  return bytes;
}
