/** How well stamps fit a market's hours when they are read by a zone and a side: what tells one reading from another. */
import { lowerBound } from '../../model/bisect.js';
import type { Calendar } from '../../model/calendar.js';
import { clustersOf } from '../../model/clusters.js';
import { MINUTE, nominalMs, type Timeframe } from '../../model/timeframe.js';
import type { Stamping } from '../layout.js';
import { isLateOpen } from '../place.js';
import { wallClock } from './zones.js';

export interface Fit extends Stamping {
  /** Stamps at which the market expects no bar, and all stamps. */
  readonly off: number;
  readonly of: number;
  /** Share of the market's bars between the first and the last stamp that are there. */
  readonly whole: number;
  /** The opens that come out: readings with the same ones are one. */
  readonly print: string;
}

/** Stretches of stamps from places of the file, each in time order, as the wall clock showed them. */
export function fitOf(stretches: readonly Float64Array[], timeframe: Timeframe, calendar: Calendar, { zone, stamp }: Stamping): Fit {
  const clock = wallClock(zone);
  const length = nominalMs(timeframe);
  const back = stamp === 'close' ? length : 0;
  let there = 0;
  let all = 0;
  let expectedAll = 0;
  let print = 0;
  for (const stretch of stretches) {
    const opens = Array.from(stretch, local => (clock.momentsOf(local)[0] ?? local) - back).sort((a, b) => a - b);
    const expected = clustersOf(Float64Array.from(opens), timeframe).map(part => calendar.expected(part, timeframe));
    const known = new Set(expected.flatMap(part => Array.from(part)));
    const fits = (at: number): boolean => known.has(at) || (stamp === 'open' && isLate(at, expected, length));
    for (const at of opens) print = (print * 31 + at / 1_000) % 9_007_199_254_740;
    all += opens.length;
    there += opens.filter(fits).length;
    expectedAll += known.size;
  }
  return { zone, stamp, off: all - there, of: all, whole: expectedAll > 0 ? there / expectedAll : 0, print: String(print) };
}

/** Inside a bar, as of a server that opened late: it is put to the bar's open. */
function isLate(at: number, expected: readonly Float64Array[], length: number): boolean {
  if (length <= MINUTE) return false;
  return expected.some(part => {
    const before = part[lowerBound(part, at) - 1];
    return before !== undefined && isLateOpen(at - before, length);
  });
}

/** The better first: fewer stamps off the market's bars, then more of its bars there. */
export const better = (a: Fit, b: Fit): number => a.off - b.off || b.whole - a.whole;

/** So many stamps more have to be off before a reading is clearly the worse one: few may be a broker's own hours, where the best has any. */
const FEW = 3;

export const fitAlike = (best: Fit, other: Fit): boolean =>
  other.off - best.off < (best.off === 0 ? FEW : Math.max(FEW, 2 * best.off, best.of * 0.001));

export const fitWords = ({ off, of }: Fit): string => `${(Math.floor((1 - off / Math.max(1, of)) * 1000) / 10).toFixed(1)} %`;
