/** Tells how a start ended: it serves, its database is damaged, its port is taken, or what the log says. */
import { fail } from '../src/model/errors.js';
import { saysDamaged } from './database.js';
import { isAlive } from './process-identity.js';
import { logSize, readLog, type ServerProcess, stopProcess } from './server-process.js';
import { waitServing } from './serving.js';
import type { Start } from './start.js';

/** The server will not run from this database; what it said is `damage`. */
class DatabaseDamaged extends Error {
  constructor(readonly damage: string) {
    super(damage);
  }
}

export const isDamage = (error: unknown): error is DatabaseDamaged => error instanceof DatabaseDamaged;

const SERVING_WITHIN_MS = 30_000;

/** Spawns a server and resolves when it serves. One that does not is gone before this rejects. */
export async function served(start: Start, address: string, spawn: () => ServerProcess): Promise<ServerProcess> {
  start.signal?.throwIfAborted();
  const logFrom = logSize(start.logFile);
  const server = spawn();
  const gaveUp = new AbortController();
  const signal = start.signal ? AbortSignal.any([gaveUp.signal, start.signal]) : gaveUp.signal;
  const waiting = waitServing(address, { withinMs: SERVING_WITHIN_MS, signal });
  const failure = await Promise.race([
    waiting.then(
      () => undefined,
      (error: Error) => error.message,
    ),
    server.exited.then(({ code, signal: by, error }) => error ?? `it ended with ${by ?? `exit code ${code}`}`),
  ]);
  gaveUp.abort();
  if (failure === undefined && isAlive(server.identity)) return server;
  await waiting.catch(() => undefined);
  await stopProcess(server.identity);
  start.signal?.throwIfAborted();
  throw explain(start, readLog(start.logFile, logFrom), failure ?? 'another server answers in its place');
}

function explain({ ports }: Start, log: string, failure: string): Error {
  const taken = /listen tcp \S*?:(\d+): bind: address already in use/.exec(log)?.[1];
  if (taken !== undefined) {
    const setting = Number(taken) === ports.uiPort ? 'temporal.uiPort' : 'temporal.port';
    return fail('PORT_TAKEN', { ip: ports.ip, port: Number(taken), setting });
  }
  const last = lastWords(log);
  if (saysDamaged(log)) return new DatabaseDamaged(last);
  return fail('TEMPORAL_FAILED', { reason: last ? `${failure}: ${last}` : failure });
}

/** The message of the last error, or of the last line when none is marked so. */
function lastWords(log: string): string {
  const lines = log.trim().split('\n');
  const line = lines.findLast(text => text.includes('"level":"ERROR"')) ?? lines.at(-1) ?? '';
  return (/"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line).slice(0, 500);
}
