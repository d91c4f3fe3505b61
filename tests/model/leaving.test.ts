import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { type IntervalSet, interval } from '../../src/model/interval.js';
import { leavingOf } from '../../src/model/leaving.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { XNYS } from '../providers/xnys.js';

const NOW = Date.UTC(2024, 2, 20, 12);
const DEPTH = 30 * DAY;
const days = (from: number, to: number) => interval(NOW - from * DAY, NOW - to * DAY);
const leaving = (coverage: IntervalSet, more: Partial<Parameters<typeof leavingOf>[0]> = {}) =>
  leavingOf({ calendar: CALENDAR_24_7, timeframe: '1m', coverage, depthMs: DEPTH, now: NOW, ...more });

test('minutes that are lacking are told of a week before the source lets them go, and no sooner', () => {
  assert.equal(leaving([days(40, 22)]), null);
  assert.deepEqual(leaving([days(40, 23)]), { bars: 720, first: NOW - 23 * DAY, until: NOW + 7 * DAY });
  assert.deepEqual(leaving([days(40, 29)]), { bars: 9_360, first: NOW - 29 * DAY, until: NOW + DAY });
});

test('a hole in the midst counts as well as a tail; what is beyond the depth is lost already', () => {
  assert.deepEqual(leaving([days(40, 26), days(25, 0)]), { bars: 1_440, first: NOW - 26 * DAY, until: NOW + 4 * DAY });
  assert.equal(leaving([days(40, 38), days(31, 0)]), null);
  assert.deepEqual(leaving([days(40, 35), days(29, 0)]), { bars: 1_440, first: NOW - 30 * DAY, until: NOW });
});

test('nothing is lost of what was never wanted, nor where a source reaches to the listing', () => {
  assert.equal(leaving([days(20, 0)]), null);
  assert.equal(leaving([]), null);
  assert.equal(leaving([days(40, 25)], { depthMs: undefined }), null);
});

test('time in which the market is closed is no loss', () => {
  const saturday = Date.UTC(2024, 1, 24);
  const lacking = [interval(saturday - 20 * DAY, saturday), interval(saturday + 2 * DAY, NOW)];
  assert.equal(leaving(lacking, { calendar: XNYS }), null);
  const monday = [interval(saturday - 20 * DAY, saturday), interval(saturday + 3 * DAY, NOW)];
  const opens = saturday + 2 * DAY + 14 * HOUR + 30 * MINUTE;
  assert.deepEqual(leaving(monday, { calendar: XNYS }), { bars: 390, first: opens, until: opens + DEPTH });
});
