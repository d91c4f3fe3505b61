/** The Temporal server that the daemon works with: its own, kept alive, or one that the settings name. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { obtainCli, startServer } from '../../temporal/index.js';
import type { Log } from '../logs.js';
import type { ResolvedSettings } from '../settings.js';

export interface TemporalService {
  readonly address: string;
  readonly uiUrl: string | null;
  stop(): Promise<void>;
}

const AGAIN_MS = 1_000;

export async function temporalService(
  settings: ResolvedSettings,
  log: Log,
  say: (line: string) => void,
  signal: AbortSignal,
  onNewDatabase: () => Promise<void>,
): Promise<TemporalService> {
  const { address, cli: named, port, uiPort, durability } = settings.temporal;
  if (address) return { address, uiUrl: null, stop: async () => {} };
  const env = named ? { ...process.env, TEMPORAL_CLI: named } : process.env;
  const cli = await obtainCli({ env, say, signal });
  const folder = join(settings.data, '.tapekeep', 'temporal');
  const leaving = new AbortController();
  const wanted = AbortSignal.any([signal, leaving.signal]);
  const start = () =>
    startServer({ cli, folder, port, uiPort, durability, log: line => log.info(`temporal server: ${line}`), signal: wanted });
  let server = await start();
  if (server.movedAside)
    say(`The database of the Temporal server was damaged: it lies in ${server.movedAside}, and open loads are submitted again.`);
  let stopping = false;
  /** One that is being started is ours to end as well. */
  let starting = Promise.resolve();
  const keep = async (): Promise<void> => {
    while (!stopping) {
      await server.exited;
      if (stopping) return;
      log.warn('the Temporal server died and is started again; loads go on where they were');
      starting = again(start, 'the Temporal server could not be started').then(started => {
        server = started;
      });
      await starting;
      // A server that lost its memory knows no load: whoever keeps the catalog tells it again.
      if (server.fresh) void telling();
    }
  };
  /** The server is watched over meanwhile: it may be what hinders the telling. */
  const telling = (): Promise<void> => again(onNewDatabase, 'the new Temporal server could not be told of open loads').catch(() => {});
  /** Until it is done; when the daemon stops, no more. */
  const again = async <T>(work: () => Promise<T>, failed: string): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (stopping) throw error;
        log.error(`${failed}: ${(error as Error).message}; it is tried again`);
        await sleep(AGAIN_MS);
      }
    }
  };
  void keep().catch(error => {
    if (!stopping) log.error(`the Temporal server is no longer watched over: ${(error as Error).message}`);
  });
  return {
    address: server.address,
    uiUrl: server.uiUrl,
    async stop() {
      stopping = true;
      leaving.abort();
      await starting.catch(() => {});
      await server.stop();
    },
  };
}
