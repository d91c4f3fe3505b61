/** 100,000 one-minute bars by pages of 1,000: the whole load, and beside it a bare loop of 8 kept connections to the same server, and freqtrade. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'undici';
import { MINUTE } from '../../src/model/timeframe.js';
import { projectFolder } from '../../tests/project-files.js';
import { orderOf, scene, timed } from './scene.js';

export interface Times {
  readonly load: readonly number[];
  readonly loop: readonly number[];
  /** Empty where there is no freqtrade. `paused`: with ccxt's own pause between two requests. */
  readonly freqtrade: readonly number[];
  readonly paused: readonly number[];
  readonly workerMb: number;
  readonly framesMb: number;
}

const CONNECTIONS = 8;
const FROM = Date.UTC(2024, 0, 1);

export async function pagesAgainstPeers(bars: number, runs: number, latencyMs: number, python: string | undefined): Promise<Times> {
  const { tk, url, memory, end } = await scene(latencyMs, false);
  try {
    const load: number[] = [];
    const loop: number[] = [];
    // The first of each is not counted: it makes the server's answers and warms what is compiled.
    for (let i = 0; i <= runs; i++) {
      const one = await timed(() => tk.load(orderOf(`RUN${i}USDT`, FROM, bars)));
      const two = await timed(() => bareLoop(url, bars));
      if (i > 0) load.push(one);
      if (i > 0) loop.push(two);
    }
    // Idle processes for frame work end: their memory is looked at before others have their turn.
    const most = memory();
    const others = async (pause: 'free' | 'paused') => (python === undefined ? [] : await freqtrade(python, url, bars, runs, pause));
    return { load, loop, freqtrade: await others('free'), paused: await others('paused'), ...most };
  } finally {
    await end();
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

/** Its downloader and its store, in one process that runs them over and over: starting Python is not counted. */
async function freqtrade(python: string, url: string, bars: number, runs: number, pause: 'free' | 'paused'): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  try {
    const script = join(projectFolder, 'bench', 'peers', 'download_freqtrade.py');
    const { stdout } = await promisify(execFile)(python, [script, url, folder, String(runs), String(bars), pause]);
    return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { ms: number[] }).ms;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
