/** What the rest of the program asks of a calendar. */
import type { Interval, IntervalSet } from '../interval.js';
import type { Timeframe } from '../timeframe.js';
import type { Facts } from './facts.js';

/** One trading day: its date at 00:00Z and the stretches it trades in. */
export interface Session {
  readonly date: number;
  readonly segments: IntervalSet;
}

export interface Calendar {
  readonly name: string;
  /** Changes whenever its facts do; stands in the lineage of every commit. */
  readonly version: string;
  /** The sessions whose date lies in the interval. */
  sessions(within: Interval): Session[];
  /** The stretches of the interval in which bars of this timeframe open; a market's stretches hold whole bars. */
  open(within: Interval, timeframe: Timeframe): IntervalSet;
  /** How many bars open in the interval: counted, not listed. */
  count(within: Interval, timeframe: Timeframe): number;
  /** The opens of the bars in the interval. */
  expected(within: Interval, timeframe: Timeframe): Float64Array;
  /** When the bar that opens at `ts` is over. */
  closeOf(ts: number, timeframe: Timeframe): number;
  /** The next bar after `ts` and the last one before it. */
  next(ts: number, timeframe: Timeframe): number;
  previous(ts: number, timeframe: Timeframe): number;
}

/** Which hours count, and from where a source counts its bars. */
export interface View {
  readonly session: 'regular' | 'extended';
  /** segment: bars begin anew after every break; day: they run on from the day's first open; clock: from local midnight. */
  readonly anchor: 'segment' | 'day' | 'clock';
}

export const REGULAR: View = { session: 'regular', anchor: 'segment' };

/** A stretch whose expected bars may be missing without a fault, and why. */
export interface Mark extends Interval {
  readonly kind: 'halted' | 'optional';
  readonly why: string;
}

/** The calendar of a market, made of facts. */
export interface MarketCalendar extends Calendar {
  readonly title: string;
  readonly timezone: string;
  readonly aliases: readonly string[];
  readonly view: View;
  /** What it is made of: enough to make it again elsewhere. */
  readonly facts: Facts;
  /** The dates that are known, [first, day after the last). */
  readonly known: Interval;
  /** Open at all times: nothing about it need be looked up. */
  readonly neverCloses: boolean;
  /** The same market seen otherwise: extended hours, another anchor. */
  as(view: Partial<View>): MarketCalendar;
  /** The session that holds an instant, its breaks included. */
  sessionAt(ts: number): Session | undefined;
  /** Halts, auctions, thin hours: bars there are expected, yet no fault when missing. */
  marks(within: Interval): Mark[];
  /** Where a bar is not expected but no fault either: prints of the closing auction. */
  accepted(within: Interval): IntervalSet;
  /** What a person should know of the interval: dates beyond what the calendar knows, hours that are approximate. */
  remarks(within: Interval, timeframe: Timeframe): string[];
}
