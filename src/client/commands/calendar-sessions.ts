import { type MarketCalendar, type Session, WEEKDAYS, weekdayOf, zoneOf } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import { type Interval, interval } from '../../model/interval.js';
import { DAY, nextBar } from '../../model/timeframe.js';
import { type Command, JSON_OPTION } from '../command.js';
import { calendarsFor, viewOf } from '../facts/calendar-words.js';
import type { Column } from '../screen/table.js';
import { parseMoment, stamp } from '../times.js';

export const calendarSessions: Command = {
  name: 'calendar sessions',
  about: 'the sessions of a day, a month or a year, by the local clock and in UTC',
  args: [
    ['<calendar>', 'its name or another name of it, e.g. XNYS, NASDAQ, CMES'],
    ['<dates>', '2024, 2024-11 or 2024-11-29'],
  ],
  options: [['--session <hours>', 'regular (the usual) or extended'], JSON_OPTION],
  example: 'tapekeep calendar sessions XNYS 2024-11',
  async run(call) {
    const [name = '', text = ''] = call.args;
    const dates = datesOf(text);
    const calendar = (await calendarsFor(call)).get(name).as(viewOf(call));
    const sessions = calendar.sessions(dates);
    for (const remark of calendar.remarks(dates, '1m')) call.screen.tell(remark);
    if (call.on('json')) call.screen.json(sessions.map(s => jsonOf(calendar, s)));
    else if (sessions.length === 0) call.screen.say(`${calendar.name} has no session in ${text}.`);
    else call.screen.table(columnsOf(calendar), sessions);
    return 'done';
  },
};

function datesOf(text: string): Interval {
  if (!/^\d{4}(-\d\d){0,2}$/.test(text)) throw fail('USAGE', { reason: `${JSON.stringify(text)} is no year, month or day: write 2024-11` });
  const from = parseMoment(text.length === 4 ? `${text}-01` : text);
  if (text.length === 10) return interval(from, from + DAY);
  return interval(from, text.length === 7 ? nextBar(from, '1mo') : Date.UTC(Number(text) + 1, 0, 1));
}

const dateText = (date: number): string => new Date(date).toISOString().slice(0, 10);

function columnsOf(calendar: MarketCalendar): Column<Session>[] {
  const zone = zoneOf(calendar.timezone);
  const clock = (at: number, date: number): string => {
    const local = zone.toLocal(at);
    return `${new Date(local).toISOString().slice(11, 16)}${local < date ? ' -1d' : ''}`;
  };
  return [
    { title: 'date', of: s => dateText(s.date) },
    { title: 'day', of: s => WEEKDAYS[weekdayOf(s.date)] ?? '' },
    { title: calendar.timezone, of: s => s.segments.map(i => `${clock(i.from, s.date)} to ${clock(i.to, s.date)}`).join(', ') },
    { title: 'UTC', of: s => s.segments.map(i => `${stamp(i.from)} to ${stamp(i.to)}`).join(', ') },
    { title: 'of note', of: s => haltsOf(calendar, s).join(', ') },
  ];
}

/** What is odd on that very day; what is so every day would only fill the screen. */
const haltsOf = (calendar: MarketCalendar, { segments }: Session): string[] => [
  ...new Set(
    segments
      .flatMap(s => calendar.marks(s))
      .filter(m => m.kind === 'halted')
      .map(m => m.why),
  ),
];

const jsonOf = (calendar: MarketCalendar, session: Session) => ({
  date: dateText(session.date),
  segments: session.segments.map(({ from, to }) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })),
  halts: haltsOf(calendar, session),
});
