/** What holds for every market, in every view, at any time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { countIn, expectedIn, finalUntil, isZone, openFrom, zoneOf } from '../../src/model/calendar.js';
import { toSet, totalMs } from '../../src/model/interval.js';
import { DAY, HOUR, isIntraday, MINUTE, TIMEFRAMES, WEEK } from '../../src/model/timeframe.js';

const calendars = readCalendars();
const session = fc.constantFrom('regular' as const, 'extended' as const);
const anchor = fc.constantFrom('segment' as const, 'day' as const, 'clock' as const);
const anyCalendar = fc.record({ of: fc.constantFrom(...calendars.all), session, anchor }).map(({ of, ...view }) => of.as(view));
const segmented = fc.record({ of: fc.constantFrom(...calendars.all), session }).map(({ of, session }) => of.as({ session }));
const timeframe = fc.constantFrom(...TIMEFRAMES);
const START = Date.UTC(1999, 0, 1);
const instant = fc.integer({ min: 0, max: (29 * 365 * DAY) / MINUTE }).map(m => START + m * MINUTE);
const length = fc.integer({ min: 0, max: (40 * DAY) / MINUTE }).map(m => m * MINUTE);
const range = fc.tuple(instant, length, fc.integer({ min: -1, max: 1 })).map(([from, ms, off]) => ({ from: from + off, to: from + ms }));

describe('sessions', () => {
  test('are ordered, apart, and inside their day', () => {
    fc.assert(
      fc.property(segmented, range, (calendar, within) => {
        const sessions = calendar.sessions(within);
        const zone = zoneOf(calendar.timezone);
        sessions.forEach((s, i) => {
          const before = sessions[i - 1];
          assert.ok(!before || (before.date < s.date && (before.segments.at(-1)?.to ?? 0) <= (s.segments[0]?.from ?? 0)));
          assert.ok(s.date % DAY === 0 && s.date >= within.from && s.date < within.to);
          s.segments.forEach((g, j) => {
            assert.ok(g.from < g.to && (j === 0 || (s.segments[j - 1]?.to ?? 0) <= g.from));
            assert.ok(zone.toLocal(g.from) >= s.date - DAY && zone.toLocal(g.to) <= s.date + DAY);
          });
          assert.equal(calendar.sessionAt(s.segments[0]?.from ?? 0)?.date, s.date);
          assert.equal(calendar.sessionAt((s.segments.at(-1)?.to ?? 0) - 1)?.date, s.date);
        });
      }),
    );
  });

  test('hold exactly the minutes that are expected', () => {
    fc.assert(
      fc.property(segmented, fc.integer({ min: 0, max: 9_000 }), (calendar, day) => {
        const from = START + day * DAY;
        const own = calendar.sessions({ from: from - 3 * DAY, to: from + 10 * DAY }).flatMap(s => s.segments);
        const inside = own.map(s => ({ from: Math.max(s.from, from), to: Math.min(s.to, from + WEEK) }));
        assert.equal(calendar.count({ from, to: from + WEEK }, '1m'), totalMs(toSet(inside)) / MINUTE);
      }),
    );
  });
});

describe('bars', () => {
  test('are counted as they are listed, in order, each once', () => {
    fc.assert(
      fc.property(anyCalendar, range, timeframe, (calendar, within, tf) => {
        const list = calendar.expected(within, tf);
        assert.equal(calendar.count(within, tf), list.length);
        assert.ok(list.every((ts, i) => ts >= within.from && ts < within.to && (i === 0 || ts > (list[i - 1] as number))));
      }),
    );
  });

  test('of a range are those of its parts, wherever it is cut', () => {
    fc.assert(
      fc.property(anyCalendar, range, timeframe, fc.double({ min: 0, max: 1, noNaN: true }), (calendar, { from, to }, tf, share) => {
        const cut = Math.floor(from + (to - from) * share);
        const whole = calendar.count({ from, to }, tf);
        assert.equal(calendar.count({ from, to: cut }, tf) + calendar.count({ from: cut, to }, tf), whole);
      }),
    );
  });

  test('follow each other: next and previous undo each other and skip none', () => {
    fc.assert(
      fc.property(anyCalendar, instant, timeframe, (calendar, ts, tf) => {
        const next = calendar.next(ts, tf);
        const previous = calendar.previous(next, tf);
        assert.ok(previous <= ts && ts < next);
        assert.equal(calendar.next(previous, tf), next);
        assert.equal(calendar.count({ from: previous + 1, to: next }, tf), 0);
        assert.equal(openFrom(calendar, next, tf), next);
      }),
    );
  });

  test('close after they open, and not after the next one of their kind opens', () => {
    fc.assert(
      fc.property(anyCalendar, instant, timeframe, (calendar, ts, tf) => {
        const bar = calendar.next(ts, tf);
        const close = calendar.closeOf(bar, tf);
        assert.ok(close > bar);
        if (isIntraday(tf)) assert.ok(close <= calendar.next(bar, tf));
        assert.equal(finalUntil(calendar, close, tf) > bar, true);
        if (isIntraday(tf)) assert.equal(finalUntil(calendar, close - 1, tf), bar);
      }),
    );
  });

  test('of a set are those of what is expected in it', () => {
    fc.assert(
      fc.property(anyCalendar, fc.array(range, { maxLength: 3 }).map(toSet), timeframe, (calendar, set, tf) => {
        const expected = expectedIn(calendar, set, tf);
        assert.equal(countIn(calendar, expected, tf), countIn(calendar, set, tf));
        assert.deepEqual(expectedIn(calendar, expected, tf), expected);
      }),
      { numRuns: 60 },
    );
  });

  test('an endless range is a finite amount of work', () => {
    const calendar = calendars.get('XNYS');
    assert.ok(calendar.count({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }, '1d') > 70_000);
    assert.equal(calendar.next(Date.UTC(2250, 0, 1), '1m'), Number.POSITIVE_INFINITY);
    assert.equal(calendar.previous(Date.UTC(1850, 0, 1), '1m'), Number.NEGATIVE_INFINITY);
    assert.equal(calendar.count({ from: 5, to: 5 }, '1m'), 0);
  });
});

describe('the change of clocks', () => {
  const minutes = (name: string, date: string) => {
    const calendar = calendars.get(name);
    const [session] = calendar.sessions({ from: Date.parse(date), to: Date.parse(date) + 1 });
    return session ? session.segments.reduce((n, s) => n + calendar.count(s, '1m'), 0) : 0;
  };

  test('changes no minutes of a session', () => {
    for (const week of ['2024-03-04', '2024-03-11', '2024-10-28', '2024-11-04', '2007-03-12', '2006-04-03']) {
      for (let day = 0; day < 5; day++) {
        const date = new Date(Date.parse(week) + day * DAY).toISOString().slice(0, 10);
        assert.equal(minutes('XNYS', date), 390, date);
        if (date > '2021') assert.equal(minutes('CMES', date), 1380, date);
      }
    }
  });

  test('moves London and New York apart for two or three weeks in March', () => {
    const apart = (date: string) => {
      const opens = ['XLON', 'XNYS'].map(
        n => calendars.get(n).sessions({ from: Date.parse(date), to: Date.parse(date) + 1 })[0]?.segments[0]?.from ?? 0,
      );
      return ((opens[1] as number) - (opens[0] as number)) / HOUR;
    };
    assert.equal(apart('2024-03-08'), 6.5);
    assert.equal(apart('2024-03-11'), 5.5);
    assert.equal(apart('2024-03-28'), 5.5);
    assert.equal(apart('2024-04-02'), 6.5);
    assert.equal(apart('2024-10-28'), 5.5);
    assert.equal(apart('2024-11-04'), 6.5);
  });

  test('an hour that the clock skips is read by the clock before, one that it shows twice is the first', () => {
    const zone = zoneOf('America/New_York');
    assert.equal(zone.toUtc(Date.parse('2024-03-10T02:30Z')), Date.parse('2024-03-10T07:30Z'));
    assert.equal(zone.toUtc(Date.parse('2024-11-03T01:30Z')), Date.parse('2024-11-03T05:30Z'));
    assert.equal(zone.offsetAt(Date.parse('2024-03-10T06:59:59Z')), -5 * HOUR);
    assert.equal(zone.offsetAt(Date.parse('2024-03-10T07:00:00Z')), -4 * HOUR);
  });

  test('a zone has a name and no offset', () => {
    assert.ok(isZone('Europe/Berlin') && isZone('UTC'));
    for (const wrong of ['Mars/Olympus', '+05:00', '', 'Europe/Berlim']) assert.ok(!isZone(wrong), wrong);
  });
});
