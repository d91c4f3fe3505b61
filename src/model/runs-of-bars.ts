/** What bars prove by being there: themselves, and that nothing lies between two that follow each other. */
import { inTimeOrder, lowerBound } from './bisect.js';
import type { Calendar } from './calendar.js';
import { clustersOf } from './clusters.js';
import { type Interval, type IntervalSet, interval, toSet } from './interval.js';
import { nominalMs, type Timeframe } from './timeframe.js';

/** Each run of bars of which none is missing, up to where the next one would open. Never from the first to the last: a hole is a question. */
export function runsOfBars(ts: Float64Array, calendar: Calendar, timeframe: Timeframe): IntervalSet {
  if (ts.length === 0) return [];
  const opens = inTimeOrder(ts);
  const runs = clustersOf(opens, timeframe).flatMap(({ from, to }) =>
    runsIn(opens.subarray(lowerBound(opens, from), lowerBound(opens, to)), calendar, timeframe),
  );
  return toSet(runs);
}

function runsIn(opens: Float64Array, calendar: Calendar, timeframe: Timeframe): Interval[] {
  const last = opens.at(-1) as number;
  const expected = calendar.expected(interval(opens[0] as number, last + 1), timeframe);
  const after = calendar.next(last, timeframe);
  const length = nominalMs(timeframe);
  const runs: Interval[] = [];
  let place = 0;
  let from = opens[0] as number;
  let to = from;
  for (let i = 0; i < opens.length; i++) {
    const open = opens[i] as number;
    while (place < expected.length && (expected[place] as number) < open) place++;
    const isExpected = expected[place] === open;
    const next = expected[isExpected ? place + 1 : place] ?? after;
    if (open > to) {
      runs.push(interval(from, to));
      from = open;
    }
    to = Math.max(to, isExpected ? next : Math.min(next, open + length));
  }
  return [...runs, interval(from, to)];
}
