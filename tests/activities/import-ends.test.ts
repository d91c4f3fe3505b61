/** The ends of what an import reads: only bars that will be stored are shown, and told as the first and the last. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsOf } from '../../src/activities/imports/ends.js';
import { type Bars, barsFrom } from '../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { plusEnds } from '../../src/model/import.js';
import { HOUR } from '../../src/model/timeframe.js';

const FIRST = Date.UTC(2024, 0, 2);
const FACTS = { calendar: CALENDAR_24_7, timeframe: '1h', mayBeNegative: false } as const;

/** A bar each hour; a price of zero where there is none. */
const hours = (closes: readonly number[], from = 0): Bars =>
  barsFrom(
    closes.map((close, i) => ({ ts: FIRST + (from + i) * HOUR, open: close, high: close, low: close, close, volume: 1, source: 'x' })),
  );

const told = (bars: Bars, facts: Parameters<typeof endsOf>[1] = FACTS) => {
  const { first, last, head, tail } = endsOf(bars, facts);
  return [first, last, head[0]?.ts ?? null, tail.at(-1)?.ts ?? null].map(at => (at === null ? null : (at - FIRST) / HOUR));
};

test('rows whose prices cannot be are no end of a file, wherever they stand', () => {
  assert.deepEqual(told(hours([5, 5, 5, 5])), [0, 3, 0, 3]);
  assert.deepEqual(told(hours([0, 5, 5, 5, 0, 0, 0])), [1, 3, 1, 3]);
  const { head } = endsOf(hours([5, 0, 6, 7, 8, 9]), FACTS);
  assert.deepEqual(
    head.map(bar => bar.close),
    [5, 6, 7],
  );
});

test('where prices may be below zero such rows are bars like others', () => {
  assert.deepEqual(told(hours([-5, 5, -5]), { ...FACTS, mayBeNegative: true }), [0, 2, 0, 2]);
});

test('flat rows without volume of a closed market are no end, and flat rows of an open one are', () => {
  const flat = barsFrom(
    [0, 1, 2].map(i => ({ ts: FIRST + i * HOUR, open: 5, high: 5, low: 5, close: 5, volume: i === 0 ? 0 : 1, source: 'x' })),
  );
  assert.deepEqual(told(flat), [0, 2, 0, 2]);
  const closedAtFirst = { ...CALENDAR_24_7, count: (within: { from: number }) => (within.from === FIRST ? 0 : 1) };
  assert.deepEqual(told(flat, { ...FACTS, calendar: closedAtFirst }), [1, 2, 1, 2]);
});

test('a falling file has its newest row first, and its ends are those in time', () => {
  const falling = barsFrom([2, 1, 0].map(i => ({ ts: FIRST + i * HOUR, open: 5, high: 5, low: 5, close: 5, volume: 1, source: 'x' })));
  assert.deepEqual(told(falling), [0, 2, 2, 0]);
});

test('stretches add up, and one without any bar that can be stored adds nothing', () => {
  const nothing = endsOf(hours([0, 0]), FACTS);
  assert.deepEqual(nothing, { first: null, last: null, head: [], tail: [] });
  const both = plusEnds(plusEnds(endsOf(hours([5, 5]), FACTS), endsOf(hours([6, 6], 10), FACTS)), nothing);
  assert.deepEqual([both.first, both.last], [FIRST, FIRST + 11 * HOUR]);
  assert.deepEqual([both.head[0]?.close, both.tail.at(-1)?.close], [5, 6]);
});
