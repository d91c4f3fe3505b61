/** What can be asked of the library, and how it is followed. */
import type { Column } from '../model/bars.js';
import type { Adjustment } from '../model/events.js';
import type { LoadPlan, LoadReport, Mode } from '../model/load.js';
import type { ManyGlance } from '../model/load-many.js';
import type { Progress } from '../model/progress.js';
import type { Series } from '../model/series.js';
import type { Flags } from '../settings.js';
import type { Cancellable } from './loads/cancelling.js';

export type Moment = string | number | Date;

export interface OpenOptions {
  /** The settings file; else TAPEKEEP_CONFIG, else config/tapekeep.yaml if there is one. */
  readonly config?: string;
  /** Single settings by key, as `--set` has them: { data: 'bars', 'worker.fetchesAtOnce': 4 }. */
  readonly set?: Flags;
  readonly env?: NodeJS.ProcessEnv;
  /** Hears what a daemon says while it starts. */
  readonly say?: (line: string) => void;
  /** Hears what this program waits for (a daemon, an answer), and null when that is over. */
  readonly waits?: (what: string | null) => void;
  /** Who asks, as the lineage of a version tells it. */
  readonly by?: string;
}

export interface LoadRequest {
  /** `@majors` stands for the symbols of that watchlist of the settings. */
  readonly symbol: string | readonly string[];
  /** Of a watchlist it may be left out. */
  readonly timeframe?: string | readonly string[];
  readonly from?: Moment;
  readonly to?: Moment;
  readonly mode?: Mode;
  /** Take all that the series holds anew, in one version: after a split, or when the source changed its measure. */
  readonly reload?: boolean;
  /** The finer timeframe of the same series that the bars are made of, instead of being fetched: '1m' for hours. */
  readonly derive?: string;
  readonly provider?: string;
  readonly dataset?: string;
  /** What is traded; unset, what the symbol is listed as, or what its form tells. */
  readonly assetClass?: string;
  /** The calendar that says which bars should exist, as XNYS; unset, that of the instrument. */
  readonly calendar?: string;
}

/** As it is once watchlists are looked up. */
export type PlainRequest = LoadRequest & { readonly timeframe: string | readonly string[] };

export interface Follow extends Cancellable {
  /** Hears how far each load is. What it throws is its own affair: the load goes on. */
  readonly onProgress?: (progress: Progress, series: Series) => void;
  /** Hears what hinders a load when a step of it has to be tried again, and undefined when it goes on. */
  readonly onTrouble?: (reason: string | undefined, series: Series) => void;
  /** Hears how far several series are as a whole, and which of them are under way. */
  readonly onAll?: (glance: ManyGlance) => void;
}

export interface Loaded extends LoadReport {
  readonly series: Series;
  /** started, or joined or extended a load that was running. */
  readonly how: string;
}

/** How one of several loads ended: a report, or an error. */
export type Outcome = { readonly series: Series; readonly loaded: Loaded } | { readonly series: Series; readonly error: Error };

export interface Planned extends LoadPlan {
  readonly series: Series;
  readonly provider: string;
}

export interface GetOptions {
  /** Load what is missing first (the default), or take what is there. */
  readonly load?: 'missing' | 'never';
  readonly as?: 'frame' | 'arrow';
  readonly dataset?: string;
  /** The timeframe of the series that the bars are made of, when it is a finer one. */
  readonly madeOf?: string;
  /** By today's measure: with all splits, or with all dividends as well; else as they were traded. */
  readonly adjusted?: Adjustment;
}

/** Which bars, by their stamps; without a bound, all on that side. */
export interface Within {
  readonly from?: Moment;
  readonly to?: Moment;
}

export interface ReadOptions {
  readonly columns?: readonly Column[];
  /** A version, or a moment: the last version that was there then. */
  readonly asOf?: number | string | Date;
  /** A coarser timeframe, made of the bars of the series. */
  readonly timeframe?: string;
  /** By today's measure: with all splits, or with all dividends as well; else as they were traded. */
  readonly adjusted?: Adjustment;
}

export interface IterateOptions extends Omit<ReadOptions, 'columns'> {
  /** No more bars at once than this; 100,000 unless told otherwise. */
  readonly batch?: number;
}
