/** From where a source counts its bars is not written in a table: the bars at the ends of its files show it. */
import { interval } from '../interval.js';
import type { Basis } from '../series.js';
import { isIntraday, type Timeframe } from '../timeframe.js';
import type { MarketCalendar } from './calendar.js';

export interface Cut {
  readonly timeframe: Timeframe;
  readonly session: Basis['session'];
  /** Opens of bars that are there. */
  readonly opens: readonly number[];
}

/** The market as the bars were cut. */
export function asCut(market: MarketCalendar, { timeframe, session: hours, opens }: Cut): MarketCalendar {
  const session = hours === 'extended' ? 'extended' : 'regular';
  if (!isIntraday(timeframe)) return market.as({ session });
  const views = (['segment', 'clock', 'day'] as const).map(anchor => market.as({ session, anchor }));
  const fit = (view: MarketCalendar) => opens.filter(ts => view.count(interval(ts, ts + 1), timeframe) === 1).length;
  return views.reduce((best, view) => (fit(view) > fit(best) ? view : best));
}
