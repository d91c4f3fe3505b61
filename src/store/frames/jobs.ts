/**
 * The frame work of the store: heavy, and done in child processes. A job names files and gets counts back;
 * bars never travel between processes.
 */
import type { ArchiveFile } from '../../model/archives.js';
import type { Bar, Value } from '../../model/bars.js';
import type { CorrectedValues } from '../../model/change.js';
import type { Absence, Holdings } from '../../model/coverage.js';
import type { Interval, IntervalSet } from '../../model/interval.js';
import type { Market } from '../../model/market.js';
import type { Quarantined, SessionCounts } from '../../model/quality.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { Rule } from './merge-bars.js';
import type { PageFacts } from './pages.js';

/** A file that must hold exactly these bytes: checked before every read. */
export interface Sealed {
  readonly file: string;
  readonly sha256: string;
}

/** Bars in a file, in arrival order: `raw` is Parquet, `pages` what `append` was handed, `stream` one Arrow stream. */
export interface Input extends Sealed, PageFacts {
  readonly kind: 'raw' | 'pages' | 'stream';
  /** Of somebody's file: the line of each bar; where they follow each other, of the first. */
  readonly lines?: { readonly from: number } | Sealed;
  /** Archives of the provider that some of its bars came in. */
  readonly archives?: readonly ArchiveFile[];
}

/** A file of a table, by its path in the store, and the file of this machine that holds its bytes. */
export interface Held extends Sealed {
  readonly path: string;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
}

/** Turns the pages of one segment into its raw file, named by its content. */
export interface StageJob {
  /** The page files, in order. */
  readonly pages: readonly string[];
  readonly outFolder: string;
}

export interface Staged extends Sealed, PageFacts {
  readonly bytes: number;
}

export interface MergeJob {
  /** For messages. */
  readonly series: string;
  readonly inputs: readonly Input[];
  /** The table's files that bars in `held` may be in. */
  readonly files: readonly Held[];
  /** Where the table may have bars already. A new bar outside cannot meet an old one. */
  readonly held: IntervalSet;
  readonly timeframe: Timeframe;
  readonly rule: Rule;
  readonly sliceRows: number;
  readonly outFolder: string;
  /** What was asked and answered. */
  readonly answered: IntervalSet;
  /** By what bars are judged before they go in; unsaid, they are not. */
  readonly market?: Market;
  /** Rows of somebody's own files: each is stored, equal to what is, or set aside; these are no bars at all. */
  readonly everyRow?: {
    readonly refused: readonly (Sealed & { readonly rows: number })[];
    /** The columns of the file, counted from 1. */
    readonly columns?: Readonly<Partial<Record<'ts' | Value, number>>>;
  };
  /** Bars that a person corrected: they stay, whatever comes. */
  readonly corrected?: readonly number[];
}

/** A file that may become part of the table: beside it, not in it. */
export interface Candidate extends Staged {
  /** The path of the table's file whose bars it holds with some replaced. */
  readonly replaces: string | null;
}

export interface Counts {
  /** Bars that came in, and how many of them … */
  readonly offered: number;
  readonly added: number;
  readonly replaced: number;
  /** … said what the table says already (or another bar of the same answer). */
  readonly unchanged: number;
  /** … said otherwise, and the bar that is there stays. */
  readonly kept: number;
  /** Doubles among the new bars that did not agree. */
  readonly conflicts: number;
  /** New bars whose time the table had already: what it says was compared with a later answer. */
  readonly compared: number;
  /** Bars that cannot be right, set aside. */
  readonly quarantined: number;
}

export const NO_COUNTS: Counts = {
  offered: 0,
  added: 0,
  replaced: 0,
  unchanged: 0,
  kept: 0,
  conflicts: 0,
  compared: 0,
  quarantined: 0,
};

/** Rows that were set aside, as a file of JSON lines named by its content. */
export interface QuarantineFile extends Sealed {
  readonly rows: number;
  readonly bytes: number;
}

/** One line of a quarantine file. */
export interface QuarantinedBar {
  readonly reason: Quarantined['reason'] | 'double' | 'differs';
  readonly says: string;
  readonly ts: number;
  /** Open, high, low, close, volume, turnover, trades; null: not stated. What JSON cannot tell (NaN is never stated, infinity) is in words. */
  readonly values: readonly (number | string | null)[];
  readonly source: string;
  /** Where in somebody's file it stood; column 0: the row as a whole. */
  readonly of?: { readonly line: number; readonly column: number };
}

/** A row of a file that is no bar, as a line of a quarantine file. Rows of a stretch lie in staging as such lines. */
export interface RefusedLine {
  readonly reason: 'unreadable';
  readonly says: string;
  readonly line: number;
  readonly column: number;
  readonly row: string;
}

export interface Merged {
  readonly candidates: readonly Candidate[];
  readonly counts: Counts;
  readonly quarantine: QuarantineFile | null;
  /** Expected bars that were set aside: they are absent. */
  readonly refused: IntervalSet;
  /** Bars that came for those that a person corrected: what the source says of them now. */
  readonly overruled?: readonly Bar[];
}

