/** All calendars that there are, by any of their names. */
import { createHash } from 'node:crypto';
import { CALENDAR_24_7, createCalendar, type Facts, type MarketCalendar } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import type { LoadOrder } from '../model/load.js';
import { nameOf } from '../model/series.js';
import { calendarsThatFit } from './proposal.js';

export interface Calendars {
  /** By name or alias, in any case; an unknown one is refused. */
  get(name: string): MarketCalendar;
  find(name: string): MarketCalendar | undefined;
  /** Each once, by name. */
  readonly all: readonly MarketCalendar[];
  /** Names beside the own ones: other files that mean the same calendar, and aliases. */
  namesOf(calendar: MarketCalendar): string[];
}

export function collect(facts: readonly Facts[], same: ReadonlyMap<string, string>): Calendars {
  const all = facts.map(f => createCalendar(f, versionOf(f))).sort((a, b) => (a.name < b.name ? -1 : 1));
  const known = new Map<string, MarketCalendar>();
  const own = new Map(all.map(c => [c.name.toUpperCase(), c]));
  for (const c of all) for (const alias of c.aliases) known.set(alias.toUpperCase(), c);
  for (const [name, target] of same) {
    const found = own.get(target.toUpperCase());
    if (found) known.set(name.toUpperCase(), found);
  }
  for (const [name, c] of own) known.set(name, c);
  const always = all.find(c => c.neverCloses);
  if (always) known.set(CALENDAR_24_7.name, always);
  return {
    all,
    find: name => known.get(name.toUpperCase()),
    get(name) {
      const found = known.get(name.toUpperCase());
      if (!found) throw fail('CALENDAR_UNKNOWN', { calendar: name, known: all.map(c => c.name).join(', ') });
      return found;
    },
    namesOf: calendar => [...known].filter(([name, c]) => c === calendar && name !== calendar.name.toUpperCase()).map(([name]) => name),
  };
}

/** The calendar of an order: the named one; without a name, only crypto can be taken for a market that never closes. */
export function calendarFor(calendars: Calendars, { series, calendar }: Pick<LoadOrder, 'series' | 'calendar'>): MarketCalendar {
  if (calendar !== undefined) return calendars.get(calendar);
  if (series.assetClass === 'crypto') return calendars.get(CALENDAR_24_7.name);
  throw fail('CALENDAR_UNKNOWN', { series: nameOf(series), fits: calendarsThatFit(series).join(', ') });
}

/** The same facts have the same version, whatever file they came from and in whatever order. */
const versionOf = (facts: Facts): string => {
  const sorted = { ...facts, aliases: [], holidays: [...facts.holidays].sort((a, b) => a - b), title: '' };
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
};
