import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isTapekeepError } from '../../src/model/errors.js';
import {
  barAtOrAfter,
  barStart,
  countBars,
  DAY,
  dateOf,
  HOUR,
  isIntraday,
  nextBar,
  nominalMs,
  parseTimeframe,
  TIMEFRAMES,
} from '../../src/model/timeframe.js';

const instant = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) });
const timeframe = fc.constantFrom(...TIMEFRAMES);

describe('a timeframe', () => {
  test('is read as people write it', () => {
    for (const tf of TIMEFRAMES) assert.equal(parseTimeframe(tf), tf);
    assert.equal(parseTimeframe('1H'), '1h');
    assert.equal(parseTimeframe('1D'), '1d');
    assert.equal(parseTimeframe('1MO'), '1mo');
  });

  test('of one big M is a month, never a minute', () => {
    assert.equal(parseTimeframe('1M'), '1mo');
    assert.equal(parseTimeframe('1m'), '1m');
    for (const text of ['3M', '5M', '15M'])
      assert.throws(
        () => parseTimeframe(text),
        e => isTapekeepError(e, 'TIMEFRAME_UNKNOWN'),
      );
  });

  test('that is none is refused by its code', () => {
    for (const text of ['', '2m', '1', 'm', '1y', ' 1m', '1m ', 'toString']) {
      assert.throws(
        () => parseTimeframe(text),
        e => isTapekeepError(e, 'TIMEFRAME_UNKNOWN') && e.permanent,
      );
    }
  });

  test('is within a day or not', () => {
    assert.deepEqual(
      TIMEFRAMES.filter(tf => !isIntraday(tf)),
      ['1d', '1w', '1mo'],
    );
  });
});

describe('the grid of bars', () => {
  test('every instant lies in exactly one bar', () => {
    fc.assert(
      fc.property(instant, timeframe, (ts, tf) => {
        const start = barStart(ts, tf);
        assert.ok(start <= ts && ts < nextBar(start, tf));
        assert.equal(barStart(start, tf), start);
        assert.equal(barStart(nextBar(start, tf), tf), nextBar(start, tf));
        assert.equal(barStart(nextBar(start, tf) - 1, tf), start);
      }),
    );
  });

  test('the bar at or after an instant is the first that does not open before it', () => {
    fc.assert(
      fc.property(instant, timeframe, (ts, tf) => {
        const start = barAtOrAfter(ts, tf);
        assert.ok(start >= ts && barStart(start, tf) === start && barStart(start - 1, tf) < ts);
      }),
    );
  });

  test('counting agrees with stepping from bar to bar', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -2, max: 70 }), fc.double({ min: 0, max: 1, noNaN: true }), timeframe, (from, n, part, tf) => {
        const to = Math.floor(from + (n + part) * nominalMs(tf));
        let stepped = 0;
        for (let ts = barAtOrAfter(from, tf); ts < to; ts = nextBar(ts, tf)) stepped++;
        assert.equal(countBars(from, to, tf), stepped);
      }),
    );
  });

  test('weeks begin on Monday and months on their first', () => {
    assert.equal(barStart(Date.UTC(2024, 2, 10, 23), '1w'), Date.UTC(2024, 2, 4));
    assert.equal(barStart(Date.UTC(2024, 1, 29, 12), '1mo'), Date.UTC(2024, 1, 1));
    assert.equal(nextBar(Date.UTC(2024, 11, 1), '1mo'), Date.UTC(2025, 0, 1));
    assert.equal(barStart(Date.UTC(2024, 0, 1, 23, 59), '8h'), Date.UTC(2024, 0, 1, 16));
    assert.equal(barAtOrAfter(Date.UTC(2024, 0, 1) + HOUR + 1, '1d'), Date.UTC(2024, 0, 2));
  });
});

test('the date of an instant is that of the calendar on the wall', () => {
  fc.assert(
    fc.property(instant, ts => {
      const date = new Date(ts);
      assert.deepEqual(dateOf(ts), { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
    }),
  );
  assert.deepEqual(dateOf(-DAY), { year: 1969, month: 12, day: 31 });
});
