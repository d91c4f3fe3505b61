/** Ports of the embedded server: free ones, and a clear word about those that are not. */
import { randomInt } from 'node:crypto';
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

/** Below the range that systems hand out by themselves: a port from there may be another program's a moment later. */
const LOWEST = 10_240;
const HIGHEST = 32_000;
const TRIES = 100;

/** A port that nobody has at the moment, and that nobody gets by chance while it is let go for a restart. */
export async function freePort(ip: string): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = await listenOnce(ip, randomInt(LOWEST, HIGHEST));
    if (port !== undefined) return port;
  }
  throw fail('INTERNAL', { reason: `no port of ${ip} is free` });
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
