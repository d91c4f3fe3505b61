/** What is stored, read by a program: frames and batches, at the series' timeframe and coarser ones, without a daemon. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import pl from 'nodejs-polars';
import { FIRST, randomWalk } from '../../bench/store/random-walk.js';
import { open, type Tapekeep, TapekeepError } from '../../src/client/index.js';
import { type Bar, type Bars, barsFrom, concatBars, countOf, sliceBars, takeBars, toRows } from '../../src/model/bars.js';
import { type Basis, CRYPTO_BASIS, idOf, type Series } from '../../src/model/series.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import type { Store } from '../../src/store/index.js';
import { put, SERIES, testStore } from '../store/fixture.js';

const NAMED = { symbol: SERIES.symbol, timeframe: '1m' };
const code = (expected: string) => (error: unknown) => error instanceof TapekeepError && error.code === expected;

async function scene(t: TestContext): Promise<{ store: Store; tk: Tapekeep }> {
  const store = await testStore(t);
  const tk = await open({ env: {}, set: { data: store.house.root } });
  t.after(() => tk.close());
  return { store, tk };
}

const gathered = async (batches: AsyncIterable<Bars>): Promise<Bars[]> => {
  const all: Bars[] = [];
  for await (const bars of batches) all.push(bars);
  return all;
};
const filesOf = async (store: Store): Promise<string[]> =>
  [...(await store.open(SERIES)).snapshot.files.keys()].map(name => join(store.house.root, idOf(SERIES), name));

async function flipABit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(file, bytes);
}

test('a lazy frame holds the interval, the columns and the version that are named', async t => {
  const { store, tk } = await scene(t);
  await put(store, randomWalk(3000), { batch: 0 });
  await put(store, randomWalk(500, 3000), { batch: 1 });
  const lazy = await tk.read(NAMED, { from: FIRST + HOUR, to: new Date(FIRST + 3 * HOUR) }, { columns: ['ts', 'close'] });
  const frame = await lazy.filter(pl.col('close').gt(0)).collect();
  assert.deepEqual([frame.height, frame.columns], [120, ['ts', 'close']]);
  const heightAt = async (asOf?: number | string | Date) =>
    (await (await tk.read(NAMED, {}, asOf === undefined ? {} : { asOf })).collect()).height;
  assert.deepEqual([await heightAt(), await heightAt(1), await heightAt(0)], [3500, 3500, 3000]);
  const since = (await tk.history(NAMED))[0]?.commitInfo?.timestamp as number;
  assert.deepEqual([await heightAt(new Date(since)), await heightAt(new Date(since).toISOString())], [3500, 3500]);
  await assert.rejects(tk.read(NAMED, {}, { asOf: 7 }), code('VERSION_UNKNOWN'));
  await assert.rejects(tk.read(NAMED, {}, { columns: ['price' as 'close'] }), code('USAGE'));
});

test('B7: a flipped bit is never served: not as a frame, not in a batch, not in a coarser bar', async t => {
  const { store, tk } = await scene(t);
  await put(store, randomWalk(3000), { batch: 0 });
  await put(store, randomWalk(500, 3000), { batch: 1 });
  await flipABit((await filesOf(store))[1] as string);
  await assert.rejects(tk.read(NAMED), code('FILE_DAMAGED'));
  await assert.rejects(tk.read(NAMED, {}, { timeframe: '1h' }), code('FILE_DAMAGED'));
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const bars of tk.iterate(NAMED, {}, { batch: 1000 })) seen.push(countOf(bars));
  }, code('FILE_DAMAGED'));
  assert.deepEqual(seen, [1000, 1000, 1000], 'what comes before the damage is whole');
});

test('only the files that hold the interval are read', async t => {
  const { store, tk } = await scene(t);
  for (let i = 0; i < 4; i++) await put(store, randomWalk(1440, i * 1440), { batch: i });
  const files = await filesOf(store);
  for (const i of [0, 3]) await rm(files[i] as string);
  const span = { from: FIRST + DAY, to: FIRST + 3 * DAY };
  assert.equal((await (await tk.read(NAMED, span)).collect()).height, 2880);
  assert.equal((await gathered(tk.iterate(NAMED, span))).length, 1);
  await assert.rejects(tk.read(NAMED), code('FILE_MISSING'));
});

test('batches are of the size that was asked for, follow each other, and hold each bar once, whatever the files', async t => {
  const { store, tk } = await scene(t);
  const all = randomWalk(5000);
  const rows = Array.from(all.ts.keys());
  await put(
    store,
    takeBars(
      all,
      rows.filter(i => i % 3 === 0),
    ),
    { batch: 0 },
  );
  await put(
    store,
    takeBars(
      all,
      rows.filter(i => i % 3 !== 0),
    ),
    { batch: 1, answered: [{ from: FIRST, to: FIRST + 5 * DAY }] },
  );
  for (const batch of [700, 5000, 100_000]) {
    const batches = await gathered(tk.iterate(NAMED, {}, { batch }));
    assert.ok(batches.every(bars => countOf(bars) > 0 && countOf(bars) <= batch));
    assert.deepEqual(toRows(concatBars(batches)), toRows(all));
  }
  await assert.rejects(gathered(tk.iterate(NAMED, {}, { batch: 0 })), code('USAGE'));
});

test('hours made of minutes of a market that never closes are those that polars makes', async t => {
  const { store, tk } = await scene(t);
  const all = randomWalk(20_000);
  const holes = Array.from(all.ts.keys()).filter(i => i % 7 !== 3 && !(i > 5000 && i < 5300));
  await put(store, takeBars(all, holes), { answered: [{ from: FIRST, to: FIRST + 20_000 * MINUTE }] });
  const minutes = await (await tk.read(NAMED)).collect();
  const col = (name: string) => pl.col(name);
  const polars = minutes
    .groupByDynamic({ indexColumn: 'ts', every: '1h' })
    .agg(
      col('open').first(),
      col('high').max(),
      col('low').min(),
      col('close').last(),
      col('volume').sum(),
      col('turnover').sum(),
      col('trades').sum(),
    );
  const hours = await (await tk.read(NAMED, {}, { timeframe: '1h' })).collect();
  const whole = polars.head(hours.height);
  assert.equal(polars.height - hours.height, 1, 'the last hour is not over: 20,000 minutes end within it');
  for (const name of ['ts', 'open', 'high', 'low', 'close', 'trades'])
    assert.deepEqual(hours.getColumn(name).toArray(), whole.getColumn(name).toArray(), name);
  for (const name of ['volume', 'turnover']) {
    const sums = whole.getColumn(name).toArray() as number[];
    (hours.getColumn(name).toArray() as number[]).forEach((sum, i) => {
      assert.ok(Math.abs(sum - (sums[i] as number)) <= 1e-9 * sum, `${name} ${i}`);
    });
  }
  const inBatches = concatBars(await gathered(tk.iterate(NAMED, {}, { timeframe: '1h', batch: 10 })));
  assert.deepEqual([...inBatches.close], hours.getColumn('close').toArray());
});

test('a coarser bar of which a part was never asked for is left out; one whose minutes did not trade is not', async t => {
  const { store, tk } = await scene(t);
  const day = Date.UTC(2024, 0, 1);
  const minute = (at: number): Bar => ({ ts: day + at * MINUTE, open: 1, high: 2, low: 1, close: 2, volume: 1, source: 'a' });
  const hourly = async (within = {}) =>
    (await gathered(tk.iterate(NAMED, within, { timeframe: '1h' }))).flatMap(bars => [...bars.ts].map(ts => (ts - day) / HOUR));
  // The hours 0, 1 (one minute of it traded) and 2 were asked for, of hour 3 a half, hour 4 not at all, hour 5 whole.
  const asked = [
    { from: day, to: day + 3.5 * HOUR },
    { from: day + 5 * HOUR, to: day + 6 * HOUR },
  ];
  await put(store, barsFrom([0, 1, 60, 130, 190, 301, 302].map(minute)), { answered: asked });
  assert.deepEqual(await hourly(), [0, 1, 2, 5]);
  assert.deepEqual(await hourly({ from: day + 1, to: day + 5 * HOUR }), [1, 2]);
  assert.deepEqual(await hourly({ from: day + 5 * HOUR, to: day + 5 * HOUR + 1 }), [5]);
  assert.deepEqual(await gathered(tk.iterate(NAMED, {}, { timeframe: '1d' })), []);
});

test('the first day of a listing is whole, although nobody could ask for what was before', async t => {
  const { store, tk } = await scene(t);
  const day = Date.UTC(2024, 0, 1);
  const news = randomWalk(20 * 60);
  news.ts.forEach((_, i) => {
    news.ts[i] = day + 4 * HOUR + i * MINUTE;
  });
  const absence = { verdict: 'empty', asked: ['a'], attempts: 1, firstAsked: 0, lastAsked: 0, evidence: 'listing', next: null } as const;
  await put(store, news, { absences: [{ ...absence, from: day - DAY, to: day + 4 * HOUR, reason: 'before_listing' }] });
  const days = await (await tk.read(NAMED, {}, { timeframe: '1d' })).collect();
  assert.equal(days.height, 1);
  assert.equal(days.getColumn('open').get(0), news.open[0]);
});

test('bars of a market are made by its sessions: a day is a session, hours count from its open, and weeks are made of days', async t => {
  const { store, tk } = await scene(t);
  const series: Series = { dataset: 'main', assetClass: 'stock', symbol: 'ACME', timeframe: '1m' };
  const basis: Basis = { ...CRYPTO_BASIS, session: 'regular', volumeUnit: 'shares' };
  const minute = (text: string): Bar => ({ ts: Date.parse(text), open: 1, high: 2, low: 1, close: 2, volume: 1, source: 'a' });
  const rows = [
    '2024-01-02T14:30Z',
    '2024-01-02T15:29Z',
    '2024-01-02T15:30Z',
    '2024-01-02T20:59Z',
    '2024-01-02T21:30Z',
    '2024-01-03T14:30Z',
  ];
  await put(store, barsFrom(rows.map(minute)), {
    series,
    basis,
    calendar: { name: 'XNYS', version: '1' },
    answered: [{ from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 6) }],
  });
  const made = async (timeframe: string) =>
    (await gathered(tk.iterate({ symbol: 'ACME', timeframe: '1m' }, {}, { timeframe })))
      .flatMap(toRows)
      .map(({ ts, volume }) => `${new Date(ts).toISOString().slice(0, 16)} ${volume}`);
  assert.deepEqual(await made('1h'), ['2024-01-02T14:30 2', '2024-01-02T15:30 1', '2024-01-02T20:30 1', '2024-01-03T14:30 1']);
  assert.deepEqual(await made('1d'), ['2024-01-02T00:00 4', '2024-01-03T00:00 1']);
  assert.deepEqual(await made('1w'), ['2024-01-01T00:00 5']);
  assert.deepEqual(await made('1mo'), [], 'of January only a week was asked for');
  await assert.rejects(made('7h'), code('TIMEFRAME_UNKNOWN'));
});

test('a finer timeframe than the series has is refused', async t => {
  const { store, tk } = await scene(t);
  await put(store, sliceBars(randomWalk(10), 0, 10));
  await assert.rejects(tk.getOhlcv(SERIES.symbol, '1m', FIRST, FIRST + HOUR, { madeOf: '5m', load: 'never' }), code('USAGE'));
});
