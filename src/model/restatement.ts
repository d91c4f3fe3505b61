/**
 * Whether new bars tell the past of the old ones by another measure: at the overlap their prices stand in one constant
 * ratio. Such bars are never blended with the old ones. A few revised bars are no restatement.
 */
import type { Bars } from './bars.js';
import { KNOWN_RATIOS, type KnownRatio } from './ratios.js';

export interface Restatement {
  /** `adjustment`: a constant ratio that no split has, as dividends taken out of prices make it. */
  readonly kind: KnownRatio['kind'] | 'adjustment';
  /** New prices over old ones. */
  readonly ratio: number;
  readonly words: string;
  /** The first bar of the overlap that is told by the new measure, and the last. */
  readonly from: number;
  readonly to: number;
  /** Bars that stand in the ratio, of all that the overlap holds. */
  readonly bars: number;
  readonly of: number;
}

export interface RestatementFacts {
  /** Prices are rounded to it; null where it is not known. */
  readonly tick: number | null;
}

/** Beyond what rounding explains, prices of one ratio may differ by this share. */
const NOISE = 0.002;
/** A half tick on either side, taken for this share of the price where the tick is not known. */
const UNKNOWN_TICK = 1e-4;
/** So many bars make a pattern in a longer overlap; where all bars stand in the ratio, two are enough. */
const LEAST = 5;
const LEAST_OF_ALL = 2;
/** In the stretch that was restated, nearly every bar was. */
const NEARLY_ALL = 0.9;

/** The finding, or undefined. Both in time order; only bars of one time are compared. */
export function findRestatement(old: Bars, news: Bars, { tick }: RestatementFacts): Restatement | undefined {
  const pairs = pairsOf(old, news, tick);
  const best = KNOWN_RATIOS.map(known => evidenceFor(known, pairs))
    .filter(found => found !== undefined)
    .sort((a, b) => b.bars - a.bars)[0];
  return best ?? adjustmentIn(pairs);
}

/** One time, told twice. */
interface Pair {
  readonly ts: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly tick: number | null;
}

function pairsOf(old: Bars, news: Bars, tick: number | null): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < old.ts.length && j < news.ts.length; ) {
    const apart = (old.ts[i] as number) - (news.ts[j] as number);
    if (apart === 0) pairs.push({ ts: old.ts[i] as number, before: pricesAt(old, i), after: pricesAt(news, j), tick });
    if (apart <= 0) i++;
    if (apart >= 0) j++;
  }
  return pairs;
}

const pricesAt = ({ open, high, low, close }: Bars, i: number): number[] => [open, high, low, close].map(column => column[i] as number);

/** Whether every price that both state stands in the ratio, as far as rounding and noise let one see. */
function fits({ before, after, tick }: Pair, ratio: number): boolean {
  let told = 0;
  for (let p = 0; p < before.length; p++) {
    const a = before[p] as number;
    const b = after[p] as number;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    const grain = (half: number | null, price: number) => (half === null ? UNKNOWN_TICK * Math.abs(price) : half);
    const half = tick === null ? null : tick / 2;
    const slack = grain(half, b) + ratio * grain(half, a) + NOISE * Math.abs(b);
    // The last bit of a sum is not a difference.
    if (Math.abs(b - ratio * a) > slack * (1 + 1e-9)) return false;
    told++;
  }
  return told > 0;
}

/** Rows that tell: those for which the ratio and "as before" cannot both be true. */
function evidenceFor(
  { ratio, kind, words }: Pick<Restatement, 'ratio' | 'kind' | 'words'>,
  pairs: readonly Pair[],
): Restatement | undefined {
  const restated: number[] = [];
  let plain = 0;
  let telling = 0;
  pairs.forEach((pair, i) => {
    const by = fits(pair, ratio);
    if (by && fits(pair, 1)) return;
    telling++;
    if (by) restated.push(i);
  });
  const enough = restated.length >= LEAST || (restated.length === telling && restated.length >= LEAST_OF_ALL);
  if (!enough) return undefined;
  const first = restated[0] as number;
  const last = restated.at(-1) as number;
  for (let i = first; i <= last; i++) if (!fits(pairs[i] as Pair, ratio)) plain++;
  if (restated.length < NEARLY_ALL * (restated.length + plain)) return undefined;
  const [from, to] = [pairs[first] as Pair, pairs[last] as Pair];
  return { kind, ratio, words, from: from.ts, to: to.ts, bars: restated.length, of: pairs.length };
}

/** A constant ratio that is in no list: the middle one of the bars that changed, if the others follow it. */
function adjustmentIn(pairs: readonly Pair[]): Restatement | undefined {
  const ratios = pairs
    .filter(pair => !fits(pair, 1))
    .map(({ before, after }) => (after[3] as number) / (before[3] as number))
    .filter(ratio => ratio > 0 && Number.isFinite(ratio))
    .sort((a, b) => a - b);
  const ratio = ratios[ratios.length >> 1];
  if (ratio === undefined || ratios.length < LEAST) return undefined;
  return evidenceFor({ kind: 'adjustment', ratio, words: `prices × ${ratio.toPrecision(5)}` }, pairs);
}
