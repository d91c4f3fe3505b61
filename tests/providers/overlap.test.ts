import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bars, barsFrom } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { interval } from '../../src/model/interval.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import { createOverlaps, endOf } from '../../src/providers/overlap.js';
import type { Ask } from '../../src/providers/provider.js';
import { XNYS } from './xnys.js';

const bars = (from: number, ...closes: number[]): Bars =>
  barsFrom(closes.map((close, i) => ({ ts: (from + i) * MINUTE, open: close, high: close, low: close, close, volume: 1, source: 'x' })));
const window = (from: number, to: number) => ({ from: from * MINUTE, to: to * MINUTE });
const ask = (): Ask => ({ symbol: 'ACME', timeframe: '1m', interval: window(0, 9) });
const disagree = (e: unknown) => isTapekeepError(e, 'PAGES_DISAGREE');

test('D9: a window begins with the bar that the one before it told beyond its end, as it was', () => {
  const overlaps = createOverlaps('x');
  const one = ask();
  overlaps(one, window(0, 2), bars(0, 1, 2, 3));
  overlaps(one, window(2, 4), bars(2, 3, 4, 5));
  assert.throws(() => overlaps(one, window(4, 6), bars(4, 6)), disagree);
});

test('D9: a bar that is not there any more is a disagreement; one that nobody told is none', () => {
  const overlaps = createOverlaps('x');
  const one = ask();
  overlaps(one, window(0, 2), bars(0, 1, 2, 3));
  assert.throws(() => overlaps(one, window(2, 4), bars(3, 4)), disagree);
  const other = ask();
  overlaps(other, window(0, 2), bars(0, 1));
  overlaps(other, window(2, 4), bars(3, 4));
});

test('D13: an answer that tells nothing of what lies beyond its window settles only what its rows reach', () => {
  const end = (lastRow: number | undefined, reach = 12): number =>
    endOf(ask(), window(0, 9), reach * MINUTE, lastRow === undefined ? undefined : lastRow * MINUTE) / MINUTE;
  assert.deepEqual([end(9), end(11)], [9, 9], 'it told of what lies beyond');
  assert.deepEqual([end(4), end(8)], [5, 9], 'it may have been cut');
  assert.deepEqual([end(undefined), end(-3)], [9, 9], 'without a row in the window it says that there is none');
  assert.equal(end(4, 9), 9, 'nothing beyond was asked for');
  const night = { ...ask(), calendar: XNYS };
  assert.equal(endOf(night, interval(0, HOUR), 2 * HOUR, 4 * MINUTE), HOUR, 'nothing was expected there');
});

test('asks do not know of each other', () => {
  const overlaps = createOverlaps('x');
  overlaps(ask(), window(0, 2), bars(0, 1, 2, 3));
  overlaps(ask(), window(2, 4), bars(2, 9));
});
