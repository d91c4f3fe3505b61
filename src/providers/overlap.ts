/**
 * Windows that are asked for by time overlap, too: an answer reaches a bar beyond its window, and the next one has to
 * begin with that bar, as it was. It is remembered for as long as one ask goes on.
 */
import { type Bars, countOf, sliceBars } from '../model/bars.js';
import { lowerBound } from '../model/bisect.js';
import type { Interval } from '../model/interval.js';
import { checkJoint, type Joint, jointOf } from './joint.js';
import { calendarOf } from './known.js';
import type { Ask } from './provider.js';

/**
 * How far an answer settles that was to reach beyond its window: to the end of it or, when it tells nothing of what lies
 * beyond although bars are expected there, only behind its last row. It may have been cut: what follows is asked for by itself.
 */
export function endOf(ask: Ask, { from, to }: Interval, reach: number, lastRow: number | undefined): number {
  const calendar = calendarOf(ask);
  if (lastRow === undefined || lastRow < from || lastRow >= to || reach <= to) return to;
  return calendar.count({ from: to, to: reach }, ask.timeframe) === 0 ? to : Math.min(to, calendar.next(lastRow, ask.timeframe));
}

/** Takes an answer in time order, with what it says beyond its window; raises PAGES_DISAGREE. */
export type Overlaps = (ask: Ask, window: Interval, bars: Bars) => void;

export function createOverlaps(provider: string): Overlaps {
  const joints = new WeakMap<Ask, Joint>();
  return (ask, { from, to }, bars) => {
    const joint = joints.get(ask);
    if (joint && joint.ts >= from && joint.ts < to) {
      const own = lowerBound(bars.ts, joint.ts);
      checkJoint(provider, ask, joint, sliceBars(bars, own, countOf(bars)));
    }
    const behind = lowerBound(bars.ts, to);
    const next = jointOf(sliceBars(bars, behind, Math.min(behind + 1, countOf(bars))));
    if (next) joints.set(ask, next);
    else joints.delete(ask);
  };
}
