/** Long ranges are judged a stretch at a time: memory stays the same however many bars there are. */
import type { Calendar } from '../calendar.js';
import { type Interval, interval } from '../interval.js';
import { DAY, type Timeframe } from '../timeframe.js';

/** Bars that are judged at once, besides the context that they need. */
const STRETCH = 200_000;
const LEAST_DAYS = 30;

/** Dates cut into stretches of about so many bars. */
export function partsOf(calendar: Calendar, timeframe: Timeframe, dates: Interval): Interval[] {
  const days = (dates.to - dates.from) / DAY;
  const bars = calendar.count(dates, timeframe);
  const length = Math.max(LEAST_DAYS, Math.floor((days * STRETCH) / Math.max(1, bars))) * DAY;
  const parts: Interval[] = [];
  for (let { from } = dates; from < dates.to; from += length) parts.push(interval(from, Math.min(dates.to, from + length)));
  return parts;
}
