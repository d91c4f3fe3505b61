/** Whether the server at an address is one that tapekeep can work with: found out soon, and told in one line when it is not. */
import { isIP, connect as openSocket } from 'node:net';
import { connect as openTls } from 'node:tls';
import type { Connection } from '@temporalio/client';
import { fail } from '../src/model/errors.js';
import type { Secured } from './serving.js';
import { atLeast } from './versions.js';

const ANSWER_MS = 5_000;
const PROBE_MS = 2_000;
/** An order that starts a load or joins it came with this one; what a second generation will take away is not known. */
const LEAST = '1.28.0';
const BELOW = '2.0.0';

/** Of itself the SDK knocks for half a minute: too long for somebody who mistyped an address. */
export async function requireServer(connection: Connection, address: string, secured: Secured = {}): Promise<void> {
  const version = await versionAt(connection, address, secured);
  if (version !== '' && (!atLeast(version, LEAST) || atLeast(version, BELOW)))
    throw fail('SERVER_VERSION', { address, version, needs: `${LEAST} or later, and below ${BELOW}` });
}

async function versionAt(connection: Connection, address: string, secured: Secured): Promise<string> {
  try {
    const { serverVersion } = await connection.withDeadline(Date.now() + ANSWER_MS, () => connection.workflowService.getSystemInfo({}));
    return serverVersion ?? '';
  } catch (error) {
    throw fail('SERVER_UNREACHABLE', { address, reason: await reasonAt(address, secured, error as Error) }, error);
  }
}

/** A channel only says that it could not connect: what is there is asked again, below it. */
async function reasonAt(address: string, { tls }: Secured, error: Error): Promise<string> {
  const at = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1))];
  const refused = await knock(host, port);
  if (refused !== undefined) return refused;
  if (tls) return (await tlsFault(host, port, tls)) ?? `no answer within ${ANSWER_MS / 1_000} s: ${error.message}`;
  if (await speaksTls(host, port)) return 'it wants TLS, and is asked without: temporal.tls.on is false';
  return `no answer within ${ANSWER_MS / 1_000} s, though something listens there: is it a Temporal server?`;
}

/** Undefined: something listens. */
function knock(host: string, port: number): Promise<string | undefined> {
  const words: Readonly<Record<string, string>> = { ECONNREFUSED: 'nothing listens there', ENOTFOUND: 'there is no host of that name' };
  return new Promise(resolve => {
    const socket = openSocket({ host, port, timeout: PROBE_MS });
    const end = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(undefined));
    socket.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => end(words[code] ?? `it cannot be reached (${code})`));
    socket.once('timeout', () => end(`no answer within ${ANSWER_MS / 1_000} s`));
  });
}

/** Only a greeting: nothing is sent, and whose certificate it is does not matter. */
function speaksTls(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = openTls({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_MS, () => end(false));
    socket.once('secureConnect', () => end(true));
    // A server that asks for a certificate of ours speaks it, too.
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => end(/^ERR_SSL_(TLSV1|SSLV3)_ALERT|^ERR_SSL_.*CERTIFICATE/.test(code)));
  });
}

/** Why the two sides do not come together; undefined: they do, as far as this goes. A server may refuse our certificate only after its greeting. */
function tlsFault(host: string, port: number, tls: Exclude<Secured['tls'], undefined>): Promise<string | undefined> {
  const { serverRootCACertificate: ca, clientCertPair: own, serverNameOverride } = typeof tls === 'object' && tls ? tls : {};
  const name = serverNameOverride ?? (isIP(host) ? undefined : host);
  return new Promise(resolve => {
    const socket = openTls({
      host,
      port,
      ALPNProtocols: ['h2'],
      ...(ca && { ca: Buffer.from(ca) }),
      ...(own && { cert: Buffer.from(own.crt), key: Buffer.from(own.key) }),
      ...(name !== undefined && { servername: name }),
    });
    const end = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_MS, () => end(undefined));
    socket.once('error', ({ code = '', message }: NodeJS.ErrnoException) =>
      end(
        code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
          ? 'it does not speak TLS, which temporal.tls.on asks of it'
          : `TLS with it fails: ${message}`,
      ),
    );
  });
}
