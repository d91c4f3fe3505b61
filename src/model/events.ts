/** Splits and dividends: kept apart from the bars, which are stored as they were traded, and applied when bars are read. */
import { type Bars, countOf } from './bars.js';
import { fail } from './errors.js';
import type { AssetClass } from './series.js';

/** `date` is the session's at 00:00Z: the first one that trades without the right. */
type Told =
  | { readonly kind: 'split'; readonly date: number /** New shares for one old one. */; readonly ratio: number }
  | {
      readonly kind: 'dividend';
      readonly date: number /** For one share of that day. */;
      readonly amount: number;
      readonly currency: string;
    };

/** With who told of it: a provider, or HAND. */
export type MarketEvent = Told & { readonly source: string };

/** Told by a person: no provider overrules it. */
export const HAND = 'hand';

/** Whose events they are: all timeframes of a symbol share them. */
export interface EventsOf {
  readonly dataset: string;
  readonly assetClass: AssetClass;
  readonly symbol: string;
}

const keyOf = ({ kind, date }: MarketEvent): string => `${kind} ${date}`;

/** By date, a split before a dividend. One of each kind on a date: the newer one, but what a person said stays. */
export function mergeEvents(held: readonly MarketEvent[], news: readonly MarketEvent[]): MarketEvent[] {
  const all = new Map(held.map(event => [keyOf(event), event]));
  for (const event of news) {
    const known = all.get(keyOf(event));
    if (known?.source !== HAND || event.source === HAND) all.set(keyOf(event), event);
  }
  return [...all.values()].sort((a, b) => a.date - b.date || (a.kind === b.kind ? 0 : a.kind === 'split' ? -1 : 1));
}

export const ADJUSTMENTS = ['split', 'dividend'] as const;
/** split: as if there were always as many shares as now. dividend: the same, and as if what was paid out had been kept. */
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** What prices and volumes of bars before a moment are multiplied by. */
export interface Factor {
  readonly before: number;
  readonly price: number;
  readonly volume: number;
}

export interface AdjustFacts {
  /** When the session of a date begins. */
  readonly startOf: (date: number) => number;
  /** The last close before the session of a date, as it is stored; undefined: no bar is that old. */
  readonly closeBefore: (date: number) => number | undefined;
  /** What prices are in; null: not known, and taken for that of the dividends. */
  readonly currency: string | null;
  /** The stored prices have splits in them already. */
  readonly splitAdjusted: boolean;
}

/** One factor for each event that changes bars. */
export function factorsOf(events: readonly MarketEvent[], how: Adjustment, facts: AdjustFacts): Factor[] {
  const factors: Factor[] = [];
  for (const event of events) {
    const before = facts.startOf(event.date);
    if (event.kind === 'split' && !facts.splitAdjusted) factors.push({ before, price: 1 / event.ratio, volume: event.ratio });
    const price = event.kind === 'dividend' && how === 'dividend' ? keptOf(event, events, facts) : undefined;
    if (price !== undefined) factors.push({ before, price, volume: 1 });
  }
  return factors;
}

/** The share of the price that a dividend left. Its amount is for a share of its day, the close for one of the day before. */
function keptOf(event: MarketEvent & { kind: 'dividend' }, events: readonly MarketEvent[], facts: AdjustFacts): number | undefined {
  const close = facts.closeBefore(event.date);
  if (close === undefined || !(close > 0)) return undefined;
  const splits = events.flatMap(e => (e.kind === 'split' ? [e] : []));
  const later = facts.splitAdjusted ? splits.filter(s => s.date > event.date).reduce((n, s) => n * s.ratio, 1) : 1;
  const same = facts.splitAdjusted ? 1 : (splits.find(s => s.date === event.date)?.ratio ?? 1);
  const kept = 1 - (amountIn(event, facts.currency) * same) / (close * later);
  if (kept > 0) return kept;
  throw invalid(event, `a dividend of ${event.amount} ${event.currency} is not below the close before it, ${close}`);
}

/** Currencies that prices are told in hundredths of. */
const HUNDREDTHS: Readonly<Record<string, string>> = { GBX: 'GBP', ILA: 'ILS', ZAC: 'ZAR' };

function amountIn(event: MarketEvent & { kind: 'dividend' }, currency: string | null): number {
  if (currency === null || currency === event.currency) return event.amount;
  if (HUNDREDTHS[currency] === event.currency) return event.amount * 100;
  if (HUNDREDTHS[event.currency] === currency) return event.amount / 100;
  throw invalid(event, `a dividend in ${event.currency} cannot be taken out of prices in ${currency}`);
}

const invalid = ({ date }: MarketEvent, reason: string): Error =>
  fail('EVENTS_INVALID', { where: `the events of ${new Date(date).toISOString().slice(0, 10)}`, reason });

const PRICES = ['open', 'high', 'low', 'close'] as const;

/** The bars by today's measure; they are in time order. Money that changed hands stays what it was. */
export function adjust(bars: Bars, factors: readonly Factor[]): Bars {
  const sorted = [...factors].sort((a, b) => a.before - b.before);
  const last = bars.ts.at(-1) ?? Number.NEGATIVE_INFINITY;
  const first = bars.ts[0] ?? Number.NEGATIVE_INFINITY;
  if (!sorted.some(f => f.before > first)) return bars;
  let [price, volume] = sorted.reduce(([p, v], f) => (f.before > last ? [p * f.price, v * f.volume] : [p, v]), [1, 1] as [number, number]);
  const out = { ...bars, volume: bars.volume.slice() };
  for (const name of PRICES) out[name] = bars[name].slice();
  let at = sorted.findLastIndex(f => f.before <= last);
  for (let i = countOf(bars) - 1; i >= 0; i--) {
    const ts = bars.ts[i] as number;
    for (; at >= 0 && (sorted[at] as Factor).before > ts; at--) {
      price *= (sorted[at] as Factor).price;
      volume *= (sorted[at] as Factor).volume;
    }
    for (const name of PRICES) (out[name] as Float64Array)[i] = (bars[name][i] as number) * price;
    out.volume[i] = (bars.volume[i] as number) * volume;
  }
  return out;
}
