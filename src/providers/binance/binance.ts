/** Binance, spot and USD-M futures: archives for the past, pages for the rest, the same bars from either. */
import type { Archive } from '../../model/archives.js';
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { DAY, HOUR, nextBar, nominalMs, type Timeframe } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import { cursorOf, jointOf, type Place, placeOf } from '../joint.js';
import { finalIn, knownPage } from '../known.js';
import type { Ask, Listing, Page, Provider, Serves, World } from '../provider.js';
import type { ArchivedSettings } from '../settings.js';
import { createArchives, pieceAt } from './archives.js';
import { type Market, SPOT, TIMEFRAMES, USD_M } from './market.js';
import { createRest, type Rest } from './rest.js';

export const createBinance = (settings: ArchivedSettings, world: World): Provider => create(SPOT, settings, world);
export const createBinanceUsdM = (settings: ArchivedSettings, world: World): Provider => create(USD_M, settings, world);

const LISTING_KEPT_MS = HOUR;

function create(market: Market, settings: ArchivedSettings, world: World): Provider {
  const rest = createRest(market, settings, world);
  const archives = settings.archiveUrl === null ? undefined : createArchives(market, settings.archiveUrl, world);
  const serves = servesOf(market, settings);
  const listings = new Map<string, { readonly listing: Listing; readonly at: number }>();
  const listing = async (symbol: string, signal: AbortSignal): Promise<Listing> => {
    signal.throwIfAborted();
    checkSymbol(market, symbol);
    const kept = listings.get(symbol);
    // A life may end, or begin anew: what is known of it is asked for again after a while.
    if (kept && Math.abs(world.now() - kept.at) < LISTING_KEPT_MS) return kept.listing;
    const known = await rest.listing(symbol, signal);
    listings.set(symbol, { listing: known, at: world.now() });
    return known;
  };
  return {
    name: market.name,
    serves,
    listing,
    symbols: (search, signal) => rest.symbols(search, signal),
    async *pages(ask, from, signal) {
      checkAsk(market, ask);
      signal.throwIfAborted();
      let place = placeOf(market.name, ask, from);
      const known = await listing(ask.symbol, signal);
      // Behind our clock the source's own may be: what is final is decided by the one that is behind.
      let behindMs = 0;
      while (place.at < ask.interval.to) {
        signal.throwIfAborted();
        const now = world.now() - behindMs;
        const without = knownPage(place.at, ask, serves, now, known);
        if (without) {
          yield without;
          place = { at: without.answered.to };
          continue;
        }
        const piece = ask.part === undefined ? undefined : pieceAt(serves.archives, ask, place.at);
        const bars = piece && (await archives?.bars(ask, piece, rest, signal));
        if (piece && bars) yield* fromArchive(bars, piece);
        else yield* byRequests(piece?.to ?? ask.interval.to, now);
      }

      /** Pages up to `end`, or until it shows that our clock is ahead. */
      async function* byRequests(end: number, now: number): AsyncGenerator<Page> {
        const until = Math.min(end, finalIn(ask, serves.settleMs, now), life(known, ask.timeframe));
        while (place.at < until) {
          const { page, next, asOf } = await restPage(rest, market, ask, place, until, signal);
          const final = finalIn(ask, serves.settleMs, asOf);
          if (final < page.answered.to && final < until) {
            behindMs = Math.max(1, world.now() - asOf);
            return;
          }
          yield page;
          place = next;
        }
      }

      /** What an archive has, and by requests what it lacks. */
      async function* fromArchive(bars: Bars, piece: Interval): AsyncGenerator<Page> {
        for (const { within, rows } of stretches(bars, place.at, piece.to, ask.timeframe)) {
          if (rows) {
            yield pageOf(ask, within, rows, `${countOf(rows)} bars of the archive`, { at: within.to });
            place = { at: within.to, ...withJoint(rows) };
            continue;
          }
          yield* byRequests(within.to, world.now() - behindMs);
          if (place.at < within.to) return;
        }
      }
    },
  };
}

const withJoint = (bars: Bars): Pick<Place, 'joint'> => {
  const joint = jointOf(bars);
  return joint ? { joint } : {};
};

