/** In autumn a clock shows an hour twice: the rows around it tell which of the two is meant. */
import { HOUR } from '../model/timeframe.js';
import type { WallClock } from './detect/zones.js';

export interface Way {
  readonly descending: boolean;
  readonly inOrder: boolean;
}

/** Rows against the way of the others, by more than a clock is set: so many are some that stand elsewhere, and more no order. */
const MOST_ASTRAY = 0.05;

/** The two ends do not tell it: between them a clock may have been set back. Few rows may not tell it either: then those before do. */
export function wayOf(ts: Float64Array, before?: boolean): Way {
  let [falls, farFalls, farRises] = [0, 0, 0];
  for (let i = 1; i < ts.length; i++) {
    const fall = (ts[i - 1] as number) - (ts[i] as number);
    falls += Math.sign(fall);
    if (fall > HOUR) farFalls++;
    if (-fall > HOUR) farRises++;
  }
  const isClear = Math.abs(falls) > ts.length / 2;
  const descending = isClear ? falls > 0 : (before ?? falls > 0);
  return { descending, inOrder: (descending ? farRises : farFalls) <= ts.length * MOST_ASTRAY };
}

/** Whether the clock shows it twice. */
export const isTwice = (clock: WallClock, local: number): boolean => clock.momentsOf(local).length > 1;

/**
 * Rows that follow each other tell which of two equal hours it is. The same minute again is the same row once more, where bars are
 * shorter than the hour. Which it is of an hour that is there once nobody can tell. A moment, or what a person is told.
 */
export function momentsIn(ts: Float64Array, clock: WallClock, { descending, inOrder }: Way, length: number) {
  const again = length < HOUR;
  /** From a row of the hour on: whether it comes once more; undefined: the rows end before. */
  const comesAgain = (from: number): boolean | undefined => {
    for (let i = from + 1; i < ts.length; i++) {
      const step = ((ts[i] as number) - (ts[i - 1] as number)) * (descending ? -1 : 1);
      if (step < 0 || (step === 0 && !again)) return true;
      if (!isTwice(clock, ts[i] as number)) return false;
    }
    return undefined;
  };
  /** A moment that is certain, from a row on. */
  const certainFrom = (from: number): number => {
    const at = ts.subarray(from).find(local => clock.momentsOf(local).length === 1);
    return at === undefined ? Number.NaN : (clock.momentsOf(at)[0] as number);
  };
  return (i: number, before: number): number | string => {
    const [first, second] = clock.momentsOf(ts[i] as number);
    if (first === undefined) return `was never on a clock of ${clock.name}: it was set forward`;
    if (second === undefined) return first;
    if (!inOrder) return `showed twice on a clock of ${clock.name}, and rows in no order do not tell which time is meant`;
    // Of longer bars only one of the two is a whole number of bars away from its neighbour.
    if (length > second - first) return (second - (Number.isNaN(before) ? certainFrom(i) : before)) % length === 0 ? second : first;
    const [nearer, further] = descending ? [second, first] : [first, second];
    const isBehind = descending ? before < nearer : before > nearer;
    if (isBehind || (!again && before === nearer)) return further;
    // Where the rows end in the hour, they may go on in it the next time: that it is the nearer one is certain where they lead up to it.
    return (comesAgain(i) ?? Math.abs(nearer - before) <= HOUR)
      ? nearer
      : `showed twice on a clock of ${clock.name}, and the rows have it once: which time is meant they do not tell`;
  };
}
