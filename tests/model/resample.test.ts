/** Coarser bars: of every market and timeframe, against a model that looks each bar up by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { type Bar, barsFrom, toRows } from '../../src/model/bars.js';
import { CALENDAR_24_7, type Calendar, type MarketCalendar } from '../../src/model/calendar.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { hull, type Interval, interval } from '../../src/model/interval.js';
import { resample } from '../../src/model/resample.js';
import { checkCoarser, partialIn, slotsFor, slotsOf, spanFor } from '../../src/model/slots.js';
import { barStart, DAY, HOUR, isIntraday, MINUTE, TIMEFRAMES, type Timeframe } from '../../src/model/timeframe.js';

const calendars = readCalendars();
const views = (['segment', 'clock', 'day'] as const).flatMap(anchor =>
  (['regular', 'extended'] as const).map(session => ({ anchor, session })),
);
/** By name and view: a calendar itself would fill the screen when a property fails. */
const market = fc.constantFrom(...calendars.all.map(c => c.name));
const anyCalendar = fc.oneof(fc.constant(undefined), fc.record({ name: market, view: fc.constantFrom(...views) }));
type Chosen = { readonly name: string; readonly view: (typeof views)[number] } | undefined;
const calendarOf = (chosen: Chosen): Calendar => (chosen ? calendars.get(chosen.name).as(chosen.view) : CALENDAR_24_7);
const nests = (finer: Timeframe, coarser: Timeframe): boolean => {
  try {
    checkCoarser(finer, coarser);
    return true;
  } catch {
    return false;
  }
};
const START = Date.UTC(2015, 0, 1);
const anyDay = fc.integer({ min: 0, max: 3_000 }).map(day => START + day * DAY);

/** What one bar says, or nothing about some of it. */
const value = fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: null, freq: 12 });
const said = fc.record({
  open: value,
  high: value,
  low: value,
  close: value,
  volume: value,
  turnover: value,
  trades: value,
  source: fc.constantFrom('a', 'a', 'a', 'b', 'c'),
});
const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 5 * 1440 }), { maxLength: 200 });

/** Which coarser bar holds a minute: the last one that the calendar opens at or before it, in the same session or a session that it runs on into. */
function stampOf(calendar: Calendar, ts: number, to: Timeframe): number | undefined {
  const sessions = calendar.sessions(interval(ts - 3 * DAY, ts + 3 * DAY)).map(s => ({ date: s.date, ...(hull(s.segments) as Interval) }));
  const prints = 'as' in calendar ? (calendar as MarketCalendar).as({ session: 'extended' }).accepted(interval(ts, ts + 1)) : [];
  const session = sessions.findLast(s => s.from <= ts && (ts < s.to || prints.length > 0));
  if (!session) return undefined;
  return isIntraday(to) ? calendar.previous(ts + 1, to) : barStart(session.date, to);
}

