/**
 * Windows that are asked for by time overlap, too: an answer reaches a bar beyond its window, and the next one has to
 * begin with that bar, as it was. It is remembered for as long as one ask goes on.
 */
import { type Bars, countOf, sliceBars } from '../model/bars.js';
import { lowerBound } from '../model/bisect.js';
import type { Interval } from '../model/interval.js';
import { checkJoint, type Joint, jointOf } from './joint.js';
import type { Ask } from './provider.js';

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
