/** Compaction: fewer files, the same rows, and never a row lost to a race, a crash or a damaged file. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type Bar, type Bars, barsFrom, concatBars, takeBars, toRows } from '../../src/model/bars.js';
import type { CompactWish } from '../../src/model/change.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { idOf, type Series } from '../../src/model/series.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { foldable } from '../../src/store/changes/compact.js';
import { foldsOf, type Layout } from '../../src/store/folds.js';
import { frameOf } from '../../src/store/frames/frame.js';
import type { Frames } from '../../src/store/frames/jobs.js';
import { RowPrint } from '../../src/store/frames/row-print.js';
import { inlineFrames, type Store } from '../../src/store/index.js';
import type { TableFile } from '../../src/store/log/snapshot.js';
import { landed } from '../../src/store/write.js';
import { readAll } from '../faults/assert-store.js';
import { bars, put, SERIES, T0, testStore } from './fixture.js';

interface Asked {
  readonly series?: Series;
  readonly id?: string;
  readonly which?: CompactWish['which'];
}

/** Compacts as the workflow does: propose, validate, commit, again after a lost race. */
async function compact(store: Store, { series = SERIES, id = 'fold', which = 'all' }: Asked = {}) {
  const order = { id, series, by: 'test', change: { kind: 'compact', which } as const, silenceMs: 1_000 };
  const { kind, version, proposal } = await landed(store.house, series, () => store.propose(order));
  return { kind, version, files: proposal.removes.length, into: proposal.merged.candidates.length };
}

const filesOf = async (store: Store, asOf?: number): Promise<TableFile[]> => [...(await store.open(SERIES, asOf)).snapshot.files.values()];
const rowsOf = async (store: Store, asOf?: number): Promise<Bar[]> => readAll(store, await store.open(SERIES, asOf));

/** Appends of so many bars each, one commit each. */
async function appends(store: Store, counts: readonly number[], first = T0): Promise<void> {
  let at = first;
  for (const [batch, count] of counts.entries()) {
    await put(store, bars(at, count, { close: 100 + batch, source: `s${batch % 3}` }), { load: 'load', batch });
    at += count * MINUTE;
  }
}

/** Values that were not stated, and numbers that a careless writer would round. */
const ODD = barsFrom([
  {
    ts: T0 - MINUTE,
    open: 0.1 + 0.2,
    high: 1e300,
    low: 5e-324,
    close: 1 / 3,
    volume: 2 ** 53,
    turnover: 1e-7,
    trades: 2 ** 53 - 1,
    source: 'a',
  },
  { ts: T0 + 9 * DAY, close: 1, source: 'zürich/β' },
]);

test('small files become one for each year; the rows are the same, and every version before reads as it did', async t => {
  const store = await testStore(t);
  await put(store, ODD, { load: 'odd' });
  await appends(store, [30, 1, 1, 5]);
  await put(store, bars(T0 + 10 * MINUTE, 3, { close: 7 }), { load: 'replace' });
  const before = await Promise.all([0, 1, 2, 3, 4, 5].map(version => rowsOf(store, version)));
  const done = await compact(store);
  assert.deepEqual(done, { kind: 'committed', version: 6, files: 5, into: 1 });
  const files = await filesOf(store);
  assert.deepEqual(files.map(f => [f.first, f.rows]).toSorted(), [
    [T0 - MINUTE, 1],
    [T0, 38],
  ]);
  assert.deepEqual(await rowsOf(store), before[5]);
  for (const version of before.keys()) assert.deepEqual(await rowsOf(store, version), before[version], `version ${version}`);
});

test('the commit says that it rearranges, and keeps coverage, ledger and configuration', async t => {
  const store = await testStore(t);
  await appends(store, [5, 5]);
  const before = await store.open(SERIES);
  await compact(store);
  const [entry] = await store.history(SERIES, 1);
  assert.equal(entry?.commitInfo?.operationParameters.change, 'compact');
  for (const action of [...(entry?.adds ?? []), ...(entry?.removes ?? [])]) assert.equal(action.dataChange, false);
  const after = await store.open(SERIES);
  assert.deepEqual(after.holdings, before.holdings);
  assert.deepEqual(after.snapshot.metaData.configuration, before.snapshot.metaData.configuration);
});

