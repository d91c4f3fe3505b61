/** What new bars must pass on their way in: the gate, quarantine, restatement, and the quality that a version counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bars, barsFrom } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import type { Market } from '../../src/model/market.js';
import { idOf } from '../../src/model/series.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { quarantinePath, readNamed, readQuality } from '../../src/store/log/named.js';
import { bars, NOON, put, SERIES, T0, testStore } from './fixture.js';

const MARKET: Market = { calendar: null, tick: 0.01, mayBeNegative: false, statesVolume: true };

/** Bars that move, so that no two runs of them are alike. */
const walk = (first: number, count: number, factor = 1): Bars =>
  barsFrom(
    Array.from({ length: count }, (_, i) => {
      const close = (100 + Math.sin(i / 7) + (i % 5) / 10) * factor;
      return { ts: first + i * MINUTE, open: close, high: close + factor, low: close - factor, close, volume: 3, source: 'test' };
    }),
  );

const spoilt = (whole: Bars, rows: readonly number[]): Bars => {
  for (const row of rows) whole.high[row] = (whole.low[row] as number) - 1;
  return whole;
};

test('a few bars that cannot be right are kept beside the table with their reason, counted, absent, and asked for again', async t => {
  const store = await testStore(t);
  await put(store, spoilt(walk(T0, 200), [7, 90]), { market: MARKET, provider: 'sim' });
  const table = await store.open(SERIES);
  const facts = (await store.history(SERIES, 1))[0]?.commitInfo?.tapekeep;
  assert.deepEqual([facts?.counts.offered, facts?.counts.added, facts?.counts.quarantined], [200, 198, 2]);
  assert.equal((await store.read(table)).height, 198);
  const named = facts?.lineage.quarantine;
  assert.equal(named?.rows, 2);
  const file = quarantinePath(idOf(SERIES), named?.sha256 as string);
  const lines = (await readNamed(store.house.objects, file, named?.sha256 as string))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.deepEqual(
    lines.map(l => [l.ts, l.reason, l.source, l.values[4]]),
    [
      [T0 + 7 * MINUTE, 'nonsense', 'test', 3],
      [T0 + 90 * MINUTE, 'nonsense', 'test', 3],
    ],
  );
  assert.match(lines[0].says, /high/);
  assert.deepEqual(
    table.holdings.ledger.map(a => [a.from, a.to, a.reason, a.next]),
    [7, 90].map(row => [T0 + row * MINUTE, T0 + (row + 1) * MINUTE, 'refused', NOON + DAY]),
  );
});

test('a bar that was set aside and comes right takes its place, and its absence is gone', async t => {
  const store = await testStore(t);
  await put(store, spoilt(walk(T0, 200), [7]), { market: MARKET });
  await put(store, walk(T0, 200), { market: MARKET, load: 'again' });
  const table = await store.open(SERIES);
  assert.equal((await store.read(table)).height, 200);
  assert.deepEqual(table.holdings.ledger, []);
});

test('too many of them and the whole is refused; the table is as it was', async t => {
  const store = await testStore(t);
  await put(store, walk(T0, 100), { market: MARKET });
  const bad = spoilt(
    walk(T0 + 100 * MINUTE, 100),
    Array.from({ length: 20 }, (_, i) => 5 * i),
  );
  await assert.rejects(
    put(store, bad, { market: MARKET, load: 'bad' }),
    e => isTapekeepError(e, 'CANDIDATE_REFUSED') && /20 of 100/.test(e.message),
  );
  assert.equal((await store.open(SERIES)).snapshot.version, 0);
});

test('bars of another length than asked for are refused, whoever sent them', async t => {
  const store = await testStore(t);
  const hourly = bars(T0, 48, { step: HOUR });
  await assert.rejects(
    put(store, hourly, { market: MARKET }),
    e => isTapekeepError(e, 'CANDIDATE_REFUSED') && /60 minutes apart/.test(e.message),
  );
});

