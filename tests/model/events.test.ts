import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsFrom, toRows } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { type AdjustFacts, adjust, factorsOf, type MarketEvent, mergeEvents } from '../../src/model/events.js';
import { DAY } from '../../src/model/timeframe.js';

const D0 = Date.UTC(2024, 0, 1);
const day = (n: number): number => D0 + n * DAY;
const split = (n: number, ratio: number, source = 'one'): MarketEvent => ({ kind: 'split', date: day(n), ratio, source });
const dividend = (n: number, amount: number, currency = 'USD', source = 'one'): MarketEvent => ({
  kind: 'dividend',
  date: day(n),
  amount,
  currency,
  source,
});

/** Ten days at 100, until a change of the number of shares. */
const bars = (closes: readonly number[]) =>
  barsFrom(
    closes.map((close, i) => ({
      ts: day(i),
      source: 'x',
      open: close,
      high: close + 1,
      low: close - 1,
      close,
      volume: 1_000,
      turnover: 5,
      trades: 7,
    })),
  );

const facts = (closes: readonly number[], change: Partial<AdjustFacts> = {}): AdjustFacts => ({
  startOf: date => date,
  closeBefore: date => closes[(date - D0) / DAY - 1],
  currency: 'USD',
  splitAdjusted: false,
  ...change,
});
const closesOf = (
  events: readonly MarketEvent[],
  how: 'split' | 'dividend',
  closes: readonly number[],
  change: Partial<AdjustFacts> = {},
) => Array.from(adjust(bars(closes), factorsOf(events, how, facts(closes, change))).close, c => Math.round(c * 1e9) / 1e9);

test('before a split prices are divided and volumes multiplied by its ratio; money and trades stay', () => {
  const closes = [100, 100, 25, 25];
  const rows = toRows(adjust(bars(closes), factorsOf([split(2, 4)], 'split', facts(closes))));
  assert.deepEqual(rows[1], {
    ts: day(1),
    source: 'x',
    open: 25,
    high: 25.25,
    low: 24.75,
    close: 25,
    volume: 4_000,
    turnover: 5,
    trades: 7,
  });
  assert.deepEqual(rows[2], toRows(bars(closes))[2]);
});

test('several splits multiply, a reverse one divides', () => {
  assert.deepEqual(closesOf([split(1, 2), split(3, 0.1)], 'split', [80, 40, 40, 400]), [400, 400, 400, 400]);
});

test('a dividend takes its share out of all prices before it, and each earlier one out of those before that', () => {
  assert.deepEqual(closesOf([dividend(1, 10), dividend(3, 9)], 'dividend', [100, 90, 90, 81]), [81, 81, 81, 81]);
  assert.deepEqual(closesOf([dividend(1, 10), dividend(3, 9)], 'split', [100, 90, 90, 81]), [100, 90, 90, 81], 'only when it is asked for');
});

test('a dividend before a split is for a share of its own day; on the same day for a new one', () => {
  assert.deepEqual(closesOf([dividend(1, 10), split(2, 2)], 'dividend', [100, 90, 45]), [45, 45, 45]);
  assert.deepEqual(closesOf([dividend(1, 5), split(1, 2)], 'dividend', [100, 45]), [45, 45]);
});

test('prices that have splits in them are not split again, and dividends are measured by their day', () => {
  assert.deepEqual(closesOf([split(2, 2)], 'split', [50, 50, 50], { splitAdjusted: true }), [50, 50, 50]);
  assert.deepEqual(closesOf([dividend(1, 10), split(2, 2)], 'dividend', [50, 45, 45], { splitAdjusted: true }), [45, 45, 45]);
});

test('pence and pounds are told apart; other currencies are refused', () => {
  assert.deepEqual(closesOf([dividend(1, 0.1, 'GBP')], 'dividend', [100, 90], { currency: 'GBX' }), [90, 90]);
  assert.deepEqual(closesOf([dividend(1, 10, 'GBX')], 'dividend', [1, 0.9], { currency: 'GBP' }), [0.9, 0.9]);
  assert.deepEqual(
    closesOf([dividend(1, 10, 'EUR')], 'dividend', [100, 90], { currency: null }),
    [90, 90],
    'where nothing is known of the prices',
  );
  const refused = (e: unknown) =>
    isTapekeepError(e, 'EVENTS_INVALID') && /2024-01-02: a dividend in EUR cannot be taken out of prices in USD/.test(e.message);
  assert.throws(() => closesOf([dividend(1, 10, 'EUR')], 'dividend', [100, 90]), refused);
  assert.throws(() => closesOf([dividend(1, 100)], 'dividend', [100, 90]), /is not below the close before it/);
});

test('what is not stated stays so, and nothing is changed in place', () => {
  const own = bars([100, 25]);
  own.open[0] = Number.NaN;
  own.volume[0] = Number.NaN;
  const out = adjust(own, factorsOf([split(1, 4)], 'split', facts([100, 25])));
  assert.deepEqual([out.open[0], out.volume[0], out.close[0]], [Number.NaN, Number.NaN, 25]);
  assert.equal(own.close[0], 100);
  assert.equal(adjust(own, factorsOf([split(0, 4)], 'split', facts([100, 25]))), own, 'no event lies behind its first bar');
});

test('bars that are read in parts are adjusted alike', () => {
  const closes = [100, 50, 50, 45, 45];
  const factors = factorsOf([split(1, 2), dividend(3, 5)], 'dividend', facts(closes));
  const whole = adjust(bars(closes), factors).close;
  const parts = [0, 1, 2, 3, 4].map(i => adjust(barsFrom(toRows(bars(closes)).slice(i, i + 1)), factors).close[0]);
  assert.deepEqual(parts, Array.from(whole));
});

test('of two that tell the same event the newer counts, but what a person said stays', () => {
  const told = mergeEvents([split(2, 4), dividend(1, 3, 'USD', 'hand')], [split(2, 5, 'two'), dividend(1, 4), dividend(0, 1)]);
  assert.deepEqual(told, [dividend(0, 1), dividend(1, 3, 'USD', 'hand'), split(2, 5, 'two')]);
  assert.deepEqual(mergeEvents(told, [dividend(1, 2, 'USD', 'hand')])[1], dividend(1, 2, 'USD', 'hand'));
  assert.deepEqual(mergeEvents([], [dividend(2, 1), split(2, 2)]), [split(2, 2), dividend(2, 1)]);
});
