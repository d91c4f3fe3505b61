/** A daemon with a source on loopback, both processes of their own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { open, type Tapekeep } from '../../src/client/index.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { libraryScene } from '../../tests/client/library-scene.js';
import { childrenOf, peakMb, programOf } from '../process-memory.js';

export interface Scene {
  readonly tk: Tapekeep;
  /** Where the source listens. */
  readonly url: string;
  /** The most memory that the daemon, and all its processes for frame work together, have had. */
  memory(): { readonly workerMb: number; readonly framesMb: number };
  end(): Promise<void>;
}

export async function scene(latencyMs: number, archives: boolean): Promise<Scene> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.js'), String(latencyMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>(resolve => createInterface({ input: server.stdout }).once('line', resolve));
  const over: (() => Promise<void>)[] = [];
  const binance = { baseUrl: url, archiveUrl: archives ? url : null, perMinute: 1_000_000 };
  const made = await libraryScene({ after: end => over.push(end) }, { providers: { binance } });
  const pid = await made.start();
  const tk = await open({ config: made.config, env: {} });
  return {
    tk,
    url,
    memory() {
      const frames = childrenOf(pid).filter(child => programOf(child).includes('tinypool'));
      return { workerMb: peakMb(pid), framesMb: frames.reduce((n, child) => n + peakMb(child), 0) };
    },
    async end() {
      await tk.close();
      for (const end of over) await end();
      server.stdin.end();
    },
  };
}

export const orderOf = (symbol: string, from: number, bars: number) => ({
  symbol,
  timeframe: '1m',
  provider: 'binance',
  from,
  to: from + bars * MINUTE,
});

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