test('what is in order already is left alone, and the same compaction again finds its own commit', async t => {
  const store = await testStore(t);
  await appends(store, [5, 5]);
  assert.equal((await compact(store)).kind, 'committed');
  await put(store, bars(T0 + DAY, 2), { load: 'later' });
  const again = await compact(store);
  assert.deepEqual([again.kind, again.version], ['already', 2]);
  assert.equal((await compact(store, { id: 'other' })).kind, 'committed');
  assert.equal((await compact(store, { id: 'third' })).kind, 'unchanged');
  assert.equal((await store.open(SERIES)).snapshot.version, 4);
});

test('a series of days is one file, whatever years it has; the setting cuts minutes by month or quarter', async t => {
  const daily: Series = { ...SERIES, timeframe: '1d' };
  const store = await testStore(t, { slice: 'month' });
  for (const [batch, year] of [2021, 2022, 2023].entries())
    await put(store, bars(Date.UTC(year, 11, 1), 40, { step: DAY }), {
      load: 'days',
      batch,
      series: daily,
      answered: [{ from: Date.UTC(year, 11, 1), to: Date.UTC(year, 11, 1) + 40 * DAY }],
    });
  assert.equal((await compact(store, { series: daily })).into, 1);
  await put(store, bars(T0, 100, { step: DAY }), { load: 'months', answered: [{ from: T0, to: T0 + 100 * DAY }] });
  assert.equal((await compact(store)).into, 4);
  const files = (await filesOf(store)).map(f => new Date(f.first).toISOString().slice(0, 10)).toSorted();
  assert.deepEqual(files, ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01']);
});

test('no file has more rows than the setting allows, and one that is full already is not written again', async t => {
  const store = await testStore(t, { sliceRows: 10 });
  await appends(store, [10, 3, 3]);
  const [full] = (await filesOf(store)).filter(f => f.rows === 10);
  const done = await compact(store);
  assert.deepEqual([done.files, done.into], [2, 1]);
  const files = await filesOf(store);
  assert.deepEqual(files.map(f => f.rows).toSorted(), [10, 6].toSorted());
  assert.ok(files.some(f => f.path === full?.path));
});

const LAYOUT: Layout = { timeframe: '1m', slice: 'year', sliceRows: 1_000_000 };
const fileOf = (at: number, rows: number): TableFile => ({
  path: `${at}-${rows}`,
  bytes: rows,
  rows,
  first: T0 + at * MINUTE,
  last: T0 + (at + rows - 1) * MINUTE,
  sha256: 'x',
  added: 0,
});

test('by itself only what is small beside the rest is folded: a minute each is written a few times in a year, not each time', () => {
  let files: TableFile[] = [];
  let written = 0;
  const COMMITS = 20_000;
  for (let at = 0; at < COMMITS; at++) {
    files.push(fileOf(at, 1));
    const chosen = foldsOf(files, LAYOUT, 'small')
      .flat(2)
      .flatMap(fold => fold.files);
    if (chosen.length <= 50) continue;
    const rows = chosen.reduce((n, f) => n + f.rows, 0);
    files = [...files.filter(f => !chosen.includes(f)), fileOf(Math.min(...chosen.map(f => (f.first - T0) / MINUTE)), rows)];
    written += rows;
  }
  assert.ok(files.length < 100, `${files.length} files are left`);
  assert.ok(written < 12 * COMMITS, `each row was written ${written / COMMITS} times`);
});

test('files that reach over slices are folded together with all slices they touch', () => {
  const spanning = { ...fileOf(-10, 20), path: 'spanning' };
  const folds = foldsOf([fileOf(50, 5), spanning, fileOf(-90, 5)], LAYOUT, 'all');
  assert.deepEqual(
    folds.map(group => group.map(fold => fold.files.map(f => f.path).toSorted())),
    [
      [
        ['-90-5', 'spanning'],
        ['50-5', 'spanning'],
      ],
    ],
  );
});

test('a damaged input is refused by name, and nothing has changed', async t => {
  const store = await testStore(t);
  await appends(store, [5, 5]);
  const [file] = await filesOf(store);
  const path = join(store.house.root, idOf(SERIES), file?.path as string);
  const bytes = await readFile(path);
  bytes[40] = (bytes[40] as number) ^ 1;
  await writeFile(path, bytes);
  await assert.rejects(compact(store), error => isTapekeepError(error, 'FILE_DAMAGED'));
  assert.equal((await store.open(SERIES)).snapshot.version, 1);
});

/** A store whose frame work may be tampered with or held up. */
async function withFrames(t: TestContext, change: (frames: Frames) => Partial<Frames>): Promise<Store> {
  const frames = inlineFrames();
  return testStore(t, { frames: { ...frames, ...change(frames) } });
}

test('a file with other rows than the log counts, and rows lost on the way, are refused', async t => {
  const store = await withFrames(t, frames => ({
    compact: job => frames.compact({ ...job, folds: job.folds.map(f => ({ ...f, from: f.from, to: T0 + 7 * MINUTE })) }),
  }));
  await appends(store, [5, 5]);
  await assert.rejects(compact(store), error => isTapekeepError(error, 'COMPACTION_REFUSED'));
  assert.equal((await store.open(SERIES)).snapshot.version, 1);
});

test('C4: a load that commits meanwhile wins; what was folded is not folded again, and no row is lost', async t => {
  let folded = 0;
  let store: Store | undefined;
  store = await withFrames(t, frames => ({
    async compact(job) {
      folded++;
      const done = await frames.compact(job);
      for (let i = 0; i < 3; i++)
        await put(store as Store, bars(T0 + DAY + (folded * 10 + i) * MINUTE, 1), { load: `meanwhile-${folded}-${i}` });
      return done;
    },
  }));
  await appends(store, [5, 5, 5]);
  const done = await compact(store, { which: 'small' });
  assert.deepEqual([folded, done.version], [1, 6]);
  assert.equal((await rowsOf(store)).length, 18);
});

test('C4: a load that replaces bars of a file being folded wins, and its bars are the ones that are folded', async t => {
  let folded = 0;
  let store: Store | undefined;
  store = await withFrames(t, frames => ({
    async compact(job) {
      const done = await frames.compact(job);
      if (folded++ === 0) await put(store as Store, bars(T0, 5, { close: 777 }), { load: 'replacing' });
      return done;
    },
  }));
  await appends(store, [5, 5]);
  const done = await compact(store);
  assert.deepEqual([folded, done.version], [2, 3]);
  const rows = await rowsOf(store);
  assert.deepEqual(
    rows.map(r => r.close),
    [777, 777, 777, 777, 777, 101, 101, 101, 101, 101],
  );
  assert.equal((await filesOf(store)).length, 1);
});

test('what could be folded is told from the log alone', async t => {
  const store = await testStore(t);
  await appends(store, [30, 1, 1]);
  const table = await store.open(SERIES);
  assert.deepEqual([foldable(store.house, table, 'all'), foldable(store.house, table, 'small')], [3, 2]);
});

const printOf = (...parts: Bars[]): string => {
  const print = new RowPrint();
  for (const part of parts) print.add(frameOf(part));
  return print.text;
};

const valueArb = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
const barArb: fc.Arbitrary<Bar> = fc.record({
  ts: fc.integer({ min: 0, max: 1_000_000 }).map(n => n * MINUTE),
  open: valueArb,
  high: valueArb,
  low: valueArb,
  close: valueArb,
  volume: valueArb,
  turnover: valueArb,
  trades: fc.option(fc.maxSafeInteger(), { nil: null }),
  source: fc.constantFrom('a', 'b', 'ab', ''),
});

test('the print of rows does not depend on order or cut, and changes with any value of any row', () => {
  fc.assert(
    fc.property(fc.array(barArb, { minLength: 2, maxLength: 20 }), fc.nat(), fc.nat(), fc.nat(), (rows, a, b, c) => {
      const all = barsFrom(rows);
      const whole = printOf(all);
      const cut = 1 + (a % (rows.length - 1));
      const turned = takeBars(
        all,
        Array.from(rows.keys()).sort((x, y) => ((x * 7919 + b) % 101) - ((y * 7919 + b) % 101)),
      );
      const places = Array.from(rows.keys());
      assert.equal(printOf(turned), whole);
      assert.equal(printOf(takeBars(all, places.slice(cut)), takeBars(all, places.slice(0, cut))), whole);
      const names = ['ts', 'open', 'high', 'low', 'close', 'volume', 'turnover', 'trades', 'source'] as const;
      const name = names[c % names.length] as (typeof names)[number];
      const changed = rows.map((row, i) => (i === b % rows.length ? { ...row, [name]: otherThan(row[name] ?? null) } : row));
      assert.notEqual(printOf(barsFrom(changed)), whole, `${name} of a row was changed`);
      assert.notEqual(printOf(concatBars([all, takeBars(all, [0])])), whole, 'a row more');
    }),
    { numRuns: 60 },
  );
  assert.equal(toRows(ODD).length, 2);
});

const otherThan = (value: number | string | null): number | string => (typeof value === 'string' ? `${value}x` : value === 0 ? 1 : 0);
