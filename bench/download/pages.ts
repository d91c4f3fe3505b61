/** 100,000 one-minute bars by pages of 1,000: the whole load, and a bare loop of 8 kept connections to the same server. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { open } from '../../src/client/index.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { libraryScene } from '../../tests/client/library-scene.js';
import { childrenOf, peakMb, programOf } from '../process-memory.js';

export interface Times {
  readonly load: readonly number[];
  readonly loop: readonly number[];
  readonly workerMb: number;
  readonly framesMb: number;
}

const CONNECTIONS = 8;
const FROM = Date.UTC(2024, 0, 1);

export async function pagesAgainstLoop(bars: number, runs: number, latencyMs: number): Promise<Times> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.js'), String(latencyMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>(resolve => createInterface({ input: server.stdout }).once('line', resolve));
  const over: (() => Promise<void>)[] = [];
  const binance = { baseUrl: url, archiveUrl: null, perMinute: 1_000_000 };
  const scene = await libraryScene({ after: end => over.push(end) }, { providers: { binance } });
  const pid = await scene.start();
  const tk = await open({ config: scene.config, env: {} });
  try {
    const order = (symbol: string) => ({ symbol, timeframe: '1m', provider: 'binance', from: FROM, to: FROM + bars * MINUTE });
    const load: number[] = [];
    const loop: number[] = [];
    // The first of each is not counted: it makes the server's answers and warms what is compiled.
    for (let i = 0; i <= runs; i++) {
      const one = await timed(() => tk.load(order(`RUN${i}USDT`)));
      const two = await timed(() => bareLoop(url, bars));
      if (i > 0) load.push(one);
      if (i > 0) loop.push(two);
    }
    const frames = childrenOf(pid).filter(child => programOf(child).includes('tinypool'));
    return { load, loop, workerMb: peakMb(pid), framesMb: frames.reduce((n, child) => n + peakMb(child), 0) };
  } finally {
    await tk.close();
    for (const end of over) await end();
    server.stdin.end();
  }
}

/** Asks for the same rows and lets them go. */
async function bareLoop(url: string, bars: number): Promise<void> {
  const pool = new Pool(url, { connections: CONNECTIONS });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < bars) {
      const from = FROM + next * MINUTE;
      next += 1_000;
      const to = Math.min(FROM + bars * MINUTE, from + 1_000 * MINUTE);
      const path = `/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=${from}&endTime=${to - 1}&limit=1000`;
      await (await pool.request({ path, method: 'GET' })).body.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  await pool.close();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
