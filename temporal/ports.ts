/** Ports of the embedded server: free ones, and a clear word about those that are not. */
import { type AddressInfo, createServer } from 'node:net';
import { fail } from '../src/model/errors.js';

export interface Ports {
  readonly ip: string;
  readonly port: number;
  readonly uiPort: number;
  readonly metricsPort?: number | undefined;
}

const settings = [
  ['port', 'temporal.port'],
  ['uiPort', 'temporal.uiPort'],
  ['metricsPort', 'temporal.metricsPort'],
] as const;

/** Throws PORT_TAKEN for the first that somebody else has. */
export async function requireFree(ports: Ports): Promise<void> {
  for (const [key, setting] of settings) {
    const port = ports[key];
    if (port !== undefined && (await listenOnce(ports.ip, port)) === undefined) throw fail('PORT_TAKEN', { ip: ports.ip, port, setting });
  }
}

/** A port that nobody has at the moment. */
export async function freePort(ip: string): Promise<number> {
  const port = await listenOnce(ip, 0);
  if (port === undefined) throw fail('INTERNAL', { reason: `no port of ${ip} is free` });
  return port;
}

/** Binds and lets go again; undefined when it is taken. */
function listenOnce(ip: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen({ host: ip, port, exclusive: true }, () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
