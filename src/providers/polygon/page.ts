/** One page of Polygon's aggregates, held against what was asked for. */
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { fail } from '../../model/errors.js';
import { isIntraday, MINUTE, nextBar, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { finalIn, opensIn, pageWithout } from '../known.js';
import type { Place } from '../paged.js';
import type { Page } from '../provider.js';
import { cursorOf } from '../step.js';
import { type Aggs, POLYGON, readAggs } from './aggs.js';

/** The two names of the same source. The next page is asked for where the first one was, whichever of them it names. */
const HOSTS = ['https://api.polygon.io', 'https://api.massive.com'];
/** The limit of a page counts the minutes or days that its bars are made of. */
export const MOST_BASE = 50_000;
/** By so much a plan may see trades late; an answer says so itself. */
const DELAY = 15 * MINUTE;

export async function pageOf(source: Source, place: Place, signal: AbortSignal): Promise<Page> {
  const { ask, series } = place;
  const about = { series, symbol: ask.symbol };
  for (let token = place.token; ; ) {
    const params = token === undefined ? { adjusted: false, sort: 'asc', limit: MOST_BASE } : {};
    const answer = await source.get(token ?? pathOf(place), { params, about, signal });
    const aggs = readAggs(answer.json(), series, ask.timeframe);
    checkIdentity(aggs, place);
    const next = aggs.next === null ? undefined : tokenOf(aggs.next, place);
    // A page may be without bars and still not be the last.
    if (next === undefined || countOf(aggs.bars) > 0) return judged(aggs, next, place);
    if (next === token) throw fail('NO_PROGRESS', { provider: POLYGON, series, at: timeText(place.at) });
    token = next;
  }
}

const SPANS: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1/minute',
  '3m': '3/minute',
  '5m': '5/minute',
  '15m': '15/minute',
  '30m': '30/minute',
  '1h': '1/hour',
  '1d': '1/day',
};

const rangeOf = ({ symbol, timeframe }: Place['ask']): string => `/v2/aggs/ticker/${encodeURIComponent(symbol)}/range/${SPANS[timeframe]}/`;

/** Both ends are included. Days are asked for by their dates, all else by instants; a day that is not over may be refused. */
function pathOf({ ask, at, end, settled }: Place): string {
  const textOf = (ts: number): string => (isIntraday(ask.timeframe) ? String(ts) : timeText(ts).slice(0, 10));
  return `${rangeOf(ask)}${textOf(at)}/${textOf(Math.min(end - 1, settled))}`;
}

/** The next page as a path: its host is one of the known ones, and it is of the same series. */
function tokenOf(next: string, { ask, series }: Place): string {
  const url = URL.canParse(next) ? new URL(next) : undefined;
  const known = url && HOSTS.includes(url.origin) && url.pathname.startsWith(rangeOf(ask));
  if (!known) throw fail('ANSWER_WRONG', { provider: POLYGON, series, reason: 'its next page is of another source or series' });
  url.searchParams.delete('apiKey');
  return `${url.pathname}${url.search}`;
}

function checkIdentity({ ticker, adjusted, bars }: Aggs, { ask, series }: Place): void {
  const wrong = (reason: string) => fail('ANSWER_WRONG', { provider: POLYGON, series, reason });
  if (ticker !== ask.symbol && !(ticker === undefined && countOf(bars) === 0)) throw wrong(`it is of ${ticker ?? 'no symbol'}`);
  if (adjusted && countOf(bars) > 0) throw wrong('its prices are divided by splits');
}

function judged(aggs: Aggs, token: string | undefined, place: Place): Page {
  const { ask, at, end, now } = place;
  checkAnswer(POLYGON, ask, { from: at, to: end }, aggs.bars, opensIn(ask));
  const seen = aggs.delayed ? Math.min(end, Math.max(at, finalIn(ask, DELAY, now))) : end;
  if (seen === at) return pageWithout(at, end, ask, 'not_yet_published', 'the plan sees trades late');
  const bars = before(aggs.bars, seen);
  // The limit counts base bars: an answer that used it up is cut, also where it names no next page.
  const more = token !== undefined || aggs.baseBars >= MOST_BASE;
  const last = bars.ts.at(-1);
  const to = more && last !== undefined ? Math.min(seen, nextBar(last, ask.timeframe)) : seen;
  if (last === undefined) return pageWithout(at, to, ask, 'empty', `no results for ${timeText(at)} … ${timeText(to)}`);
  if (bars.close.every(Number.isNaN)) return pageWithout(at, to, ask, 'failed', `${countOf(bars)} rows, none with a price`);
  const next = to < ask.interval.to ? cursorOf(to < end && token !== undefined ? { at: to, end, token } : { at: to }) : null;
  return { bars, answered: { from: at, to }, verdict: null, evidence: `${countOf(bars)} bars`, next };
}

const before = (bars: Bars, end: number): Bars => sliceBars(bars, 0, lowerBound(bars.ts, end));
