/** Bars counted, listed and stepped through, on the runs of the years that an interval touches. */
import { lowerBound } from '../bisect.js';
import { type Interval, type IntervalSet, interval, toSet } from '../interval.js';
import type { Timeframe } from '../timeframe.js';
import { FIRST_YEAR, firstYear, LAST_YEAR, lastYear } from './days.js';
import { barsBefore, type Runs, type RunsOf } from './runs.js';

/** Calls back with every run that may have bars in the interval, in order. */
function eachRun(
  runsOf: RunsOf,
  { from, to }: Interval,
  timeframe: Timeframe,
  each: (from: number, to: number, step: number) => void,
): void {
  if (!(from < to)) return;
  for (let year = firstYear(from); year <= lastYear(to); year++) {
    const runs = runsOf(year, timeframe);
    for (let i = lowerBound(runs.to, from); i < runs.from.length && (runs.from[i] as number) < to; i++)
      each(runs.from[i] as number, runs.to[i] as number, runs.step);
  }
}

export function countBarsIn(runsOf: RunsOf, within: Interval, timeframe: Timeframe): number {
  let n = 0;
  eachRun(runsOf, within, timeframe, (from, to, step) => {
    n += barsBefore(from, to, step, within.to) - barsBefore(from, to, step, within.from);
  });
  return n;
}

export function listBarsIn(runsOf: RunsOf, within: Interval, timeframe: Timeframe): Float64Array {
  const out = new Float64Array(countBarsIn(runsOf, within, timeframe));
  let n = 0;
  eachRun(runsOf, within, timeframe, (from, to, step) => {
    const end = Math.min(to, within.to);
    for (let ts = from + barsBefore(from, to, step, within.from) * step; ts < end; ts += step) out[n++] = ts;
  });
  return out;
}

/** Stretches of whole bars: from the first open to the end of the last bar. */
export function openIn(runsOf: RunsOf, within: Interval, timeframe: Timeframe): IntervalSet {
  const out: Interval[] = [];
  eachRun(runsOf, within, timeframe, (from, to, step) => {
    const start = from + barsBefore(from, to, step, within.from) * step;
    const end = Math.min(to, from + barsBefore(from, to, step, within.to) * step);
    if (start < end) out.push(interval(start, end));
  });
  return toSet(out);
}

/** The first bar after an instant; Infinity beyond the last year that is worked out. */
export function barAfter(runsOf: RunsOf, at: number, timeframe: Timeframe): number {
  for (let year = firstYear(at); year <= LAST_YEAR; year++) {
    const { from, to, step } = runsOf(year, timeframe);
    for (let i = lowerBound(to, at); i < from.length; i++) {
      const start = from[i] as number;
      const next = at < start ? start : start + (Math.floor((at - start) / step) + 1) * step;
      if (next < (to[i] as number)) return next;
    }
  }
  return Number.POSITIVE_INFINITY;
}

/** The last bar before an instant; -Infinity before the first year that is worked out. */
export function barBefore(runsOf: RunsOf, at: number, timeframe: Timeframe): number {
  for (let year = lastYear(at); year >= FIRST_YEAR; year--) {
    const { from, to, step } = runsOf(year, timeframe);
    const i = lowerBound(from, at) - 1;
    if (i >= 0) return (from[i] as number) + (barsBefore(from[i] as number, to[i] as number, step, at) - 1) * step;
  }
  return Number.NEGATIVE_INFINITY;
}

/** The run in which a bar opens at `at`; undefined when none does. */
export function runAt(runsOf: RunsOf, at: number, timeframe: Timeframe): Interval | undefined {
  for (let year = firstYear(at); year <= lastYear(at); year++) {
    const { from, to, step }: Runs = runsOf(year, timeframe);
    const i = lowerBound(from, at + 1) - 1;
    if (i >= 0 && at < (to[i] as number) && (at - (from[i] as number)) % step === 0) return interval(from[i] as number, to[i] as number);
  }
  return undefined;
}
