/** The store as a worker uses it: frame work in a child process, everything durable, everything proved. */
import { rmSync } from 'node:fs';
import type { Bars } from '../../src/model/bars.js';
import { CRYPTO_BASIS, type Series } from '../../src/model/series.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { frameChildren, openStore, type Store } from '../../src/store/index.js';
import { bytesOf, rowsOf } from '../../src/store/log/snapshot.js';
import { FIRST, randomWalk, walkInParts } from './random-walk.js';
import { type Measured, type Task, timed } from './task.js';

export const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' };

export const open = (root: string): Promise<Store> => openStore({ root, frames: frameChildren({ children: 1 }), now: () => Date.now() });

async function put(store: Store, load: string, parts: readonly Bars[], series = SERIES): Promise<void> {
  const from = parts[0]?.ts[0] as number;
  const to = (parts.at(-1)?.ts.at(-1) as number) + MINUTE;
  await store.write({
    series,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    load,
    batch: 0,
    inputs: [await store.stageBars(load, parts)],
    answered: [{ from, to }],
    absences: [],
    rule: 'newer',
    by: 'bench',
    provider: null,
    requests: 0,
  });
}

export const tapekeep = {
  async create({ n, root, runs }: Task): Promise<Measured> {
    const bars = walkInParts(n);
    let store: Store | undefined;
    const fresh = async () => {
      await store?.close();
      rmSync(root, { recursive: true, force: true });
      store = await open(root);
      // A worker's frame child runs already; its start is not what a table costs.
      await put(store, 'warm-up', [randomWalk(1)], { ...SERIES, symbol: 'WARMUP' });
      return store;
    };
    const times = await timed(runs, fresh, ready => put(ready, 'create', bars));
    const bytes = bytesOf((await (store as Store).open(SERIES)).snapshot);
    await store?.close();
    return { times, bytes };
  },

  async append1k({ root, runs }: Task): Promise<Measured> {
    const store = await open(root);
    const before = (await store.open(SERIES)).snapshot;
    const times = await timed(
      runs,
      run => randomWalk(1000, rowsOf(before) + run * 1000),
      bars => put(store, `append-${bars.ts[0]}`, [bars]),
    );
    const after = (await store.open(SERIES)).snapshot;
    await store.close();
    return { times, bytes: Math.round((bytesOf(after) - bytesOf(before)) / (runs + 1)) };
  },

  read_day: task => read(task, { from: FIRST + task.n * MINUTE - DAY, to: FIRST + task.n * MINUTE }),
  read_all: task => read(task, undefined),
} satisfies Record<Task['bench'], (task: Task) => Promise<Measured>>;

async function read({ n, root, runs }: Task, interval: { from: number; to: number } | undefined): Promise<Measured> {
  const store = await open(root);
  const rows = interval ? 1440 : n;
  const times = await timed(
    runs,
    () => {},
    async () => {
      const frame = await store.read(await store.open(SERIES), interval ? { interval } : {});
      if (frame.height !== rows) throw new Error(`${frame.height} bars were read, ${rows} are there`);
    },
  );
  const { files } = (await store.open(SERIES)).snapshot;
  const touched = [...files.values()].filter(f => !interval || f.last >= interval.from);
  await store.close();
  return { times, bytes: touched.reduce((sum, f) => sum + f.bytes, 0) };
}
