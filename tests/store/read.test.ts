/** Reading bars: which ones, in which order, and never from a file that is not what was committed. */
import assert from 'node:assert/strict';
import { chmod, link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type pl from 'nodejs-polars';
import { COLUMNS } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { idOf } from '../../src/model/series.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { inlineFrames, openStore, type Store } from '../../src/store/index.js';
import { realIo } from '../../src/store/io.js';
import { localStore, memoryStore } from '../../src/store/object-store.js';
import { bars, NOON, put, SERIES, T0, testFolder, testStore } from './fixture.js';

const timesOf = (frame: pl.DataFrame): number[] =>
  (frame.getColumn('ts').toArray() as unknown as Date[]).map(date => (date.getTime() - T0) / MINUTE);
const filesOf = async (store: Store): Promise<string[]> =>
  [...(await store.open(SERIES)).snapshot.files.keys()].map(name => join(store.house.root, idOf(SERIES), name));

/** Minutes 0–9 and 20–29 in files of their own, 5 … 24 in steps of 5 laid between them: files overlap in time. */
async function threeFiles(t: TestContext, settings: Parameters<typeof testStore>[1] = {}): Promise<Store> {
  const store = await testStore(t, settings);
  await put(store, bars(T0 + 20 * MINUTE, 10), { batch: 0 });
  await put(store, bars(T0, 10), { batch: 1 });
  await put(store, bars(T0 + 12 * MINUTE, 5, { step: 30 * MINUTE }), { batch: 2, answered: [{ from: T0 + 10 * MINUTE, to: T0 + DAY }] });
  return store;
}
const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 42, 72, 102, 132];

const places = {
  'on disk': () => ({}),
  'in memory': (t: TestContext) => {
    const objects = memoryStore();
    t.after(() => objects.close());
    return { objects };
  },
  'on a disk without stamps': () => ({
    io: { ...realIo, facts: async (path: string) => ({ ...(await realIo.facts(path)), stamp: undefined }) },
  }),
};
for (const [place, settings] of Object.entries(places)) {
  test(`${place}: bars of overlapping files come in time order`, async t => {
    const store = await threeFiles(t, settings(t) as Parameters<typeof testStore>[1]);
    assert.deepEqual(timesOf(await store.read(await store.open(SERIES))), ALL);
  });

  test(`${place}: any interval gives exactly its bars`, async t => {
    const store = await threeFiles(t, settings(t) as Parameters<typeof testStore>[1]);
    const table = await store.open(SERIES);
    const minute = fc.integer({ min: -5, max: 140 });
    await fc.assert(
      fc.asyncProperty(minute, minute, async (from, to) => {
        const frame = await store.read(table, { interval: { from: T0 + from * MINUTE, to: T0 + to * MINUTE } });
        assert.deepEqual(
          timesOf(frame),
          ALL.filter(m => m >= from && m < to),
        );
      }),
      { numRuns: 40 },
    );
  });
}

test('only the columns asked for come back, in the order asked', async t => {
  const store = await threeFiles(t);
  const table = await store.open(SERIES);
  assert.deepEqual((await store.read(table, { columns: ['close', 'ts'] })).columns, ['close', 'ts']);
  const part = await store.read(table, { columns: ['source'], interval: { from: T0, to: T0 + 3 * MINUTE } });
  assert.deepEqual(part.toRecords(), [{ source: 'test' }, { source: 'test' }, { source: 'test' }]);
  const backwards = [...COLUMNS].reverse();
  const wholeAndPart = await store.read(table, { columns: backwards, interval: { from: T0, to: T0 + 25 * MINUTE } });
  assert.deepEqual([wholeAndPart.columns, wholeAndPart.height], [backwards, 16]);
});

test('where there are no bars the frame is empty and has its columns', async t => {
  const store = await threeFiles(t);
  const frame = await store.read(await store.open(SERIES), { interval: { from: T0 + 5 * DAY, to: T0 + 6 * DAY } });
  assert.equal(frame.height, 0);
  assert.deepEqual(frame.columns, ['ts', 'open', 'high', 'low', 'close', 'volume', 'turnover', 'trades', 'source']);
});

const PART = { interval: { from: T0 + 2 * MINUTE, to: T0 + 5 * MINUTE } };

