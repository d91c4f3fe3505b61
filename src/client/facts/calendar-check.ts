/** All stored series beside their calendars: where several series doubt the same day, it is the calendar that is doubtful. */
import { addBars, type Doubts, doubtsOf, type MarketCalendar, noDays } from '../../model/calendar.js';
import { interval } from '../../model/interval.js';
import { nameOf } from '../../model/series.js';
import type { Table } from '../../store/index.js';
import type { Tapekeep } from '../library.js';
import type { Source } from '../source.js';
import { stampsOf } from '../stored/bars-out.js';
import { calendarsOf } from './calendars.js';

export interface DayInDoubt {
  readonly calendar: string;
  readonly date: number;
  readonly what: 'bars on a closed day' | 'an open day without bars';
  readonly series: readonly string[];
  /** Series that could tell of that day. */
  readonly of: number;
  readonly doubtful: boolean;
}

/** So many symbols do not err alike. */
const ALIKE = 3;

export async function daysInDoubt(
  tapekeep: Pick<Tapekeep, 'tables' | 'settings' | 'list'>,
): Promise<{ series: number; days: DayInDoubt[] }> {
  const calendars = await calendarsOf(tapekeep.settings);
  const found = new Map<MarketCalendar, { table: Table; doubts: Doubts }[]>();
  const held = await tapekeep.list();
  for (const { series } of held) {
    const table = await tapekeep.tables.open(series);
    const calendar = calendars.get(table.calendar.name);
    found.set(calendar, [...(found.get(calendar) ?? []), { table, doubts: await doubtsOfTable(tapekeep, table, calendar) }]);
  }
  return { series: held.length, days: [...found].flatMap(([calendar, all]) => together(calendar, all)) };
}

async function doubtsOfTable({ tables }: Pick<Source, 'tables'>, table: Table, calendar: MarketCalendar): Promise<Doubts> {
  const { timeframe } = table.series;
  const days = noDays();
  const all = interval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  for await (const stamps of stampsOf(tables, table, all)) addBars(days, calendar, timeframe, stamps);
  return doubtsOf(days, calendar, timeframe, table.holdings.coverage);
}

function together(calendar: MarketCalendar, all: readonly { table: Table; doubts: Doubts }[]): DayInDoubt[] {
  const days = new Map<string, { date: number; what: DayInDoubt['what']; series: string[] }>();
  const note = (date: number, what: DayInDoubt['what'], { series }: Table) => {
    const key = `${date} ${what}`;
    const day = days.get(key) ?? { date, what, series: [] };
    day.series.push(nameOf(series));
    days.set(key, day);
  };
  for (const { table, doubts } of all) {
    for (const [date] of doubts.strays) note(date, 'bars on a closed day', table);
    for (const date of doubts.silent) note(date, 'an open day without bars', table);
  }
  return [...days.values()]
    .sort((a, b) => a.date - b.date)
    .map(day => {
      const { length } = day.series;
      const doubtful = day.what === 'bars on a closed day' ? length >= ALIKE : length === all.length;
      return { calendar: calendar.name, ...day, of: all.length, doubtful };
    });
}
