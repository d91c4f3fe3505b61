/** Each question about loads, and how it is measured. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MINUTE } from '../../src/model/timeframe.js';
import { type Line, lineOf, type Measured, withRatio } from './line.js';
import { LISTED, onScene, onStage, type Staged } from './scene.js';

const run = promisify(execFile);
const LIMIT = join(import.meta.dirname, 'limit.js');

const order = (symbol: string, n: number) => ({ symbol, timeframe: '1m', from: LISTED, to: LISTED + n * MINUTE });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const runsOf = (n: number): number => (n > 1_000_000 ? 1 : n > 10_000 ? 5 : 9);

/** From the order to the last commit, as a program sees it; and the bare cost of the same. */
export async function* loads(n: number, runs = runsOf(n)): AsyncGenerator<Line> {
  const line = lineOf('load', 'tapekeep', n, await onStage(staged => measureLoads(staged, n, runs)));
  const { stdout } = await run(process.execPath, [LIMIT, String(n), String(runs)]);
  const limit = lineOf('load', 'limit', n, JSON.parse(stdout) as Measured);
  yield withRatio(line, limit);
  yield limit;
}

async function measureLoads({ tk, memory }: Staged, n: number, runs: number): Promise<Measured> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push(await timed(() => tk.load(order(`RUN${i}`, n))));
  const bytes = (await tk.list()).find(({ series }) => series.symbol === 'RUN0')?.bytes ?? 0;
  return { times, bytes, ...memory() };
}

/** All that was asked for is there. */
export async function* nothing(n: number, runs = 9): AsyncGenerator<Line> {
  yield lineOf(
    'load_nothing',
    'tapekeep',
    n,
    await onStage(async ({ tk, memory }) => {
      await tk.load(order('THERE', n));
      const times: number[] = [];
      for (let i = 0; i < runs; i++) times.push(await timed(() => tk.load(order('THERE', n))));
      return { times, ...memory() };
    }),
  );
}

/** From the start of the process to the word that loads can be ordered: on a new folder, and on one that was used. */
export async function* daemonStart(runs = 3): AsyncGenerator<Line> {
  const first: number[] = [];
  const second: number[] = [];
  for (let i = 0; i < runs; i++) {
    await onScene(async scene => {
      first.push(await timed(() => scene.start()));
      await scene.stop();
      second.push(await timed(() => scene.start()));
    });
  }
  yield lineOf('daemon_start', 'first', 0, { times: first });
  yield lineOf('daemon_start', 'second', 0, { times: second });
}

/** The same load with a listener and without, in turns: `ratio` is what listening costs. */
export async function* progressCost(n: number, runs = 9): AsyncGenerator<Line> {
  const [heard, unheard] = await onStage(async ({ tk, memory }) => {
    const times = { heard: [] as number[], unheard: [] as number[] };
    for (let i = 0; i < runs; i++) {
      times.heard.push(await timed(() => tk.load(order(`HEARD${i}`, n), { onProgress: () => {} })));
      times.unheard.push(await timed(() => tk.load(order(`UNHEARD${i}`, n))));
    }
    const of = (values: number[]) =>
      lineOf('progress_cost', values === times.heard ? 'listener' : 'none', n, { times: values, ...memory() });
    return [of(times.heard), of(times.unheard)] as const;
  });
  yield withRatio(heard, unheard);
  yield unheard;
}