test('a flipped bit is found by a read of all and of a part, also right after a good read, also when the time is set back', async t => {
  const store = await threeFiles(t);
  const table = await store.open(SERIES);
  const file = (await filesOf(store))[1] as string;
  await store.read(table, PART);
  const { atime, mtime } = await stat(file);
  const bytes = await readFile(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] as number) ^ 4;
  await writeFile(file, bytes);
  await utimes(file, atime, mtime);
  for (const wanted of [PART, {}]) {
    await assert.rejects(
      store.read(table, wanted),
      error => isTapekeepError(error, 'FILE_DAMAGED') && error.message.includes('BTC/USDT 1m'),
    );
  }
  assert.equal(
    (await store.read(table, { interval: { from: T0 + 20 * MINUTE, to: T0 + 21 * MINUTE } })).height,
    1,
    'other files are untouched',
  );
});

/** Something happens to the file when its part has been read, right before its stamp is looked at again. */
async function readWhile(store: Store, happens: (file: string) => Promise<void>): Promise<pl.DataFrame> {
  let looks = 0;
  const facts = async (path: string) => {
    if (path.endsWith('.parquet') && ++looks === 2) await happens(path);
    return realIo.facts(path);
  };
  const shaky = await openStore({ root: store.house.root, frames: inlineFrames(), now: () => NOON, io: { ...realIo, facts } });
  const frame = await shaky.read(await shaky.open(SERIES), PART);
  assert.equal(looks, 2);
  return frame;
}

test('a file that is changed in the middle of reading a part of it is not served', async t => {
  const store = await threeFiles(t);
  const spoilt = async (file: string) => writeFile(file, (await readFile(file)).fill(0, 10, 20));
  await assert.rejects(readWhile(store, spoilt), error => isTapekeepError(error, 'FILE_DAMAGED'));
});

test('a load that ends and lets go of its name of a file hinders nobody who reads a part of it', async t => {
  const store = await threeFiles(t);
  for (const file of await filesOf(store)) await link(file, `${file}.candidate`);
  const stampOf = async (file: string) => (await realIo.facts(file)).stamp;
  const frame = await readWhile(store, async file => {
    const before = await stampOf(file);
    await rm(`${file}.candidate`);
    // The clock of a disk goes in steps.
    while ((await stampOf(file)) === before) await chmod(file, 0o644);
  });
  assert.equal(frame.height, 3);
});

test('a file that was proved is read again without the proof for a minute, and proved anew after it', async t => {
  const store = await threeFiles(t);
  let now = NOON;
  const read: string[] = [];
  const root = store.house.root;
  const disk = localStore(root, store.house.folders.temp);
  const objects = {
    ...disk,
    read(path: string) {
      if (path.endsWith('.parquet')) read.push(path);
      return disk.read(path);
    },
  };
  const watched = await openStore({ root, frames: inlineFrames(), now: () => now, objects });
  const table = await watched.open(SERIES);
  for (const [wait, proofs] of [
    [0, 1],
    [30_000, 1],
    [31_000, 2],
  ] as const) {
    now += wait;
    assert.equal((await watched.read(table, PART)).height, 3);
    assert.equal(read.length, proofs);
  }
});

test('a file that is gone is missing, by name', async t => {
  const store = await threeFiles(t);
  const table = await store.open(SERIES);
  await rm((await filesOf(store))[2] as string);
  await assert.rejects(store.read(table), error => isTapekeepError(error, 'FILE_MISSING'));
  assert.equal((await store.read(table, PART)).height, 3);
});

test('a store in a folder that was made by hand finds the same tables', async t => {
  const store = await threeFiles(t);
  await put(store, bars(T0, 1), { series: { dataset: 'Bank-7', assetClass: 'fx', symbol: 'EUR/USD', timeframe: '1h' } });
  const listed = await (await openStore({ root: store.house.root, frames: inlineFrames(), now: () => NOON })).list();
  assert.deepEqual(listed.map(s => `${s.dataset} ${s.assetClass} ${s.symbol} ${s.timeframe}`).toSorted(), [
    'Bank-7 fx EUR/USD 1h',
    'main crypto BTC/USDT 1m',
  ]);
  assert.deepEqual(await (await openStore({ root: await testFolder(t), frames: inlineFrames(), now: () => NOON })).list(), []);
});
