import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';
import { opensIn } from '../../src/providers/known.js';
import { EXTENDED } from './extended.js';
import { XNYS } from './xnys.js';

const FRIDAY = Date.UTC(2024, 2, 8);
/** Independence Day, a Thursday. */
const HOLIDAY = Date.UTC(2024, 6, 4);
const opens = (timeframe: Timeframe, ts: number, calendar = XNYS): boolean =>
  opensIn({ symbol: 'ACME', timeframe, interval: { from: 0, to: Number.MAX_SAFE_INTEGER }, calendar })(ts);

describe('whether a bar may open at an instant', () => {
  test('where the calendar has one', () => {
    assert.ok(opens('1m', FRIDAY + 14.5 * HOUR) && opens('1h', FRIDAY + 14.5 * HOUR) && opens('1d', FRIDAY));
    assert.ok(opens('1m', FRIDAY + 9 * HOUR, EXTENDED) && opens('1h', FRIDAY + 14 * HOUR, EXTENDED));
  });

  test('not beside the grid of a session, and not in the hours before or after it', () => {
    assert.ok(!opens('1m', FRIDAY + 14.5 * HOUR + 7_000) && !opens('1h', FRIDAY + 15 * HOUR) && !opens('1d', FRIDAY + 5 * HOUR));
    for (let at = FRIDAY + 9 * HOUR; at < FRIDAY + 14.5 * HOUR; at += 30 * MINUTE) assert.ok(!opens('1m', at));
    for (let at = FRIDAY + 21 * HOUR; at < FRIDAY + 25 * HOUR; at += 30 * MINUTE) assert.ok(!opens('1m', at));
    for (let at = FRIDAY + HOUR; at < FRIDAY + 9 * HOUR; at += 30 * MINUTE) assert.ok(!opens('1m', at, EXTENDED));
  });

  test('on a closed day it may: that can be the fault of the calendar, which is judged later', () => {
    assert.ok(opens('1d', HOLIDAY) && opens('1m', HOLIDAY + 15 * HOUR) && opens('1m', HOLIDAY + 15 * HOUR, EXTENDED));
    assert.ok(!opens('1m', HOLIDAY + 15 * HOUR + 7_000) && !opens('1d', HOLIDAY + 4 * HOUR));
  });
});
