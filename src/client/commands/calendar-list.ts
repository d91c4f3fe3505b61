import type { MarketCalendar } from '../../model/calendar.js';
import { DAY } from '../../model/timeframe.js';
import { type Command, JSON_OPTION } from '../command.js';
import { calendarsFor } from '../facts/calendar-words.js';
import type { Column } from '../screen/table.js';
import { moment } from '../screen/words.js';

interface Row {
  readonly calendar: MarketCalendar;
  readonly names: readonly string[];
}

const lastDate = (calendar: MarketCalendar): number => calendar.known.to - DAY;

const COLUMNS: readonly Column<Row>[] = [
  { title: 'calendar', of: r => r.calendar.name },
  { title: 'market', of: r => r.calendar.title },
  { title: 'zone', of: r => r.calendar.timezone },
  { title: 'from', of: r => moment(r.calendar.known.from) },
  { title: 'to', of: r => moment(lastDate(r.calendar)) },
  { title: 'version', of: r => r.calendar.version },
  { title: 'other names', of: r => r.names.join(' ') },
];

export const calendarList: Command = {
  name: 'calendar list',
  about: 'the calendars that there are, with their zones, versions and other names',
  options: [JSON_OPTION],
  example: 'tapekeep calendar list',
  async run(call) {
    const calendars = await calendarsFor(call);
    const rows = calendars.all.map(calendar => ({ calendar, names: calendars.namesOf(calendar) }));
    if (call.on('json')) {
      call.screen.json(
        rows.map(({ calendar: c, names }) => ({
          name: c.name,
          title: c.title,
          timezone: c.timezone,
          from: moment(c.known.from),
          to: moment(lastDate(c)),
          version: c.version,
          names,
        })),
      );
    } else call.screen.table(COLUMNS, rows);
    return 'done';
  },
};