/** The same bars with plain objects: one list of bars for each stamp. */
function model(bars: readonly Bar[], stampFor: (ts: number) => number | undefined): Bar[] {
  const groups = new Map<number, Bar[]>();
  for (const bar of bars) {
    const stamp = stampFor(bar.ts);
    if (stamp !== undefined) groups.set(stamp, [...(groups.get(stamp) ?? []), bar]);
  }
  return [...groups].map(([ts, group]) => {
    const all = (name: 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover' | 'trades') => group.map(b => b[name] as number | null);
    const over = (name: Parameters<typeof all>[0], fold: (values: number[]) => number) =>
      all(name).includes(null) ? null : fold(all(name) as number[]);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    return {
      ts,
      source: [...new Set(group.map(b => b.source))].join('+'),
      open: all('open')[0] ?? null,
      high: over('high', values => Math.max(...values)),
      low: over('low', values => Math.min(...values)),
      close: all('close').at(-1) ?? null,
      volume: over('volume', sum),
      turnover: over('turnover', sum),
      trades: over('trades', sum),
    };
  });
}

const rowsAt = (first: number, at: readonly number[], step: number, rows: readonly Omit<Bar, 'ts'>[]): Bar[] =>
  [...at].sort((a, b) => a - b).map((m, i) => ({ ...(rows[i % rows.length] as Omit<Bar, 'ts'>), ts: first + m * step }) as Bar);
const someRows = fc.array(said, { minLength: 1, maxLength: 20 });

test('minutes make the bars that a plain model makes, in any market, view and timeframe', () => {
  fc.assert(
    fc.property(anyCalendar, anyDay, minutes, someRows, fc.constantFrom(...TIMEFRAMES), (chosen, day, at, rows, to) => {
      const calendar = calendarOf(chosen);
      const bars = rowsAt(day, at, MINUTE, rows);
      const slots = slotsOf(calendar, '1m', to, interval(day, day + 6 * DAY));
      const { bars: made, first, outside } = resample(barsFrom(bars), slots);
      assert.deepEqual(
        toRows(made),
        model(bars, ts => stampOf(calendar, ts, to)),
      );
      assert.equal(outside, bars.filter(b => stampOf(calendar, b.ts, to) === undefined).length);
      assert.equal(first.length, made.ts.length + 1);
    }),
    { numRuns: 400 },
  );
});

test('days make weeks from Monday and months by their dates, whatever the calendar says', () => {
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 120 });
  fc.assert(
    fc.property(anyCalendar, anyDay, days, someRows, fc.constantFrom('1w' as const, '1mo' as const), (chosen, day, at, rows, to) => {
      const calendar = calendarOf(chosen);
      const bars = rowsAt(day, at, DAY, rows);
      const { bars: made, outside } = resample(barsFrom(bars), slotsOf(calendar, '1d', to, interval(day, day + 401 * DAY)));
      assert.deepEqual(
        toRows(made),
        model(bars, ts => barStart(ts, to)),
      );
      assert.equal(outside, 0);
    }),
  );
});

test('bars made step by step are those made at once', () => {
  const steps = (['1m', '5m', '1h', '1d', '1w'] as const).map(tf => tf as Timeframe);
  fc.assert(
    fc.property(market, fc.constantFrom(...views), anyDay, minutes, someRows, (name, view, day, at, rows) => {
      const calendar = calendars.get(name).as(view);
      const within = interval(day - 40 * DAY, day + 40 * DAY);
      const bars = barsFrom(
        rowsAt(
          day,
          at,
          MINUTE,
          rows.map(row => ({ ...row, source: 'a' })),
        ),
      );
      let stepped = bars;
      for (const [i, to] of steps.slice(1).entries())
        stepped = resample(stepped, slotsOf(calendar, steps[i] as Timeframe, to, within)).bars;
      assert.deepEqual(toRows(stepped), toRows(resample(bars, slotsOf(calendar, '1m', '1w', within)).bars));
    }),
    { numRuns: 400 },
  );
});

test('the bars stamped in an interval are made of the time that is named for them, and of no other', () => {
  fc.assert(
    fc.property(anyCalendar, anyDay, minutes, someRows, fc.constantFrom(...TIMEFRAMES), fc.nat(4000), (chosen, day, at, rows, to, cut) => {
      const calendar = calendarOf(chosen);
      const bars = rowsAt(day, at, MINUTE, rows);
      const wanted = interval(day + cut * MINUTE, day + 4 * DAY);
      const slots = slotsFor(calendar, '1m', to, wanted);
      const { from, to: end } = spanFor(calendar, '1m', to, wanted);
      const part = resample(barsFrom(bars.filter(b => b.ts >= from && b.ts < end)), slots).bars;
      const all = toRows(resample(barsFrom(bars), slotsOf(calendar, '1m', to, interval(day, day + 6 * DAY))).bars);
      assert.deepEqual(
        toRows(part),
        all.filter(b => b.ts >= wanted.from && b.ts < wanted.to),
      );
    }),
    { numRuns: 200 },
  );
});

