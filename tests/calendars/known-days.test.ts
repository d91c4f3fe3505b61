/** Days that calendars get wrong, as the exchanges had them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { type MarketCalendar, zoneOf } from '../../src/model/calendar.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';

const calendars = readCalendars();
const dateOf = (text: string): number => Date.parse(`${text}T00:00Z`);
const day = (text: string) => ({ from: dateOf(text), to: dateOf(text) + DAY });

/** A session as the wall clock had it: "09:30-16:00", "-1d 17:00-16:00" when it opened the evening before, "closed". */
function hours(name: string, date: string): string {
  const calendar = calendars.get(name);
  const [session] = calendar.sessions(day(date));
  if (!session) return 'closed';
  const clock = (at: number) => {
    const local = zoneOf(calendar.timezone).toLocal(at);
    return `${local < session.date ? '-1d ' : ''}${new Date(local).toISOString().slice(11, 16)}`;
  };
  return session.segments.map(s => `${clock(s.from)}-${clock(s.to)}`).join(' ');
}

const KNOWN: readonly [calendar: string, date: string, hours: string, why: string][] = [
  ['XNYS', '2001-09-10', '09:30-16:00', 'the day before'],
  ['XNYS', '2001-09-11', 'closed', 'attacks'],
  ['XNYS', '2001-09-14', 'closed', 'attacks'],
  ['XNYS', '2001-09-17', '09:33-16:00', 'reopened after a silence'],
  ['CMES', '2001-09-12', 'closed', 'attacks'],
  ['CMES', '2001-09-14', 'closed', 'attacks'],
  ['XTSE', '2001-09-12', 'closed', 'attacks'],
  ['XTSE', '2001-09-13', '09:30-16:00', 'Toronto came back first'],
  ['XNYS', '2012-10-29', 'closed', 'hurricane'],
  ['XNYS', '2012-10-30', 'closed', 'hurricane'],
  ['CMES', '2012-10-29', '-1d 17:00-08:15', 'hurricane'],
  ['XNYS', '2025-01-09', 'closed', 'day of mourning'],
  ['CMES', '2025-01-09', '-1d 17:00-08:30', 'day of mourning'],
  ['XNYS', '2024-11-29', '09:30-13:00', 'the day after Thanksgiving'],
  ['XTKS', '2020-10-01', 'closed', 'outage of the whole day'],
  ['XTKS', '2024-11-01', '09:00-11:30 12:30-15:00', 'the last day of the old hours'],
  ['XTKS', '2024-11-05', '09:00-11:30 12:30-15:30', 'the first day of the new ones'],
  ['XTKS', '1998-05-06', '09:00-11:00 12:30-15:00', 'an ordinary Wednesday then'],
  ['XTKS', '2008-12-30', '09:00-11:00', 'the last day of the year: morning only'],
  ['XHKG', '2021-06-28', '13:30-16:00', 'black rain'],
  ['XHKG', '2023-09-01', 'closed', 'typhoon'],
  ['XHKG', '2023-09-08', 'closed', 'black rain'],
  ['XHKG', '2024-12-24', '09:30-12:00', 'a half day has no lunch'],
  ['XHKG', '2011-03-04', '10:00-12:30 14:30-16:00', 'before the reform'],
  ['XHKG', '2011-03-07', '09:30-12:00 13:30-16:00', 'its first phase'],
  ['XHKG', '2012-03-05', '09:30-12:00 13:00-16:00', 'its second'],
  ['XASX', '2020-11-16', '10:00-16:00', 'an outage does not change the session'],
  ['CMES', '2025-11-28', '-1d 17:00-12:15', 'neither does that of a data centre'],
  ['CMES', '2023-04-07', '-1d 17:00-08:15', 'Good Friday with a US jobs report'],
  ['CMES', '2024-03-29', 'closed', 'Good Friday without one'],
  ['CME_FX', '2010-04-02', '-1d 17:00-10:15', 'Good Friday with one'],
  ['CMES', '2013-06-03', '-1d 17:00-15:15 15:30-16:15', 'the afternoon pause'],
  ['CMES', '2021-06-25', '-1d 17:00-15:15 15:30-16:00', 'its last day'],
  ['CMES', '2021-06-28', '-1d 17:00-16:00', 'and gone'],
  ['FOREX', '2024-12-25', '-1d 17:00-17:00', 'some trade at Christmas'],
  ['FOREX', '2024-11-02', 'closed', 'Saturday'],
  ['XLON', '2022-09-19', 'closed', 'a state funeral'],
  ['XETR', '2003-10-31', '09:00-20:00', 'the last day of evening trading'],
  ['XETR', '2003-11-03', '09:00-17:30', 'and without'],
];

