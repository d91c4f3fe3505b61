/** One request for prices, by whole dates, held against what was asked for. No answer says of what it is: only the address does. */
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { fail } from '../../model/errors.js';
import { type Interval, interval } from '../../model/interval.js';
import { DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { opensIn, pageWithout } from '../known.js';
import { createOverlaps, endOf } from '../overlap.js';
import type { Place } from '../paged.js';
import type { Page } from '../provider.js';
import { readJson } from './prices.js';

/** Of minutes an answer holds so many rows, and leaves out the rest in silence. */
export const MOST_ROWS = 10_000;
/** Four weeks of minutes stay below it, however the holidays fall; coarser bars go on for longer. */
const DAYS_OF_MINUTES = 28;
const OVERLAP = 4 * DAY;

const FREQUENCIES: Readonly<Partial<Record<Timeframe, string>>> = { '1m': '1min', '5m': '5min', '15m': '15min', '30m': '30min' };

export const dayText = (ts: number): string => timeText(ts).slice(0, 10);

export function pagesOf(source: () => Source): (place: Place, signal: AbortSignal) => Promise<Page> {
  const overlaps = createOverlaps('tiingo');
  return async (place, signal) => {
    const dates = datesAt(place);
    // More of the ask follows: its first days are asked for twice, over any weekend.
    const more = dates.to < place.end;
    const told = await barsOn(source(), interval(dates.from, dates.to + (more ? OVERLAP : 0)), place, signal);
    const bars = sliceBars(told, 0, lowerBound(told.ts, place.end));
    overlaps(place.ask, dates, bars);
    const reach = Math.min(dates.to + OVERLAP, place.end);
    return pageIn(bars, endOf(place.ask, interval(place.at, dates.to), reach, bars.ts.at(-1)), place);
  };
}

function pageIn(bars: Bars, until: number, { at, end, ask }: Place): Page {
  const to = Math.min(end, until);
  const within = sliceBars(bars, lowerBound(bars.ts, at), lowerBound(bars.ts, to));
  if (countOf(within) === 0) return pageWithout(at, to, ask, 'empty', `an empty list for ${timeText(at)} … ${timeText(to)}`);
  const next = to < ask.interval.to ? to : null;
  return { bars: within, answered: interval(at, to), verdict: null, evidence: `${countOf(within)} bars`, next };
}

/** The dates of one request, the last one left out. No session of New York touches two dates of UTC. */
function datesAt({ at, end, ask: { timeframe } }: Place): Interval {
  const from = dateOf(at);
  const days = isIntraday(timeframe) ? DAYS_OF_MINUTES * (nominalMs(timeframe) / MINUTE) : MOST_ROWS;
  return interval(from, Math.min(from + days * DAY, dateOf(end - 1) + DAY));
}

const dateOf = (ts: number): number => Math.floor(ts / DAY) * DAY;

async function barsOn(source: Source, dates: Interval, { ask, series }: Place, signal: AbortSignal): Promise<Bars> {
  const { symbol, timeframe } = ask;
  const range = { startDate: dayText(dates.from), endDate: dayText(dates.to - DAY), format: 'json' };
  // Volume comes when it is asked for; bars that nobody traded in are not made up.
  const columns = 'open,high,low,close,volume';
  const minutes = { ...range, resampleFreq: FREQUENCIES[timeframe], columns, afterHours: false, forceFill: false };
  const [path, params] = isIntraday(timeframe) ? ['iex', minutes] : ['tiingo/daily', { ...range, resampleFreq: 'daily' }];
  const answer = await source.get(`/${path}/${encodeURIComponent(symbol)}/prices`, { params, about: { series, symbol }, signal });
  const { bars } = readJson(answer.json(), series);
  if (countOf(bars) >= MOST_ROWS)
    throw fail('ANSWER_TRUNCATED', { provider: 'tiingo', series, reason: `${MOST_ROWS} rows are all that it tells at once` });
  checkAnswer('tiingo', ask, dates, bars, opensIn(ask));
  return bars;
}
