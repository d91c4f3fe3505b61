/** Every bar that a calendar expects and a table lacks has a reason: its class. Found from the `ts` column, the coverage and the ledger. */
import { placeWhere } from './bisect.js';
import type { Calendar, Mark } from './calendar.js';
import type { Absence, Holdings, Reason } from './coverage.js';
import { contains, type Interval, type IntervalSet, interval, toSet } from './interval.js';
import { nominalMs, type Timeframe } from './timeframe.js';

export const GAP_CLASSES = [
  'pending',
  'before_listing',
  'after_delisting',
  'halted',
  'optional',
  'no_trade',
  'provider_empty',
  'out_of_reach',
  'failed',
  'missing',
] as const;
export type GapClass = (typeof GAP_CLASSES)[number];

/** Absent bars of one class that follow each other. */
export interface GapRun extends Interval {
  readonly class: GapClass;
  readonly bars: number;
  /** What it is known from; empty where nothing is known. */
  readonly evidence: string;
  /** When it is asked for again; null: not by itself. */
  readonly next: number | null;
}

export interface GapFacts {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  readonly holdings: Holdings;
  /** Bars that open at or after this moment are not final yet. */
  readonly finalBefore: number;
  readonly halted?: IntervalSet;
  readonly optional?: IntervalSet;
}

const CLASS_OF: Readonly<Record<Reason, GapClass>> = {
  no_trade: 'no_trade',
  may_change: 'missing',
  provider_empty: 'provider_empty',
  before_listing: 'before_listing',
  after_delisting: 'after_delisting',
  out_of_reach: 'out_of_reach',
  not_yet_published: 'pending',
  halted: 'halted',
  suspected_outage: 'failed',
  failed: 'failed',
  refused: 'failed',
};

/** What a calendar marks, as reasons for which bars may be absent without a fault. */
export function excusesOf(marks: readonly Mark[]): { readonly halted: IntervalSet; readonly optional: IntervalSet } {
  const of = (kind: Mark['kind']) => toSet(marks.filter(mark => mark.kind === kind));
  return { halted: of('halted'), optional: of('optional') };
}

/** The stretches of `within` in which expected bars are absent. `ts` holds the opens that are there, in order. */
export function holesIn(ts: Float64Array, within: Interval, calendar: Calendar, timeframe: Timeframe): Interval[] {
  const holes: Interval[] = [];
  const step = nominalMs(timeframe);
  const look = (before: number, to: number): void => {
    const from = Number.isNaN(before) ? within.from : calendar.next(before, timeframe);
    if (from < to && calendar.count(interval(from, to), timeframe) > 0) holes.push(interval(from, to));
  };
  let before = Number.NaN;
  for (let i = 0; i < ts.length; i++) {
    const at = ts[i] as number;
    if (at < within.from || at >= within.to) continue;
    // The usual case first: bar after bar, a million a hundredth of a second.
    if (at - before !== step) look(before, at);
    before = at;
  }
  look(before, within.to);
  return holes;
}

/** Sorts every absent bar into its class: the first rule that fits. Neighbours of one class are one run. */
export function classify(ts: Float64Array, within: Interval, facts: GapFacts): GapRun[] {
  const runs: GapRun[] = [];
  const edges = edgesOf(facts);
  for (const hole of holesIn(ts, within, facts.calendar, facts.timeframe)) {
    for (const piece of cutAt(hole, edges)) {
      const bars = facts.calendar.count(piece, facts.timeframe);
      if (bars > 0) put(runs, { ...piece, bars, ...reasonOf(piece, facts) }, hole);
    }
  }
  return runs;
}

function put(runs: GapRun[], run: GapRun, hole: Interval): void {
  const last = runs.at(-1);
  const joins = last && last.from >= hole.from && last.class === run.class && last.evidence === run.evidence && last.next === run.next;
  if (joins) runs[runs.length - 1] = { ...last, to: run.to, bars: last.bars + run.bars };
  else runs.push(run);
}

/** Moments at which the reason may change. */
function edgesOf({ holdings, finalBefore, halted = [], optional = [] }: GapFacts): number[] {
  const sets: readonly (readonly Interval[])[] = [holdings.coverage, holdings.ledger, halted, optional];
  return [...new Set([finalBefore, ...sets.flatMap(set => set.flatMap(i => [i.from, i.to]))])].sort((a, b) => a - b);
}

function* cutAt(hole: Interval, edges: readonly number[]): Generator<Interval> {
  let from = hole.from;
  for (let i = placeWhere(edges.length, i => (edges[i] as number) <= from); i < edges.length && (edges[i] as number) < hole.to; i++) {
    yield interval(from, edges[i] as number);
    from = edges[i] as number;
  }
  yield interval(from, hole.to);
}

type Why = Pick<GapRun, 'class' | 'evidence' | 'next'>;
const because = (gapClass: GapClass, evidence: string, next: number | null = null): Why => ({ class: gapClass, evidence, next });

function reasonOf(piece: Interval, { holdings, finalBefore, halted = [], optional = [] }: GapFacts): Why {
  if (piece.from >= finalBefore) return because('pending', 'its close and the settling time after it have not passed');
  const known = recordOf(holdings.ledger, piece.from);
  const told = known && CLASS_OF[known.reason];
  if (known && (told === 'before_listing' || told === 'after_delisting')) return because(told, known.evidence, known.next);
  if (contains(halted, piece.from)) return because('halted', 'the calendar names a halt');
  if (contains(optional, piece.from)) return because('optional', 'the calendar says a bar may be absent');
  if (known && told) return because(told, known.evidence, known.next);
  return because('missing', contains(holdings.coverage, piece.from) ? 'asked for, and no reason was recorded' : '');
}

/** The record that speaks of a moment; the ledger is in order and its records do not overlap. */
function recordOf(ledger: readonly Absence[], at: number): Absence | undefined {
  const found = ledger[placeWhere(ledger.length, i => (ledger[i] as Absence).to <= at)];
  return found && found.from <= at ? found : undefined;
}

/** Totals by class, and the longest runs. */
export function sumUp(runs: readonly GapRun[], longest = 5): { totals: Record<GapClass, number>; longest: readonly GapRun[] } {
  const totals = Object.fromEntries(GAP_CLASSES.map(c => [c, 0])) as Record<GapClass, number>;
  for (const run of runs) totals[run.class] += run.bars;
  return { totals, longest: [...runs].sort((a, b) => b.bars - a.bars || a.from - b.from).slice(0, longest) };
}