for (const [calendar, date, expected, why] of KNOWN)
  test(`${calendar} ${date} ${expected} (${why})`, () => assert.equal(hours(calendar, date), expected));

const marksOn = (calendar: MarketCalendar, date: string) =>
  calendar.sessions(day(date)).flatMap(s => s.segments.flatMap(i => calendar.marks(i)));
const minutesOf = (marks: readonly { from: number; to: number }[]): number => marks.reduce((n, m) => n + (m.to - m.from) / MINUTE, 0);

describe('what may be missing without a fault', () => {
  test('a halt keeps its minutes in the grid and excuses them', () => {
    const calendar = calendars.get('XNYS');
    const halts = marksOn(calendar, '2020-03-09').filter(m => m.kind === 'halted');
    assert.equal(calendar.count(day('2020-03-09'), '1m'), 390);
    assert.deepEqual(halts, [
      { from: Date.parse('2020-03-09T13:34Z'), to: Date.parse('2020-03-09T13:49Z'), kind: 'halted', why: 'market-wide circuit breaker' },
    ]);
  });

  test('an outage excuses what is left of its session, and no more', () => {
    assert.equal(minutesOf(marksOn(calendars.get('XASX'), '2020-11-16').filter(m => m.kind === 'halted')), 336);
    const outage = marksOn(calendars.get('CMES'), '2025-11-28').filter(m => m.kind === 'halted');
    assert.equal(minutesOf(outage), 646);
  });

  test('auctions, the change of day and the holidays of others are optional', () => {
    const optional = (name: string, date: string) => minutesOf(marksOn(calendars.get(name), date).filter(m => m.kind === 'optional'));
    assert.equal(optional('XETR', '2024-11-05'), 5);
    assert.equal(optional('XETR', '2003-10-31'), 0);
    assert.equal(optional('XASX', '2024-11-05'), 10);
    assert.equal(optional('FOREX', '2024-11-05'), 10);
    assert.ok(optional('FOREX', '2024-12-25') >= 1440);
  });

  test('thin hours are optional, and only they', () => {
    const wide = calendars.get('XNYS').as({ session: 'extended' });
    assert.equal(minutesOf(marksOn(wide, '2024-11-05')), 330 + 240);
    assert.equal(minutesOf(marksOn(wide, '2024-11-29')), 330 + 240);
  });

  test('the closing auction may print after the close', () => {
    const { from } = day('2024-11-05');
    assert.deepEqual(calendars.get('XASX').accepted({ from, to: from + DAY }), [
      { from: from + 5 * HOUR, to: from + 5 * HOUR + 12 * MINUTE },
    ]);
    const regular = calendars.get('XNYS').accepted({ from, to: from + DAY });
    assert.equal(minutesOf(regular), 60 + 330 + 180, 'the tail of the evening before, the morning, the evening until midnight UTC');
  });
});

describe('the hours a source counts', () => {
  const bars = (name: string, date: string, anchor: 'segment' | 'day' | 'clock', timeframe: '1h' | '2h' | '4h' = '1h') => {
    const calendar = calendars.get(name).as({ anchor });
    const [session] = calendar.sessions(day(date));
    const from = (session?.segments[0]?.from ?? 0) - 4 * HOUR;
    const list = [...calendar.expected({ from, to: session?.segments.at(-1)?.to ?? 0 }, timeframe)];
    return list.map(ts => new Date(zoneOf(calendar.timezone).toLocal(ts)).toISOString().slice(11, 16)).join(' ');
  };

  test('begin anew with each segment, and the last may be short', () => {
    assert.equal(bars('XNYS', '2024-11-05', 'segment'), '09:30 10:30 11:30 12:30 13:30 14:30 15:30');
    assert.equal(bars('XTKS', '2024-11-01', 'segment'), '09:00 10:00 11:00 12:30 13:30 14:30');
    const calendar = calendars.get('XTKS');
    assert.equal(calendar.closeOf(Date.parse('2024-11-05T02:00Z'), '1h'), Date.parse('2024-11-05T02:30Z'));
    assert.equal(calendar.closeOf(Date.parse('2024-11-05T03:30Z'), '1h'), Date.parse('2024-11-05T04:30Z'));
  });

  test('or run on from the first open, or lie on the clock', () => {
    assert.equal(bars('XTKS', '2024-11-01', 'day'), '09:00 10:00 11:00 12:00 13:00 14:00');
    assert.equal(bars('XNYS', '2024-11-05', 'clock'), '09:00 10:00 11:00 12:00 13:00 14:00 15:00');
    assert.equal(bars('XTKS', '2024-11-01', 'clock', '2h'), '08:00 10:00 12:00 14:00');
    const calendar = calendars.get('XTKS').as({ anchor: 'day' });
    assert.equal(calendar.closeOf(Date.parse('2024-11-01T02:00Z'), '1h'), Date.parse('2024-11-01T02:30Z'), 'over when the lunch begins');
  });

  test('a bar on the clock that two sessions share is one bar', () => {
    const clock = calendars.get('FOREX').as({ anchor: 'clock' });
    const list = clock.expected({ from: dateOf('2024-11-05'), to: dateOf('2024-11-08') }, '4h');
    assert.equal(new Set(list).size, list.length);
    assert.equal(list.length, 18);
  });

  test('extended hours are three segments', () => {
    const wide = calendars.get('XNYS').as({ session: 'extended' });
    assert.equal(wide.sessions(day('2024-11-05'))[0]?.segments.length, 3);
    assert.equal(wide.count({ from: dateOf('2024-11-05') + 5 * HOUR, to: dateOf('2024-11-06') + 5 * HOUR }, '1m'), 960);
    assert.equal(
      wide.count({ from: dateOf('2024-11-29') + 5 * HOUR, to: dateOf('2024-11-30') + 5 * HOUR }, '1m'),
      780,
      'a half day ends at 17:00',
    );
    assert.equal(calendars.get('XLON').as({ session: 'extended' }).count(day('2024-11-05'), '1m'), 510, 'London has none');
  });
});

