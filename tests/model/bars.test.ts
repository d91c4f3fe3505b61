import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bar, barsFrom, concatBars, countOf, emptyBars, sliceBars, takeBars, toRows } from '../../src/model/bars.js';

const bar = (ts: number, source: string, more: Partial<Bar> = {}): Bar => ({
  ts,
  source,
  open: 1.5,
  high: 2,
  low: 1,
  close: 1.75,
  volume: 10,
  turnover: 16,
  trades: 3,
  ...more,
});
const ROWS = [bar(0, 'a'), bar(1, 'b', { volume: null, trades: null }), bar(2, 'a', { close: 1 }), bar(3, 'c')];

test('rows become columns and rows again; what is not stated stays so', () => {
  assert.deepEqual(toRows(barsFrom(ROWS)), ROWS);
  assert.ok(Number.isNaN(barsFrom(ROWS).volume[1]));
  assert.deepEqual(toRows(barsFrom([{ ts: 5, source: 'x' }])), [
    { ts: 5, source: 'x', open: null, high: null, low: null, close: null, volume: null, turnover: null, trades: null },
  ]);
});

test('new columns state nothing', () => {
  assert.equal(countOf(emptyBars()), 0);
  assert.ok(emptyBars(3, ['a']).close.every(Number.isNaN));
});

test('bars are taken in the order asked for, also twice', () => {
  assert.deepEqual(toRows(takeBars(barsFrom(ROWS), [3, 0, 0])), [ROWS[3], ROWS[0], ROWS[0]]);
});

test('a slice is a view on the same numbers', () => {
  const bars = barsFrom(ROWS);
  const middle = sliceBars(bars, 1, 3);
  assert.deepEqual(toRows(middle), ROWS.slice(1, 3));
  assert.equal(middle.close.buffer, bars.close.buffer);
});

test('parts from different sources are joined, each bar with its own source', () => {
  const joined = concatBars([barsFrom(ROWS.slice(1, 2)), emptyBars(0, ['z']), barsFrom(ROWS.slice(2))]);
  assert.deepEqual(toRows(joined), ROWS.slice(1));
  assert.equal(countOf(concatBars([])), 0);
});
