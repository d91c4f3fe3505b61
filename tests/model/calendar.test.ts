import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CALENDAR_24_7 as calendar, countIn, expectedIn } from '../../src/model/calendar.js';
import { toSet } from '../../src/model/interval.js';
import { DAY, MINUTE, nominalMs, TIMEFRAMES } from '../../src/model/timeframe.js';

const MONDAY = Date.UTC(2024, 2, 4);
const instant = fc.integer({ min: MONDAY, max: MONDAY + 20 * DAY });
const timeframe = fc.constantFrom(...TIMEFRAMES.filter(tf => tf !== '1m' && tf !== '3m'));

describe('a market that never closes', () => {
  test('counts the bars that it lists', () => {
    fc.assert(
      fc.property(instant, instant, timeframe, (from, to, tf) => {
        const opens = calendar.expected({ from, to }, tf);
        assert.equal(calendar.count({ from, to }, tf), opens.length);
        assert.ok(opens.every((ts, i) => ts >= from && ts < to && (i === 0 || calendar.next(opens[i - 1] as number, tf) === ts)));
      }),
    );
  });

  test('next and previous are the neighbours of any instant', () => {
    fc.assert(
      fc.property(instant, timeframe, (ts, tf) => {
        assert.ok(calendar.next(ts, tf) > ts && calendar.previous(ts, tf) < ts);
        assert.ok(calendar.next(ts, tf) - calendar.previous(ts, tf) <= 2.1 * nominalMs(tf));
        assert.equal(calendar.previous(calendar.next(ts, tf), tf) <= ts, true);
      }),
    );
    assert.equal(calendar.next(MONDAY, '1d'), MONDAY + DAY);
    assert.equal(calendar.previous(MONDAY, '1d'), MONDAY - DAY);
    assert.equal(calendar.closeOf(MONDAY, '1w'), MONDAY + 7 * DAY);
  });

  test('has a session on every day, open from midnight to midnight', () => {
    const days = calendar.sessions({ from: MONDAY + 1, to: MONDAY + 3 * DAY });
    assert.deepEqual(
      days.map(d => d.date),
      [MONDAY + DAY, MONDAY + 2 * DAY],
    );
    assert.deepEqual(days[0]?.segments, [{ from: MONDAY + DAY, to: MONDAY + 2 * DAY }]);
    assert.deepEqual(calendar.open({ from: 5, to: 5 }, '1m'), []);
  });
});

test('what is expected in a set holds exactly the bars that open in it', () => {
  const set = fc.array(fc.record({ from: instant, to: instant }), { maxLength: 5 }).map(toSet);
  fc.assert(
    fc.property(set, timeframe, (wanted, tf) => {
      const expected = expectedIn(calendar, wanted, tf);
      const opens = (of: typeof wanted) => of.flatMap(i => [...calendar.expected(i, tf)]);
      assert.deepEqual(opens(expected), opens(wanted));
      assert.equal(countIn(calendar, expected, tf), opens(wanted).length);
    }),
  );
  assert.deepEqual(expectedIn(calendar, [{ from: MONDAY + 1, to: MONDAY + MINUTE }], '1m'), []);
});
