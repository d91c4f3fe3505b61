/**
 * The simulated exchange: a provider like any other, without network or key. It keeps the hours of the calendar it is
 * asked by, and its bars are a function of the seed. The demo runs on it, and it is the first to keep the provider contract.
 */
import { type Bars, countOf, emptyBars } from '../../model/bars.js';
import { type Calendar, finalUntil, openFrom } from '../../model/calendar.js';
import type { Verdict } from '../../model/coverage.js';
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { CRYPTO_BASIS } from '../../model/series.js';
import { barAtOrAfter, DAY, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Ask, Cursor, Listing, Page, Provider, Serves, World } from '../provider.js';
import { barsOf, lifeOf, SOURCE } from './candles.js';
import { createExchange, type Exchange } from './exchange.js';
import { barOf, calendarOf, pageEnd } from './hours.js';
import { SIMULATED_DEFAULTS, type SimulatedSettings } from './settings.js';

const TIMEFRAMES: readonly Timeframe[] = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d'];

export function createSimulated(given: Partial<SimulatedSettings>, world: World): Provider {
  const settings = { ...SIMULATED_DEFAULTS, ...given };
  const exchange = createExchange(settings, world);
  return {
    name: SOURCE,
    serves: servesOf(settings),
    async listing(symbol, signal) {
      signal.throwIfAborted();
      return listingOf(settings, symbol);
    },
    async *pages(ask, from, signal) {
      checkAsk(ask);
      for (let at = startOf(ask, from); at < ask.interval.to; ) {
        signal.throwIfAborted();
        const page = withoutRequest(settings, world.now(), ask, at) ?? (await requested(settings, exchange, world.now(), ask, at, signal));
        yield page;
        at = page.answered.to;
      }
    },
  };
}

/** What the exchange says, or will have said, about the interval when all of it is final: for tests. */
export const truth = (
  given: Partial<SimulatedSettings>,
  symbol: string,
  timeframe: Timeframe,
  interval: Interval,
  calendar?: Calendar,
): Bars => barsOf({ ...SIMULATED_DEFAULTS, ...given }, symbol, timeframe, interval, calendar);

const servesOf = ({ pageBars, depthMs, settleMs, quietShare, requestsPerSecond }: SimulatedSettings): Serves => ({
  assetClasses: ['crypto'],
  timeframes: TIMEFRAMES,
  pageBars,
  depthMs,
  settleMs,
  omitsEmpty: quietShare > 0,
  direction: 'forward',
  stamp: 'open',
  anchor: 'clock',
  basis: CRYPTO_BASIS,
  requestsPerSecond,
});

function listingOf(settings: SimulatedSettings, symbol: string): Listing {
  checkSymbol(symbol);
  const { from, to } = lifeOf(settings, symbol);
  const first = barAtOrAfter(from, '1m');
  const evidence = `the exchange's list of symbols: listed ${timeText(first)}`;
  return to === Number.POSITIVE_INFINITY
    ? { symbol, assetClass: 'crypto', first, evidence }
    : { symbol, assetClass: 'crypto', first, last: barAtOrAfter(to, '1m'), evidence: `${evidence}, delisted ${timeText(to)}` };
}

function checkSymbol(symbol: string): void {
  if (!/^[A-Z0-9.\-/^=]{1,20}$/.test(symbol) || symbol.startsWith('NO')) throw fail('SYMBOL_UNKNOWN', { provider: SOURCE, symbol });
}

function checkAsk({ symbol, timeframe }: Ask): void {
  checkSymbol(symbol);
  if (!TIMEFRAMES.includes(timeframe)) throw fail('TIMEFRAME_NOT_SERVED', { provider: SOURCE, timeframe });
}

/** A cursor that is none of ours must not pass for the end of the ask. */
function startOf({ interval }: Ask, from: Cursor | null): number {
  if (from === null) return interval.from;
  if (typeof from === 'number' && from >= interval.from && from < interval.to) return from;
  throw fail('INTERNAL', { reason: `${SOURCE} was given the cursor ${JSON.stringify(from)}, which lies outside of the ask` });
}

/** The page at `at` when it is known without asking: no bar can be there, or none may be had. */
function withoutRequest(settings: SimulatedSettings, now: number, ask: Ask, at: number): Page | undefined {
  const { symbol, timeframe, interval } = ask;
  const calendar = calendarOf(ask);
  const listing = listingOf(settings, symbol);
  const first = barOf(calendar, listing.first as number, timeframe);
  const end = endOf(listing, calendar, timeframe);
  const final = finalUntil(calendar, now - settings.settleMs, timeframe);
  const depth = settings.depthMs[timeframe];
  const reach = depth === undefined ? Number.NEGATIVE_INFINITY : openFrom(calendar, now - depth, timeframe);
  const none = (to: number, verdict: Verdict, evidence: string): Page =>
    pageOf({ from: at, to: Math.min(to, interval.to) }, interval, emptyBars(), verdict, evidence);
  if (at >= end) return none(interval.to, 'empty', `delisted ${timeText(listing.last as number)}`);
  if (at >= final)
    return none(end, 'not_yet_published', `bars are final ${settings.settleMs} ms after their close; it is ${timeText(now)}`);
  if (at < first) return none(Math.min(first, final), 'empty', `listed ${timeText(listing.first as number)}`);
  if (at < reach) return none(Math.min(reach, end, final), 'beyond_depth', `${timeframe} reaches back ${(depth as number) / DAY} days`);
  return undefined;
}

async function requested(
  settings: SimulatedSettings,
  exchange: Exchange,
  now: number,
  ask: Ask,
  at: number,
  signal: AbortSignal,
): Promise<Page> {
  const { timeframe } = ask;
  const calendar = calendarOf(ask);
  const final = finalUntil(calendar, now - settings.settleMs, timeframe);
  const most = Math.min(ask.interval.to, endOf(listingOf(settings, ask.symbol), calendar, timeframe), final);
  const window = { from: at, to: Math.min(most, pageEnd(calendar, timeframe, at, settings.pageBars, most)) };
  const { bars, count } = await exchange.request(ask, window, signal);
  const facts = { provider: SOURCE, series: `${ask.symbol} ${ask.timeframe}` };
  if (countOf(bars) < count) throw fail('ANSWER_TRUNCATED', { ...facts, reason: `${countOf(bars)} of ${count} bars arrived` });
  checkAnswer(SOURCE, ask, window, bars, ts => calendar.count({ from: ts, to: ts + 1 }, timeframe) === 1);
  if (count === 0)
    return pageOf(window, ask.interval, bars, 'empty', `an empty list for ${timeText(window.from)} … ${timeText(window.to)}`);
  if (bars.close.every(Number.isNaN)) return pageOf(window, ask.interval, emptyBars(), 'failed', `${count} rows, none with a price`);
  return pageOf(window, ask.interval, bars, null, `${count} bars`);
}

/** Where the bars of a symbol end: behind the last one that it has. */
const endOf = ({ last }: Listing, calendar: Calendar, timeframe: Timeframe): number =>
  last === undefined ? Number.MAX_SAFE_INTEGER : openFrom(calendar, last, timeframe);

const pageOf = (answered: Interval, { to }: Interval, bars: Bars, verdict: Verdict | null, evidence: string): Page => ({
  bars,
  answered,
  verdict,
  evidence,
  next: answered.to < to ? answered.to : null,
});
