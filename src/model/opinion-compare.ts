/** Stored bars held against those of a source: value by value, never blended. */
import { type Bars, barAt, VALUES, type Value } from './bars.js';
import { contains, type IntervalSet } from './interval.js';
import { type FieldDifference, NO_OPINION, type OpinionCounts, type OpinionRow, type Spread, type Tolerance } from './opinion.js';

const PRICES: readonly Value[] = ['open', 'high', 'low', 'close'];

export interface Compared {
  readonly counts: OpinionCounts;
  readonly rows: readonly OpinionRow[];
  /** Of each bar that both have, when it was and by which share the price, or the volume, is apart at most. */
  readonly price: readonly Apart[];
  readonly volume: readonly Apart[];
  /** Rows of `theirs` that say otherwise, or that are not stored. */
  readonly news: readonly number[];
}

export type Apart = readonly [ts: number, by: number];

export interface Comparing {
  readonly tolerance: Tolerance;
  /** What is compared beside the prices. */
  readonly values: readonly Value[];
  /** It is a difference, too, when only one side states a value. */
  readonly strict: boolean;
  /** Where the source answered. */
  readonly answered: IntervalSet;
}

/** Both in time order. Unless it is to be strict, a value that one side does not state is not held against it. */
export function compareBars(ours: Bars, theirs: Bars, { tolerance, values, strict, answered }: Comparing): Compared {
  const counts = { ...NO_OPINION } as { -readonly [K in keyof OpinionCounts]: number };
  const rows: OpinionRow[] = [];
  const [price, volume]: [Apart[], Apart[]] = [[], []];
  const news: number[] = [];
  const compared = VALUES.filter(name => PRICES.includes(name) || values.includes(name));
  for (let i = 0, j = 0; i < ours.ts.length || j < theirs.ts.length; ) {
    const a = ours.ts[i] ?? Number.POSITIVE_INFINITY;
    const b = theirs.ts[j] ?? Number.POSITIVE_INFINITY;
    if (a < b) {
      if (contains(answered, a)) rows.push(alone('missingThere', ours, i));
      i++;
    } else if (b < a) {
      rows.push(alone('missingHere', theirs, j));
      news.push(j);
      j++;
    } else {
      const fields = compared.flatMap(name => differenceOf(name, ours[name][i] as number, theirs[name][j] as number, strict));
      price.push([a, mostOf(fields.filter(f => PRICES.includes(f.name)))]);
      if (values.includes('volume') && !Number.isNaN(ours.volume[i]) && !Number.isNaN(theirs.volume[j]))
        volume.push([a, mostOf(fields.filter(f => f.name === 'volume'))]);
      const beyond = fields.filter(f => f.by === null || f.by > allowed(f.name, tolerance));
      if (fields.length === 0) counts.equal++;
      else if (beyond.length === 0) counts.close++;
      else rows.push({ ts: a, what: 'different', source: sourceAt(ours, i), fields: beyond });
      if (beyond.length > 0) news.push(j);
      i++;
      j++;
    }
  }
  for (const { what } of rows) counts[what]++;
  return { counts, rows, price, volume, news };
}

const allowed = (name: Value, { price, volume }: Tolerance): number => (PRICES.includes(name) ? price : volume);

/** Empty: the same, or not held against each other. */
function differenceOf(name: Value, ours: number, theirs: number, strict: boolean): FieldDifference[] {
  if (ours === theirs || (Number.isNaN(ours) && Number.isNaN(theirs))) return [];
  if (Number.isNaN(ours) || Number.isNaN(theirs)) return strict ? [{ name, ours: stated(ours), theirs: stated(theirs), by: null }] : [];
  return [{ name, ours, theirs, by: Math.abs(theirs - ours) / Math.max(Math.abs(ours), Number.MIN_VALUE) }];
}

const stated = (value: number): number | null => (Number.isNaN(value) ? null : value);

const mostOf = (fields: readonly FieldDifference[]): number => fields.reduce((most, f) => Math.max(most, f.by ?? 0), 0);

const sourceAt = (bars: Bars, i: number): string => bars.sources[bars.source[i] as number] as string;

function alone(what: 'missingThere' | 'missingHere', bars: Bars, i: number): OpinionRow {
  const bar = barAt(bars, i);
  const side = (value: number | null) => (what === 'missingThere' ? { ours: value, theirs: null } : { ours: null, theirs: value });
  return {
    ts: bar.ts,
    what,
    source: bar.source,
    fields: PRICES.map(name => ({ name, ...side(bar[name] ?? null), by: null })),
  };
}

export function spreadOf(all: readonly Apart[]): Spread {
  if (all.length === 0) return { bars: 0, median: null, worst: null, worstAt: null };
  const sorted = [...all].sort((a, b) => a[1] - b[1]);
  const [worstAt, worst] = sorted.at(-1) as Apart;
  return { bars: all.length, median: (sorted[sorted.length >> 1] as Apart)[1], worst, worstAt: worst === 0 ? null : worstAt };
}

export const plusCounts = (a: OpinionCounts, b: OpinionCounts): OpinionCounts => ({
  equal: a.equal + b.equal,
  close: a.close + b.close,
  different: a.different + b.different,
  missingThere: a.missingThere + b.missingThere,
  missingHere: a.missingHere + b.missingHere,
});
