/** Gaps become segments: pieces that one provider can serve with a bounded number of requests. */
import { type Archive, archivedIn, grouped, REQUESTS_OF_A_FILE } from './archives.js';
import type { Calendar } from './calendar.js';
import { type Interval, type IntervalSet, intersect, interval, subtract, toSet } from './interval.js';
import { nominalMs, type Timeframe } from './timeframe.js';

export interface Segment extends Interval {
  /** Place in the order in which segments are fetched, from 0. */
  readonly index: number;
  /** Bars the calendar expects. */
  readonly bars: number;
  /** Requests it takes when all of them are there. */
  readonly pages: number;
  /** The archive that is to serve it; absent: pages. */
  readonly part?: string;
}

/** What a plan must know of a provider. */
export interface Reach {
  readonly pageBars: number;
  readonly depthMs: Readonly<Partial<Record<Timeframe, number>>>;
  readonly archives?: readonly Archive[];
}

export interface Cut {
  /** Pages of a segment at most. */
  readonly pagesPerSegment: number;
  /** Which end of the gaps comes first. */
  readonly order: 'oldest' | 'newest';
}

export interface SegmentPlan {
  readonly segments: readonly Segment[];
  /** The part of the gaps that lies before the provider's depth. */
  readonly unreachable: IntervalSet;
  readonly requests: number;
  readonly bars: number;
}

export const CUT: Cut = { pagesPerSegment: 50, order: 'oldest' };

/** A small load is cut into about as many segments as this, so that several lanes have work. */
const SHARES = 16;

/**
 * Segments over exactly the reachable gaps. A segment never spans a bar outside the gaps, but it spans the
 * night between two gaps: a market's closed time holds no bars. Inner cuts are bar opens.
 */
export function planSegments(
  gaps: IntervalSet,
  reach: Reach,
  timeframe: Timeframe,
  calendar: Calendar,
  now: number,
  cut: Cut = CUT,
): SegmentPlan {
  const reachable = subtract(gaps, beyond(gaps, reach, timeframe, calendar, now));
  const archived = archivedIn(reachable, reach.archives ?? [], timeframe, calendar, reach.pageBars, now);
  const stretches = joined(subtract(reachable, toSet(archived)), timeframe, calendar)
    .map(stretch => ({ ...stretch, bars: calendar.count(stretch, timeframe) }))
    .filter(stretch => stretch.bars > 0);
  const size = segmentPages([...stretches, ...archived], reach.pageBars, cut.pagesPerSegment);
  const pieces: Omit<Segment, 'index'>[] = [
    ...stretches.flatMap(stretch => cutStretch(stretch, size, reach.pageBars, timeframe, calendar)),
    ...grouped(archived, size * reach.pageBars).map(({ files, ...piece }) => ({ ...piece, pages: files * REQUESTS_OF_A_FILE })),
  ].sort((a, b) => a.from - b.from);
  if (cut.order === 'newest') pieces.reverse();
  const segments = pieces.map((piece, index) => ({ index, ...piece }));
  return {
    segments,
    unreachable: subtract(gaps, reachable),
    requests: segments.reduce((n, s) => n + s.pages, 0),
    bars: segments.reduce((n, s) => n + s.bars, 0),
  };
}

type Stretch = Interval & { readonly bars: number };

const pagesFor = (bars: number, pageBars: number): number => Math.ceil(bars / pageBars);

/** The part of the gaps before the first bar that the provider still has. */
function beyond(gaps: IntervalSet, { depthMs }: Reach, timeframe: Timeframe, calendar: Calendar, now: number): IntervalSet {
  const depth = depthMs[timeframe];
  if (depth === undefined) return [];
  return intersect(gaps, [interval(Number.NEGATIVE_INFINITY, calendar.next(now - depth - 1, timeframe))]);
}

/** Neighbours between which no bar opens, as one. */
function joined(set: IntervalSet, timeframe: Timeframe, calendar: Calendar): Interval[] {
  const out: Interval[] = [];
  for (const next of set) {
    const last = out.at(-1);
    if (last && calendar.count(interval(last.to, next.from), timeframe) === 0) out[out.length - 1] = interval(last.from, next.to);
    else out.push(next);
  }
  return out;
}

/** Pages of each segment, for this amount of work. */
function segmentPages(stretches: readonly Stretch[], pageBars: number, most: number): number {
  const pages = stretches.reduce((n, s) => n + pagesFor(s.bars, pageBars), 0);
  return Math.min(Math.max(1, most), Math.max(1, Math.ceil(pages / SHARES)));
}

/** Pieces of nearly the same number of whole pages. */
function cutStretch(stretch: Stretch, size: number, pageBars: number, timeframe: Timeframe, calendar: Calendar): Omit<Segment, 'index'>[] {
  const pages = pagesFor(stretch.bars, pageBars);
  const count = Math.ceil(pages / size);
  const out: Omit<Segment, 'index'>[] = [];
  let from = stretch.from;
  let bars = stretch.bars;
  for (let i = 0; i < count; i++) {
    const own = Math.floor(((i + 1) * pages) / count) - Math.floor((i * pages) / count);
    const take = Math.min(bars, own * pageBars);
    const to = take === bars ? stretch.to : openAfter(from, take, stretch.to, timeframe, calendar);
    out.push({ from, to, bars: take, pages: pagesFor(take, pageBars) });
    from = to;
    bars -= take;
  }
  return out;
}

/** The open of the bar that follows the first `bars` ones from `from` on. There is one before `end`. */
function openAfter(from: number, bars: number, end: number, timeframe: Timeframe, calendar: Calendar): number {
  let span = (bars + 1) * nominalMs(timeframe);
  while (from + span < end && calendar.count(interval(from, from + span), timeframe) <= bars) span *= 1.5;
  const to = Math.min(end, from + span);
  return calendar.expected(interval(from, to), timeframe)[bars] as number;
}
