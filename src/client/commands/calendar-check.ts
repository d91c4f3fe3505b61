import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { type DayInDoubt, daysInDoubt } from '../facts/calendar-check.js';
import type { Column } from '../screen/table.js';

const dateText = (date: number): string => new Date(date).toISOString().slice(0, 10);

const COLUMNS: readonly Column<DayInDoubt>[] = [
  { title: 'calendar', of: d => d.calendar },
  { title: 'date', of: d => dateText(d.date) },
  { title: 'what', of: d => d.what },
  { title: 'series', of: d => `${d.series.length} of ${d.of}`, right: true },
  { title: 'of note', of: d => (d.doubtful ? 'calendar doubtful' : d.series.join(', ')) },
];

export const calendarCheck: Command = {
  name: 'calendar check',
  about: 'bars on closed days and open days without bars, over all stored series',
  more: 'A day that several series doubt alike is marked: the calendar may be wrong. calendars.overlay settles it, see docs/calendars.md.',
  options: [JSON_OPTION],
  example: 'tapekeep calendar check',
  exits: ['damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const { series, days } = await daysInDoubt(tapekeep);
      if (call.on('json')) call.screen.json({ series, days: days.map(d => ({ ...d, date: dateText(d.date) })) });
      else if (days.length === 0) call.screen.say(`${series} series looked at: no day is in doubt.`);
      else call.screen.table(COLUMNS, days);
      return 'done';
    }),
};