/** A month is laid down on the first Monday after it, a day on the day after. */
const ARCHIVES: readonly Archive[] = [
  { part: 'archive-month', covers: 'month', timeframes: TIMEFRAMES, lagMs: 9 * DAY },
  { part: 'archive-day', covers: 'day', timeframes: TIMEFRAMES, lagMs: 1.5 * DAY },
];

const servesOf = ({ basis, pageRows, weightOf }: Market, { archiveUrl, perMinute, settleMs }: ArchivedSettings): Serves => ({
  assetClasses: ['crypto'],
  timeframes: TIMEFRAMES,
  // One row of each page is the joint with the page before.
  pageBars: pageRows - 1,
  depthMs: {},
  settleMs,
  omitsEmpty: false,
  direction: 'forward',
  stamp: 'open',
  anchor: 'clock',
  basis,
  requestsPerSecond: perMinute / weightOf(pageRows) / 60,
  ...(archiveUrl !== null && { archives: ARCHIVES }),
});

function checkSymbol({ name }: Market, symbol: string): void {
  if (!/^[\p{Lu}\p{Lo}\d_-]{1,40}$/u.test(symbol)) throw fail('SYMBOL_UNKNOWN', { provider: name, symbol });
}

function checkAsk(market: Market, { symbol, timeframe }: Ask): void {
  checkSymbol(market, symbol);
  if (!TIMEFRAMES.includes(timeframe)) throw fail('TIMEFRAME_NOT_SERVED', { provider: market.name, timeframe });
}

const life = ({ last }: Listing, timeframe: Timeframe): number => (last === undefined ? Number.POSITIVE_INFINITY : endOf(last, timeframe));

/** The end of the bar in which the last minute lies. */
const endOf = (last: number, timeframe: Timeframe): number => last + nominalMs(timeframe);

/**
 * One page. When it ends before its window does, it settles only what its bars reach: the rest is asked for again, and only
 * an answer without any bar says that there is none.
 */
async function restPage(rest: Rest, { pageRows }: Market, ask: Ask, place: Place, until: number, signal: AbortSignal) {
  const window = { from: place.at, to: Math.min(until, after(place.at, pageRows - 1, ask.timeframe)) };
  const { bars, asOf } = await rest.page(ask, window, place.joint, signal);
  const count = countOf(bars);
  if (count === 0) {
    const evidence = `an empty list for ${timeText(window.from)} … ${timeText(window.to)}`;
    return {
      page: { ...pageOf(ask, window, bars, evidence, { at: window.to }), verdict: 'empty' as const },
      next: { at: window.to },
      asOf,
    };
  }
  const reached = Math.min(window.to, nextBar(bars.ts[count - 1] as number, ask.timeframe));
  const next: Place = { at: reached, ...withJoint(bars) };
  return { page: pageOf(ask, { from: window.from, to: reached }, bars, `${count} bars`, next), next, asOf };
}

/** The end of so many bars from an instant on. */
function after(at: number, bars: number, timeframe: Timeframe): number {
  if (timeframe !== '1mo') return at + bars * nominalMs(timeframe);
  let end = at;
  for (let i = 0; i < bars; i++) end = nextBar(end, timeframe);
  return end;
}

const pageOf = (ask: Ask, answered: Interval, bars: Bars, evidence: string, next: Place): Page => ({
  bars,
  answered,
  verdict: null,
  evidence,
  next: answered.to < ask.interval.to ? cursorOf(next) : null,
});

interface Stretch {
  readonly within: Interval;
  /** Absent: the archive has none. */
  readonly rows?: Bars;
}

/** The piece from `at` on, by turns with bars and without. */
function stretches(bars: Bars, at: number, end: number, timeframe: Timeframe): Stretch[] {
  const out: Stretch[] = [];
  let from = at;
  let first = bars.ts.findIndex(ts => ts >= at);
  if (first < 0) first = countOf(bars);
  for (let i = first; i <= countOf(bars); i++) {
    const ts = i < countOf(bars) ? Math.min(bars.ts[i] as number, end) : end;
    const reached = i > first ? nextBar(bars.ts[i - 1] as number, timeframe) : from;
    if (ts <= reached && i < countOf(bars)) continue;
    if (i > first) {
      const to = Math.min(end, reached);
      out.push({ within: { from, to }, rows: sliceBars(bars, first, i) });
      from = to;
    }
    if (from < ts) out.push({ within: { from, to: ts } });
    from = ts;
    first = i;
  }
  return out;
}
