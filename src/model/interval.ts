/**
 * Sets of time. An interval is half-open, [from, to), in epoch milliseconds; a set is a sorted list of
 * disjoint intervals that do not touch. All arithmetic on sets of time is here.
 */
import { placeWhere } from './bisect.js';
import { fail } from './errors.js';

export interface Interval {
  readonly from: number;
  readonly to: number;
}
export type IntervalSet = readonly Interval[];

export const interval = (from: number, to: number): Interval => ({ from, to });
export const isEmpty = (set: IntervalSet): boolean => set.length === 0;

/** Any intervals, in any order, overlapping or empty, as a set. */
export function toSet(intervals: Iterable<Interval>): IntervalSet {
  const sorted = [...intervals].filter(i => i.to > i.from).sort((a, b) => a.from - b.from);
  const set: Interval[] = [];
  for (const i of sorted) {
    const last = set.at(-1);
    if (last && i.from <= last.to) set[set.length - 1] = interval(last.from, Math.max(last.to, i.to));
    else set.push(interval(i.from, i.to));
  }
  return set;
}

export const union = (a: IntervalSet, b: IntervalSet): IntervalSet => toSet([...a, ...b]);

export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const out: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] as Interval;
    const y = b[j] as Interval;
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (from < to) out.push(interval(from, to));
    if (x.to < y.to) i++;
    else j++;
  }
  return out;
}

export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  const out: Interval[] = [];
  let j = 0;
  for (const x of a) {
    let from = x.from;
    while (j < b.length && (b[j] as Interval).to <= from) j++;
    for (let k = j; k < b.length && (b[k] as Interval).from < x.to; k++) {
      const y = b[k] as Interval;
      if (y.from > from) out.push(interval(from, y.from));
      from = Math.max(from, y.to);
    }
    if (from < x.to) out.push(interval(from, x.to));
  }
  return out;
}

export const totalMs = (set: IntervalSet): number => set.reduce((sum, i) => sum + (i.to - i.from), 0);

export const covers = (set: IntervalSet, wanted: Interval): boolean => isEmpty(subtract(toSet([wanted]), set));

/** Whether `ts` lies in the set, by bisection. */
export function contains(set: IntervalSet, ts: number): boolean {
  const place = placeWhere(set.length, i => (set[i] as Interval).to <= ts);
  return place < set.length && (set[place] as Interval).from <= ts;
}

/** The smallest interval that holds the whole set. */
export function hull(set: IntervalSet): Interval | undefined {
  const first = set[0];
  const last = set.at(-1);
  return first && last ? interval(first.from, last.to) : undefined;
}

/** The set in pieces of at most `ms`; a piece never spans a hole. */
export function pieces(set: IntervalSet, ms: number): Interval[] {
  if (!(ms > 0)) throw fail('INTERVAL_INVALID', { from: 0, to: ms, reason: 'a piece is longer than nothing' });
  const out: Interval[] = [];
  for (const i of set) for (let from = i.from; from < i.to; from += ms) out.push(interval(from, Math.min(i.to, from + ms)));
  return out;
}
