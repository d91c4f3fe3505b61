/**
 * Alpaca counts requests and not symbols: what is asked for of several symbols at about the same time, and fits into one
 * page together, is one request. Each asker has the part of its symbol and judges it as if it had asked alone. A failure is
 * everybody's by its code; but where one symbol may have spoilt it for the others, each asks alone.
 */
import { countOf, takeBars } from '../../model/bars.js';
import { type ErrorCode, fail, isTapekeepError } from '../../model/errors.js';
import { interval } from '../../model/interval.js';
import { nominalMs } from '../../model/timeframe.js';
import { listOf } from '../fields.js';
import type { Source } from '../http/index.js';
import { calendarOf } from '../known.js';
import type { Place } from '../paged.js';
import type { World } from '../provider.js';
import { type Answer, type BarsPage, barsOf, type Feed } from './bars.js';
import { MOST_BARS, type Request, requestBars, type Stretch } from './request.js';

/** What is asked for at a place; a token goes on with what was asked for alone. */
export type Asked = (place: Place, token: string | undefined, signal: AbortSignal) => Promise<BarsPage>;

/** So long a small ask waits for others: less than what a request takes off the limit of a free key. */
const GATHER_MS = 100;
const MOST_SYMBOLS = 100;
/** Pages of a common answer that were not expected; after so many each goes on alone. */
const MOST_PAGES = 50;

/** About the request as it was put, not about the source or the key: another symbol may be why. */
const SPOILT: readonly ErrorCode[] = ['SYMBOL_UNKNOWN', 'REQUEST_REFUSED'];

interface Asker {
  readonly place: Place;
  readonly told: (page: BarsPage | 'alone') => void;
  readonly failed: (error: unknown) => void;
}

interface Group {
  readonly askers: Set<Asker>;
  /** Fired when nobody waits for it any more. */
  readonly over: AbortController;
}

export function askTogether(source: Source, feed: Feed, world: World): Asked {
  const gathering = new Set<Group>();

  async function alone(place: Place, token: string | undefined, signal: AbortSignal): Promise<BarsPage> {
    const { ask, series } = place;
    const request = { symbols: [ask.symbol], timeframe: ask.timeframe, stretch: place, feed, token };
    const answer = await requestBars(source, request, { series, symbol: ask.symbol }, signal);
    return { bars: barsOf(answer, ask.symbol, ask.timeframe), token: answer.token };
  }

  function begun(): Group {
    const group: Group = { askers: new Set(), over: new AbortController() };
    gathering.add(group);
    world
      .wait(GATHER_MS, group.over.signal)
      .finally(() => gathering.delete(group))
      .then(() => answered(group))
      .catch(error => {
        for (const { place, failed } of group.askers) failed(errorFor(place, error));
      });
    return group;
  }

  async function answered({ askers, over }: Group): Promise<void> {
    const places = [...askers].map(({ place }) => place);
    const whole = places.length < 2 ? undefined : await common(places, over.signal);
    for (const { place, told } of askers) told(whole ? ownPart(whole, stretchOf(places), place) : 'alone');
  }

  /** The answer for all of them, page after page; undefined when each has to ask alone. */
  async function common(places: readonly Place[], signal: AbortSignal): Promise<Answer | undefined> {
    const { timeframe } = (places[0] as Place).ask;
    const symbols = [...new Set(places.map(({ ask }) => ask.symbol))];
    const request: Request = { symbols, timeframe, stretch: stretchOf(places), feed };
    const about = { series: `${symbols.join(', ')} ${timeframe}`, symbol: symbols.join(', ') };
    const lists: Record<string, unknown[]> = Object.fromEntries(symbols.map(symbol => [symbol, []]));
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await requestBars(source, { ...request, token }, about, signal).catch(error => {
        if (SPOILT.some(code => isTapekeepError(error, code))) return undefined;
        throw error;
      });
      if (answer === undefined || answer.token === token) return undefined;
      for (const symbol of symbols) lists[symbol]?.push(...listOf(answer.lists[symbol]));
      if (answer.token === null) return { lists, token: null };
      token = answer.token;
    }
    return undefined;
  }

  return async (place, token, signal) => {
    if (token !== undefined || !fits([place, place])) return alone(place, token, signal);
    signal.throwIfAborted();
    const page = await partIn([...gathering].find(group => hasRoom(group, place)) ?? begun(), place, signal);
    return page === 'alone' ? alone(place, undefined, signal) : page;
  };
}

const hasRoom = ({ askers, over }: Group, place: Place): boolean =>
  !over.signal.aborted && fits([...askers].map(asker => asker.place).concat(place));

/** Waits for the group's answer, or until the signal fires: the others are not disturbed by that. */
function partIn({ askers, over }: Group, place: Place, signal: AbortSignal): Promise<BarsPage | 'alone'> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      askers.delete(asker);
      if (askers.size === 0) over.abort();
      reject(signal.reason);
    };
    const settled = (settle: () => void): void => {
      signal.removeEventListener('abort', leave);
      settle();
    };
    const asker: Asker = {
      place,
      told: page => settled(() => resolve(page)),
      failed: error => settled(() => reject(error)),
    };
    askers.add(asker);
    signal.addEventListener('abort', leave, { once: true });
  });
}

/** From the first to the last of what they ask for. */
const stretchOf = (places: readonly Stretch[]): Stretch => ({
  at: Math.min(...places.map(p => p.at)),
  end: Math.max(...places.map(p => p.end)),
  settled: Math.min(...places.map(p => p.settled)),
});

/** Whether their bars are of one length and have room on one page, as far as their calendars tell. */
function fits(places: readonly Place[]): boolean {
  const { timeframe } = (places[0] as Place).ask;
  if (places.length > MOST_SYMBOLS || places.some(({ ask }) => ask.timeframe !== timeframe)) return false;
  const { at, end } = stretchOf(places);
  // Bars on days that a calendar has closed are possible: no symbol may come near to a page of its own.
  if (end - at > MOST_BARS * nominalMs(timeframe)) return false;
  return places.reduce((bars, { ask }) => bars + calendarOf(ask).count(interval(at, end), timeframe), 0) <= MOST_BARS;
}

/** What was asked for because of others is left out; what nobody asked for stays, and will be refused. */
function ownPart(answer: Answer, common: Stretch, { ask, at, end }: Place): BarsPage {
  const bars = barsOf(answer, ask.symbol, ask.timeframe);
  const forOthers = (ts: number): boolean => ts >= common.at && ts < common.end && !(ts >= at && ts < end);
  const own = Array.from(bars.ts.keys()).filter(i => !forOthers(bars.ts[i] as number));
  return { bars: own.length === countOf(bars) ? bars : takeBars(bars, own), token: answer.token };
}

/** The same failure, told of the series that its asker knows. */
function errorFor({ ask, series }: Place, error: unknown): unknown {
  return isTapekeepError(error) ? fail(error.code, { ...error.facts, series, symbol: ask.symbol }) : error;
}