export const NOTHING_MERGED: Merged = { candidates: [], counts: NO_COUNTS, quarantine: null, refused: [] };

export interface ValidateJob {
  readonly candidates: readonly Candidate[];
  /** Files that stay in the table and overlap the new candidates in time: no bar may be in both. */
  readonly beside: readonly Held[];
  /** Where new bars may be: what was answered. */
  readonly answered: IntervalSet;
  readonly timeframe: Timeframe;
}

export interface Validated {
  readonly rows: number;
}

/** Puts one bar in place, or takes it out, in the file that holds it. */
export interface AmendJob {
  readonly ts: number;
  /** Files of the table that may hold it. */
  readonly files: readonly Held[];
  /** What is said of it, the rest stays as it is; or the whole of it; or that there is none. */
  readonly bar: { readonly patch: CorrectedValues; readonly source: string } | { readonly put: Bar | null };
  readonly timeframe: Timeframe;
  /** By what the bar is judged. */
  readonly market?: Market;
  readonly outFolder: string;
}

export interface Amended {
  readonly before: Bar | null;
  readonly after: Bar | null;
  /** Why the bar cannot be right; then nothing was written. */
  readonly refused: string | null;
  readonly candidates: readonly Candidate[];
  /** Paths of files whose place they take. */
  readonly removes: readonly string[];
}

/** Makes a lost file of a table again from raw files. */
export interface RebuildJob {
  readonly lost: Pick<Held, 'path' | 'first' | 'last' | 'sha256'>;
  /** In the order in which their bars came. */
  readonly raws: readonly Sealed[];
  /** Files of the same version that overlap it in time: their bars are not its own. */
  readonly beside: readonly Held[];
  readonly outFolder: string;
}

export interface Rebuilt {
  readonly candidate: Candidate;
  /** Whether it is the lost file, byte for byte. */
  readonly same: boolean;
}

/** Counts the quality of sessions from the files that the new version will have. */
export interface MeasureJob {
  readonly files: readonly Pick<Held, 'file' | 'first' | 'last'>[];
  /** Where something changed. */
  readonly touched: IntervalSet;
  readonly timeframe: Timeframe;
  readonly market: Market;
  readonly holdings: Holdings;
  readonly now: number;
}

export interface Measured {
  readonly sessions: readonly SessionCounts[];
}

/** Folds files into slices of time: the same rows in fewer files. */
export interface CompactJob {
  /** For messages. */
  readonly series: string;
  readonly folds: readonly Fold[];
  readonly sliceRows: number;
  readonly outFolder: string;
}

/** The rows of these files that lie in [from, to) become one slice. */
export interface Fold {
  readonly from: number;
  readonly to: number;
  readonly files: readonly Held[];
}

export interface Compacted {
  readonly candidates: readonly Candidate[];
}

/** Makes coarser bars of a table's own, in a child like all that decodes files. */
export interface DeriveJob {
  /** In the order of their first bars. */
  readonly files: readonly Held[];
  readonly market: Market;
  readonly from: Timeframe;
  readonly timeframe: Timeframe;
  /** What is known of the finer bars. */
  readonly base: Holdings;
  /** Stretches of stamps in which every bar is complete. */
  readonly windows: readonly Interval[];
  readonly outFolder: string;
}

export interface Derived {
  /** Null: no bar of the windows was traded. */
  readonly input: Input | null;
  /** Complete bars of which no part was traded. */
  readonly absences: readonly Absence[];
}

export interface CheckpointJob {
  readonly rows: readonly CheckpointRow[];
  readonly outFolder: string;
}

/** The actions of a checkpoint, one of them a row. */
export interface CheckpointRow {
  readonly protocol?: { readonly minReaderVersion: number; readonly minWriterVersion: number };
  readonly metaData?: MetaDataRow;
  readonly add?: AddRow;
}

export interface MetaDataRow {
  readonly id: string;
  readonly name: string | null;
  readonly schemaString: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime: number;
}

export interface AddRow {
  readonly path: string;
  /** Never any, but Delta readers want to be told. */
  readonly partitionValues: Readonly<Record<string, string>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  readonly stats: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The frame work a store needs, wherever it is done. */
export interface Frames {
  /** Work is about to come: whoever does it gets up, and brings its packages. */
  ready(): Promise<void>;
  stage(job: StageJob): Promise<Staged>;
  merge(job: MergeJob): Promise<Merged>;
  amend(job: AmendJob): Promise<Amended>;
  rebuild(job: RebuildJob): Promise<Rebuilt>;
  validate(job: ValidateJob): Promise<Validated>;
  measure(job: MeasureJob): Promise<Measured>;
  checkpoint(job: CheckpointJob): Promise<Sealed>;
  compact(job: CompactJob): Promise<Compacted>;
  derive(job: DeriveJob): Promise<Derived>;
  close(): Promise<void>;
}
