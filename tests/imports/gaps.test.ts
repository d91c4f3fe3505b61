/** What a file lacks is counted over its stretches as over the whole, in whichever direction it runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gapsIn } from '../../src/activities/imports/gaps.js';
import { readCalendars } from '../../src/calendars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { NOTHING } from '../../src/model/coverage.js';
import { type GapCounts, type Place, plusGaps } from '../../src/model/import.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';

const T0 = Date.UTC(2024, 0, 2);
const facts = { calendar: CALENDAR_24_7, timeframe: '1m', holdings: NOTHING, finalBefore: Number.POSITIVE_INFINITY } as const;
const minutes = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => T0 + (from + i) * MINUTE);

function counted(stretches: readonly (readonly number[])[]): GapCounts {
  let before: Place | null = null;
  let sum: GapCounts = {};
  for (const ts of stretches) {
    sum = plusGaps(sum, gapsIn(Float64Array.from(ts), before, facts));
    before = { at: 0, line: 0, first: Math.min(...ts), last: Math.max(...ts) };
  }
  return sum;
}

test('a hole within a stretch, and one where two stretches meet, are counted once', () => {
  const rising = [minutes(0, 50), [...minutes(60, 80), ...minutes(85, 90)], minutes(90, 99)];
  assert.deepEqual(counted(rising), { missing: 15 });
  assert.deepEqual(counted(rising.map(ts => ts.toReversed()).toReversed()), { missing: 15 });
  assert.deepEqual(counted([minutes(0, 50), minutes(50, 90)]), {});
});

test('hours in which the market is closed are no gap', () => {
  const calendar = readCalendars({}).get('CMES');
  const opens = calendar.expected({ from: Date.UTC(2024, 0, 8), to: Date.UTC(2024, 0, 20) }, '1h');
  assert.deepEqual(gapsIn(opens, null, { ...facts, calendar, timeframe: '1h' }), {});
  const monday = Date.UTC(2024, 0, 8) + 5 * HOUR;
  assert.deepEqual(
    gapsIn(
      opens.filter(at => at !== monday),
      null,
      { ...facts, calendar, timeframe: '1h' },
    ),
    { missing: 1 },
  );
});
