/** The time in which a series may be asked for: that of its own instrument, and of no other that used its ticker. */
import { fail } from '../errors.js';
import { contains, type Interval, intersect, interval, subtract, toSet, totalMs } from '../interval.js';
import { nameOf, type Series } from '../series.js';
import { DAY } from '../timeframe.js';
import type { Instrument } from './instrument.js';
import type { Holding, Instruments } from './table.js';

/** Dates at 00:00Z, half-open; infinite where nothing is known. */
export interface Life extends Interval {
  readonly instrument: Instrument;
  readonly evidence: string;
}

/** Evidence of the list begins with this: what it says may change with the list. */
export const LISTED = 'the list of instruments: ';

const ALWAYS = interval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

/**
 * Of several that held the ticker, the one whose bars are stored; else the last one in the time that is wanted. Undefined: the
 * list has none of this class. Time of another one is refused where nothing else is wanted, for one table never joins two.
 */
export function lifeOf(instruments: Instruments, series: Series, wanted: Interval, stored: Interval | undefined): Life | undefined {
  const holders = instruments.holdings(series.symbol, ALWAYS);
  const own = holders.filter(h => h.instrument.assetClass === series.assetClass).map(h => lifeUnder(h, holders));
  const touches = (life: Interval, span: Interval): number => totalMs(intersect([life], [span]));
  if (!stored) return own.findLast(life => touches(life, wanted) > 0) ?? own.at(-1);
  const [life] = own.filter(l => touches(l, stored) > 0).sort((a, b) => touches(b, stored) - touches(a, stored));
  const other = life && touches(life, wanted) === 0 ? own.find(l => l !== life && touches(l, wanted) > 0) : undefined;
  if (life && other) throw fail('TICKER_REUSED', { series: nameOf(series), holds: life.instrument.id, wanted: other.instrument.id });
  return life ?? own.at(-1);
}

/**
 * A company that took a new name keeps its past: before the ticker's own first day, its life counts as far as no other one had the
 * ticker. After the ticker's last day somebody else may.
 */
function lifeUnder(holding: Holding, holders: readonly Holding[]): Life {
  const { instrument } = holding;
  const born = instrument.firstTrade?.date ?? holding.from;
  const others = toSet(holders.filter(h => h.instrument !== instrument));
  const whole = subtract([interval(Math.min(born, holding.from), holding.to)], others);
  const { from } = whole.find(piece => contains([piece], holding.from)) ?? holding;
  return { instrument, from, to: holding.to, evidence: evidenceOf(instrument, from, holding.to) };
}

function evidenceOf({ id, firstTrade, lastTrade }: Instrument, from: number, to: number): string {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const told = (date: number, what: string, known: Instrument['firstTrade']): string =>
    known?.date === date ? `${what} ${day(date)} (${known.knownFrom})` : `${what} ${day(date)}`;
  const parts = [
    ...(Number.isFinite(from) ? [told(from, 'first traded', firstTrade)] : []),
    ...(Number.isFinite(to) ? [told(to - DAY, 'last traded', lastTrade)] : []),
  ];
  return `${LISTED}${[id, ...parts].join(', ')}`;
}
