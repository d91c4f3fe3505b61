/** What every source of bars promises. Differences between sources are data in `serves`, looked at, never guessed by name. */
import type { Archive, ArchiveFile } from '../model/archives.js';
import type { Bars } from '../model/bars.js';
import type { Calendar } from '../model/calendar.js';
import type { Verdict } from '../model/coverage.js';
import type { Interval } from '../model/interval.js';
import type { AssetClass, Basis } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import type { Http } from './http/http.js';
import type { Records } from './records/records.js';

export interface Serves {
  readonly assetClasses: readonly AssetClass[];
  readonly timeframes: readonly Timeframe[];
  /** Bars on one page at most. */
  readonly pageBars: number;
  /** How far back this timeframe reaches from now, in ms; absent: to the listing. */
  readonly depthMs: Readonly<Partial<Record<Timeframe, number>>>;
  /** After a bar's close it may still change for this long: only then it is final. */
  readonly settleMs: number;
  /** Sends no bar for a minute without a trade. */
  readonly omitsEmpty: boolean;
  /** Which way pages run. */
  readonly direction: 'forward' | 'backward';
  /** How it stamps and cuts bars before we turn them into ours. */
  readonly stamp: 'open' | 'close';
  readonly anchor: 'segment' | 'day' | 'clock';
  readonly basis: Basis;
  /** Where the basis differs: the first entry that fits a series decides; a list that is absent fits all. */
  readonly except?: readonly BasisException[];
  readonly requestsPerSecond: number;
  /** Requests a day; absent: no limit. */
  readonly requestsPerDay?: number;
  /** Files of whole days or months for the past, the largest first; absent: everything is asked page by page. */
  readonly archives?: readonly Archive[];
}

export interface BasisException {
  readonly assetClasses?: readonly AssetClass[];
  readonly timeframes?: readonly Timeframe[];
  readonly basis: Partial<Basis>;
}

/** What one segment asks for. */
export interface Ask {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly interval: Interval;
  /** By which its bars are expected, cut as `serves` says; absent: its market never closes. */
  readonly calendar?: Calendar;
  /** The archive of `serves.archives` that is to serve it, as far as it can; absent: pages. */
  readonly part?: string;
}

/** Where to go on: opaque to all but its provider, small, and plain JSON. */
export type Cursor = string | number;

export interface Page {
  /** In time order, every bar final and inside the ask. */
  readonly bars: Bars;
  /**
   * The part of the ask that this page settles, whether or not it holds bars. The pages follow each other
   * without overlap or hole and together settle the whole ask: a part that cannot be had has a verdict.
   */
  readonly answered: Interval;
  /** When it holds no bars: what that means. */
  readonly verdict: Verdict | null;
  /** What the verdict is known from, in a few words. */
  readonly evidence: string;
  /** The archive that its bars were read from, which its source may correct later; absent: a request told them. */
  readonly archive?: ArchiveFile;
  /** null: this was the last page. */
  readonly next: Cursor | null;
}

/** What a source tells about one of its symbols. */
export interface Listing {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  /** Open of the first bar there ever was, and the end of the last one; undefined: the source does not tell. */
  readonly first?: number;
  readonly last?: number;
  /** What the dates are known from. */
  readonly evidence: string;
}

/** A name that a source knows, as somebody searches for it. */
export interface FoundSymbol extends Partial<Listing> {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  /** What it is called; false: it is not traded now. */
  readonly title?: string;
  readonly active?: boolean;
}

/** What changed the count or the worth of shares: kept apart from the bars. `date` is the session's, at 00:00Z. */
export type SourceEvent =
  | { readonly kind: 'split'; readonly date: number; readonly ratio: number }
  | { readonly kind: 'dividend'; readonly date: number; readonly amount: number; readonly currency: string };

export interface Provider {
  readonly name: string;
  readonly serves: Serves;
  /** SYMBOL_UNKNOWN when it has no such symbol. */
  listing(symbol: string, signal: AbortSignal): Promise<Listing>;
  /**
   * Pages in the order of `serves.direction`, from a cursor or from the beginning. Never a bar outside the ask,
   * never one that is not final. Never retries: a failure comes out by its code, and Temporal does the rest.
   */
  pages(ask: Ask, from: Cursor | null, signal: AbortSignal): AsyncIterable<Page>;
  /** Symbols whose name holds the text; absent: the source has no list. */
  symbols?(search: string, signal: AbortSignal): Promise<readonly FoundSymbol[]>;
  /** Splits and dividends with a date in the interval, in time order; absent: the source tells of none. */
  events?(symbol: string, interval: Interval, signal: AbortSignal): Promise<readonly SourceEvent[]>;
}

/** What a provider is given: the world is made by the worker, never here. */
export interface World {
  now(): number;
  /** Resolves after `ms`, or rejects at once when the signal fires. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** The way out to the network. */
  readonly http: Http;
  /** Where what was asked is kept, for all processes of the machine; absent: each source counts for itself. */
  readonly records?: Records;
  /** Lines for the log: what goes on, and what somebody should know of; absent: nobody listens. */
  readonly tell?: (what: string, facts: Readonly<Record<string, unknown>>) => void;
  readonly warn?: (what: string, facts: Readonly<Record<string, unknown>>) => void;
}