describe('days, weeks and months', () => {
  const xnys = calendars.get('XNYS');

  test('are stamped with their date, their Monday, their first', () => {
    assert.deepEqual(
      [...xnys.expected({ from: dateOf('2024-11-28'), to: dateOf('2024-12-03') }, '1d')],
      [dateOf('2024-11-29'), dateOf('2024-12-02')],
    );
    assert.equal(xnys.next(dateOf('2024-11-26'), '1w'), dateOf('2024-12-02'));
    assert.equal(xnys.previous(dateOf('2024-11-26'), '1w'), dateOf('2024-11-25'));
    assert.equal(xnys.next(dateOf('2024-11-26'), '1mo'), dateOf('2024-12-01'));
  });

  test('are over when their last session is', () => {
    assert.equal(xnys.closeOf(dateOf('2024-11-29'), '1d'), Date.parse('2024-11-29T18:00Z'));
    assert.equal(xnys.closeOf(dateOf('2024-11-25'), '1w'), Date.parse('2024-11-29T18:00Z'));
    assert.equal(xnys.closeOf(dateOf('2024-11-01'), '1mo'), Date.parse('2024-11-29T18:00Z'));
  });

  test('a week without a session is no bar', () => {
    assert.equal(calendars.get('XTKS').count({ from: dateOf('2019-04-29'), to: dateOf('2019-05-06') }, '1w'), 0);
  });

  test('a session is found by any of its instants, also over lunch', () => {
    assert.equal(calendars.get('XTKS').sessionAt(Date.parse('2024-11-05T03:00Z'))?.date, dateOf('2024-11-05'));
    assert.equal(calendars.get('CMES').sessionAt(Date.parse('2024-11-03T23:30Z'))?.date, dateOf('2024-11-04'), 'the trade date');
    assert.equal(xnys.sessionAt(Date.parse('2024-11-05T22:00Z')), undefined);
  });
});

describe('what the calendar does not know', () => {
  const xnys = calendars.get('XNYS');

  test('is said, and taken as open by the weekly rule', () => {
    const beyond = { from: dateOf('2031-12-22'), to: dateOf('2031-12-29') };
    assert.equal(xnys.count(beyond, '1d'), 5);
    assert.match(xnys.remarks(beyond, '1d').join(), /XNYS knows the days from 1990-01-01 to 2027-12-31.*open by the weekly rule/);
    assert.deepEqual(xnys.remarks(day('2024-11-05'), '1m'), []);
  });

  test('approximate hours are said for intraday bars only', () => {
    const early = calendars.get('XTKS').remarks(day('2000-11-06'), '1m');
    assert.match(early.join(), /hours before 2011-11-21 are approximate/);
    assert.deepEqual(calendars.get('XTKS').remarks(day('2000-11-06'), '1d'), []);
    assert.match(calendars.get('XETR').remarks(day('1999-11-05'), '1d').join(), /closed days before 2000-06-02 are approximate/);
    assert.match(calendars.get('CME_CRYPTO').remarks(day('2026-11-05'), '1d').join(), /announced for afterwards: continuous/);
  });
});
