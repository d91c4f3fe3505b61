import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bars, barsFrom, takeBars } from '../../src/model/bars.js';
import { KNOWN_RATIOS } from '../../src/model/ratios.js';
import { findRestatement } from '../../src/model/restatement.js';
import { DAY } from '../../src/model/timeframe.js';

const TICK = 0.01;
const FIRST = Date.UTC(2024, 0, 1);
const toTick = (price: number): number => Math.round(price / TICK) * TICK;

/** Daily bars near `price` that do not stand still. */
const days = (count: number, price = 120): Bars =>
  barsFrom(
    Array.from({ length: count }, (_, i) => {
      const close = price * (1 + 0.03 * Math.sin(i * 1.7));
      const open = price * (1 + 0.03 * Math.sin(i * 1.7 - 0.4));
      const prices = { open, high: Math.max(open, close) * 1.01, low: Math.min(open, close) * 0.99, close };
      return { ts: FIRST + i * DAY, ...rounded(prices), volume: 1000 + i, source: 'old' };
    }),
  );

const rounded = (prices: Record<'open' | 'high' | 'low' | 'close', number>) =>
  Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, toTick(price)]));

/** The same told anew: rows [from, to) times a ratio, all moved by noise and rounded to ticks. */
function retold(bars: Bars, ratio: number, { from = 0, to = bars.ts.length, noise = (_: number): number => 0 } = {}): Bars {
  const copy = takeBars(bars, [...bars.ts.keys()]);
  for (const column of ['open', 'high', 'low', 'close'] as const)
    for (let i = 0; i < copy.ts.length; i++) {
      const scaled = (copy[column][i] as number) * (i >= from && i < to ? ratio : 1);
      copy[column][i] = toTick(scaled * (1 + noise(i)));
    }
  return copy;
}

const find = (old: Bars, news: Bars, tick: number | null = TICK) => findRestatement(old, news, { tick });

for (const { ratio, kind, words } of KNOWN_RATIOS) {
  test(`a ${words} at the overlap is found by its ratio and its first date, whatever the noise`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 5, max: 20 }), fc.nat(1000), (from, length, seed) => {
        const old = days(30, ratio < 0.1 ? 4000 : 120);
        const noise = (i: number) => Math.sin(i * 12.9 + seed) * 0.001;
        const found = find(old, retold(old, ratio, { from, to: from + length, noise }));
        assert.deepEqual(
          [found?.kind, found?.ratio, found?.words, found?.from, found?.bars, found?.of],
          [kind, ratio, words, FIRST + from * DAY, length, 30],
        );
      }),
      { numRuns: 15 },
    );
  });
}

test('an overlap of two bars is enough when both stand in the ratio, one bar is not', () => {
  const old = days(2);
  assert.equal(find(old, retold(old, 0.25))?.words, 'split 4:1');
  assert.equal(find(old, retold(old, 0.25, { to: 1 })), undefined);
  assert.equal(find(days(1), retold(days(1), 0.25)), undefined);
});

test('the same bars, noise, and a revision of few bars are no restatement', () => {
  const old = days(30);
  assert.equal(find(old, old), undefined);
  assert.equal(find(old, retold(old, 1, { noise: i => Math.sin(i * 5) * 0.001 })), undefined);
  assert.equal(find(old, retold(old, 0.5, { from: 10, to: 13 })), undefined);
  assert.equal(find(old, retold(old, 1.07, { from: 3, to: 6 })), undefined);
});

test('revisions of any few bars, each by another amount, are none', () => {
  const some = fc.uniqueArray(fc.record({ row: fc.nat(29), by: fc.double({ min: 0.3, max: 3, noNaN: true }) }), {
    selector: r => r.row,
    maxLength: 4,
  });
  fc.assert(
    fc.property(some, revisions => {
      const old = days(30);
      const news = revisions.reduce((bars, { row, by }) => retold(bars, by, { from: row, to: row + 1 }), old);
      assert.equal(find(old, news), undefined);
    }),
    { numRuns: 60 },
  );
});

test('scattered bars in a ratio are no stretch in it', () => {
  const old = days(40);
  const news = [2, 9, 15, 21, 30, 38].reduce((bars, row) => retold(bars, 0.5, { from: row, to: row + 1 }), old);
  assert.equal(find(old, news), undefined);
});

test('prices of a few ticks, of which rounding leaves nothing, say nothing', () => {
  const old = days(30, 0.02);
  assert.equal(find(old, retold(old, 2 / 3))?.kind, undefined);
});

test('a constant ratio in no list is an adjustment: dividends were taken out', () => {
  const old = days(30);
  const found = find(old, retold(old, 0.9871, { to: 20 }));
  assert.equal(found?.kind, 'adjustment');
  assert.ok(Math.abs((found?.ratio ?? 0) - 0.9871) < 1e-4);
  assert.deepEqual([found?.from, found?.to, found?.bars], [FIRST, FIRST + 19 * DAY, 20]);
});

test('only bars of one time are compared, and only prices that both state', () => {
  const old = days(30);
  const news = retold(old, 0.5);
  assert.equal(find(takeBars(old, [0, 2, 4, 6, 8, 10, 12]), takeBars(news, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))?.bars, 5);
  assert.equal(find(takeBars(old, [0, 1, 2]), takeBars(news, [3, 4, 5])), undefined);
  news.open.fill(Number.NaN);
  assert.equal(find(old, news)?.bars, 30);
  for (const column of ['open', 'high', 'low', 'close'] as const) news[column].fill(Number.NaN);
  assert.equal(find(old, news), undefined);
});

test('without a known tick it still works', () => {
  assert.equal(find(days(30), retold(days(30), 0.1), null)?.words, 'split 10:1');
});