for (const [what, factor, words] of [
  ['a 2:1 split', 0.5, /2/],
  ['a unit a hundred times as large', 100, /100/],
] as const) {
  test(`${what} at the overlap of old and new bars stops the commit, and the finding names ratio and date`, async t => {
    const store = await testStore(t);
    await put(store, walk(T0, 300), { market: MARKET });
    const restated = walk(T0, 300, factor);
    const late = barsFrom(
      Array.from({ length: 120 }, (_, i) => ({
        ts: T0 + (250 + i) * MINUTE,
        open: (restated.open[(250 + i) % 300] as number) ?? 1,
        high: restated.high[(250 + i) % 300] as number,
        low: restated.low[(250 + i) % 300] as number,
        close: restated.close[(250 + i) % 300] as number,
        volume: 3,
        source: 'test',
      })),
    );
    await assert.rejects(put(store, late, { market: MARKET, load: 'late' }), error => {
      assert.ok(isTapekeepError(error, 'RESTATED'), String(error));
      assert.match(String(error.facts.words), words);
      assert.equal(error.facts.ratio, factor);
      assert.equal(error.facts.from, '2024-01-01');
      return true;
    });
    assert.equal((await store.open(SERIES)).snapshot.version, 0);
  });
}

test('a few revised bars are no restatement: the newer values stand, and the older version keeps the others', async t => {
  const store = await testStore(t);
  await put(store, walk(T0, 300), { market: MARKET });
  const revised = walk(T0, 300);
  for (const row of [290, 295, 299]) revised.close[row] = (revised.close[row] as number) + 0.37;
  await put(store, revised, { market: MARKET, load: 'later' });
  const facts = (await store.history(SERIES, 1))[0]?.commitInfo?.tapekeep;
  assert.deepEqual([facts?.counts.replaced, facts?.counts.unchanged, facts?.counts.compared], [3, 297, 300]);
});

test('a reload takes the place of all that is there in one version, whatever its measure; the old version stays', async t => {
  const store = await testStore(t);
  await put(store, walk(T0, 200), { market: MARKET });
  await put(store, walk(T0 + 200 * MINUTE, 100), { market: MARKET, load: 'b' });
  await put(store, walk(T0, 300, 0.5), { market: MARKET, load: 'anew', anew: true });
  const table = await store.open(SERIES);
  assert.deepEqual([table.snapshot.version, table.snapshot.files.size], [2, 1]);
  const halved = (await store.read(table)).getColumn('close').toArray() as number[];
  assert.deepEqual(halved, [...walk(T0, 300, 0.5).close]);
  assert.equal((await store.history(SERIES, 1))[0]?.commitInfo?.operationParameters.change, 'reload');
  assert.equal((await store.read(await store.open(SERIES, 1))).height, 300);
});

test('a reload that brings less than is there takes nothing away', async t => {
  const store = await testStore(t);
  await put(store, walk(T0, 300), { market: MARKET });
  const answered = [{ from: T0, to: T0 + 300 * MINUTE }];
  for (const [news, change] of [
    [walk(T0, 200), { answered }],
    [walk(T0 + 100 * MINUTE, 200), {}],
  ] as const) {
    await assert.rejects(put(store, news, { market: MARKET, load: 'less', anew: true, ...change }), e =>
      isTapekeepError(e, 'RELOAD_INCOMPLETE'),
    );
  }
  assert.equal((await store.open(SERIES)).snapshot.version, 0);
});

test('a version counts the quality of the sessions it touched, and they add up to the whole', async t => {
  const store = await testStore(t);
  await put(store, walk(T0, 1440), { market: MARKET });
  const day2 = walk(T0 + DAY, 1440);
  day2.close[700] = (day2.close[700] as number) + 40;
  day2.high[700] = (day2.close[700] as number) + 1;
  await put(store, day2, { market: MARKET, load: 'two' });
  const id = idOf(SERIES);
  const [second, first] = await store.history(SERIES);
  const of = async (entry: typeof first) => {
    const named = entry?.commitInfo?.tapekeep?.lineage.quality;
    assert.ok(named);
    return { named, sessions: await readQuality(store.house.objects, id, named) };
  };
  const [one, two] = [await of(first), await of(second)];
  assert.deepEqual(
    [...one.sessions, ...two.sessions].map(s => [s.date, s.expected, s.present, s.spikes]),
    [
      [T0, 1440, 1440, 0],
      [T0 + DAY, 1440, 1440, 1],
    ],
  );
  assert.deepEqual([one.named.sum.rows, two.named.sum.spikes], [1440, 1]);
});
