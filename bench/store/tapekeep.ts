import { rmSync } from 'node:fs';
import { type Bars, takeBars } from '../../src/model/bars.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import type { Store } from '../../src/store/index.js';
import { bytesOf, rowsOf } from '../../src/store/log/snapshot.js';
import { FIRST, randomWalk, walkInParts } from './random-walk.js';
import { bytesIn, folderOf, HOLED, makeHoled, makePieced, open, PIECED, put, SERIES } from './tables.js';
import { type Answers, type Measured, type Task, timed } from './task.js';

/** A worker's frame child runs already; its start is not what a table costs. */
const warmUp = (store: Store): Promise<void> => put(store, 'warm-up', [randomWalk(1)], { ...SERIES, symbol: 'WARMUP' });

export const tapekeep: Answers = {
  async create({ n, root, runs }) {
    const bars = walkInParts(n);
    let store: Store | undefined;
    const fresh = async () => {
      await store?.close();
      rmSync(root, { recursive: true, force: true });
      store = await open(root);
      await warmUp(store);
      return store;
    };
    const times = await timed(runs, fresh, ready => put(ready, 'create', bars));
    const bytes = bytesOf((await (store as Store).open(SERIES)).snapshot);
    await store?.close();
    return { times, bytes };
  },

  /** All that a table takes on the disk; the time is that of looking. */
  async bytes({ root, runs }) {
    const look = () => bytesIn(folderOf(root));
    return { times: await timed(runs, () => {}, look), bytes: look() };
  },

  read_day: task => read(task, { from: FIRST + task.n * MINUTE - DAY, to: FIRST + task.n * MINUTE }),
  read_all: task => read(task, undefined),

  /** Log, sizes, hashes. */
  async verify({ root, runs }) {
    const store = await open(root);
    let bytes = 0;
    const look = async () => {
      const verified = await store.verify(SERIES);
      if (verified.flaws.length > 0) throw new Error(JSON.stringify(verified.flaws[0]));
      bytes = verified.bytes;
    };
    const times = await timed(runs, () => {}, look);
    await store.close();
    return { times, bytes };
  },

  append1k: task => written(task, rows => run => randomWalk(1000, rows + run * 1000)),

  /** The tail of a series that is kept: its last bars came a thousand at a time. Every other one of them is said otherwise. */
  replace500: task =>
    written(task, rows => run => {
      const last = randomWalk(1000, rows - 1000);
      const odd = takeBars(
        last,
        Array.from({ length: 500 }, (_, i) => 2 * i + 1),
      );
      const otherwise = odd.high.map(price => price + run + 1);
      return { ...odd, high: otherwise };
    }),

  async insert10k({ n, root, runs }) {
    const store = await open(root);
    const holes = Math.min(runs, Math.floor(n / 10_000)) + 1;
    const barsOf = await makeHoled(store, n, holes);
    const before = bytesOf((await store.open(HOLED)).snapshot);
    const times = await timed(holes - 1, barsOf, bars => put(store, `insert-${bars.ts[0]}`, [bars], HOLED));
    const bytes = Math.round((bytesOf((await store.open(HOLED)).snapshot) - before) / holes);
    await store.close();
    return { times, bytes };
  },

  /** A store that has seen nothing yet, every time. */
  async open1000({ n, root, runs, commits }) {
    const making = await open(root);
    await makePieced(making, n, commits);
    await making.close();
    const times = await timed(
      runs,
      () => open(root),
      async store => {
        const { snapshot, holdings } = await store.open(PIECED);
        if (holdings.coverage.length !== 1 || snapshot.version !== commits - 1) throw new Error(`version ${snapshot.version}`);
      },
    );
    return { times, bytes: bytesIn(`${folderOf(root, PIECED)}/_delta_log`) };
  },
};

async function written({ root, runs }: Task, barsOf: (rows: number) => (run: number) => Bars): Promise<Measured> {
  const store = await open(root);
  await warmUp(store);
  const before = (await store.open(SERIES)).snapshot;
  let load = 0;
  const times = await timed(runs, barsOf(rowsOf(before)), bars => put(store, `write-${process.pid}-${load++}`, [bars]));
  const after = (await store.open(SERIES)).snapshot;
  await store.close();
  return { times, bytes: Math.max(1, Math.round((bytesOf(after) - bytesOf(before)) / (runs + 1))) };
}

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
