/** What a person should know of an interval before they rely on it. */
import type { Interval } from '../interval.js';
import { DAY, isIntraday, type Timeframe } from '../timeframe.js';
import type { Calendar, MarketCalendar } from './calendar.js';
import type { Facts } from './facts.js';

/** Nothing is unknown of a calendar that is not made of facts. */
export const remarksOf = (calendar: Calendar | MarketCalendar, within: Interval, timeframe: Timeframe): string[] =>
  'remarks' in calendar ? calendar.remarks(within, timeframe) : [];

const dateText = (ts: number): string => new Date(ts).toISOString().slice(0, 10);

export function remarksOn({ name, coverage }: Facts, { from, to }: Interval, timeframe: Timeframe): string[] {
  if (!(from < to)) return [];
  const out: string[] = [];
  const weekly = 'days outside are taken as open by the weekly rule';
  if (from < coverage.from || to > coverage.to + DAY) {
    const after = to > coverage.to + DAY && coverage.after ? `; announced for afterwards: ${coverage.after}` : '';
    out.push(`${name} knows the days from ${dateText(coverage.from)} to ${dateText(coverage.to)}; ${weekly}${after}`);
  }
  if (from < coverage.holidaysTrustedFrom)
    out.push(`${name}: closed days before ${dateText(coverage.holidaysTrustedFrom)} are approximate`);
  if (isIntraday(timeframe) && from < coverage.intradayFrom)
    out.push(`${name}: hours before ${dateText(coverage.intradayFrom)} are approximate: rely on them for daily bars only`);
  return out;
}