test('a bar is partial when time that was expected was never asked for', () => {
  const day = Date.UTC(2024, 0, 2);
  const slots = slotsFor(CALENDAR_24_7, '1m', '1h', interval(day, day + 4 * HOUR));
  assert.deepEqual([...partialIn(slots, [interval(day + 59 * MINUTE, day + HOUR)])], [day]);
  assert.deepEqual([...partialIn(slots, [interval(day + HOUR - 1, day + 2 * HOUR + 1)])], [day, day + HOUR, day + 2 * HOUR]);
  assert.deepEqual([...partialIn(slots, [interval(day - HOUR, day), interval(day + 4 * HOUR, day + 5 * HOUR)])], []);
});

test('an Asian and a New York session belong to their dates, and the closing auction to its day', () => {
  const at = (text: string, volume: number) => ({ ts: Date.parse(text), close: 1, volume, source: 'a' });
  const daysOf = (name: string, rows: readonly Bar[]) => {
    const slots = slotsOf(calendars.get(name), '1m', '1d', interval((rows[0] as Bar).ts, (rows.at(-1) as Bar).ts + MINUTE));
    return toRows(resample(barsFrom(rows), slots).bars).map(b => [new Date(b.ts).toISOString().slice(0, 10), b.volume]);
  };
  assert.deepEqual(daysOf('XASX', [at('2024-01-01T23:05Z', 1), at('2024-01-02T05:11Z', 2), at('2024-01-02T23:05Z', 4)]), [
    ['2024-01-02', 3],
    ['2024-01-03', 4],
  ]);
  assert.deepEqual(daysOf('XNYS', [at('2024-01-02T14:30Z', 1), at('2024-01-02T20:59Z', 2), at('2024-01-02T21:30Z', 4)]), [
    ['2024-01-02', 3],
  ]);
});

test('a bar by the clock that begins before a session and reaches into it is part of its day', () => {
  const clock = calendars.get('XNYS').as({ anchor: 'clock' });
  const hours = [13, 14, 15, 20, 21].map((hour, i) => ({ ts: Date.UTC(2024, 0, 2, hour), close: 1, volume: 10 ** i, source: 'a' }));
  const first = (coarser: Timeframe) =>
    toRows(resample(barsFrom(hours), slotsOf(clock, '1h', coarser, interval(Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 3)))).bars)[0];
  assert.deepEqual([first('1d')?.ts, first('1d')?.volume], [Date.UTC(2024, 0, 2), 1110]);
  assert.deepEqual([first('2h')?.ts, first('2h')?.volume], [Date.UTC(2024, 0, 2, 13), 10]);
  const { from } = spanFor(clock, '1h', '1d', interval(Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 3)));
  assert.equal(new Date(from).toISOString(), '2024-01-02T14:00:00.000Z');
});

test('no bar is cut in two', () => {
  assert.deepEqual(
    TIMEFRAMES.map(from => [from, TIMEFRAMES.filter(to => to !== from && nests(from, to)).join(' ')]),
    [
      ['1m', '3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
      ['3m', '15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
      ['5m', '15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
      ['15m', '30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
      ['30m', '1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
      ['1h', '2h 4h 6h 8h 12h 1d 1w 1mo'],
      ['2h', '4h 6h 8h 12h 1d 1w 1mo'],
      ['4h', '8h 12h 1d 1w 1mo'],
      ['6h', '12h 1d 1w 1mo'],
      ['8h', '1d 1w 1mo'],
      ['12h', '1d 1w 1mo'],
      ['1d', '1w 1mo'],
      ['1w', ''],
      ['1mo', ''],
    ],
  );
  assert.throws(
    () => checkCoarser('1h', '5m'),
    error => isTapekeepError(error, 'USAGE') && /5m cannot be made of bars of 1h/.test(error.message),
  );
});
