/**
 * The frame work of the store: heavy, and done in child processes. A job names files and gets counts back;
 * bars never travel between processes.
 */
import type { IntervalSet } from '../../model/interval.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { Rule } from './merge-bars.js';
import type { PageFacts } from './pages.js';

/** A file that must hold exactly these bytes: checked before every read. */
export interface Sealed {
  readonly file: string;
  readonly sha256: string;
}

/** Bars in a file, in arrival order: `raw` is Parquet, `pages` what `append` was handed. */
export interface Input extends Sealed, PageFacts {
  readonly kind: 'raw' | 'pages';
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
  readonly inputs: readonly Input[];
  /** The table's files that bars in `held` may be in. */
  readonly files: readonly Held[];
  /** Where the table may have bars already. A new bar outside cannot meet an old one. */
  readonly held: IntervalSet;
  readonly timeframe: Timeframe;
  readonly rule: Rule;
  readonly sliceRows: number;
  readonly outFolder: string;
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
}

export interface Merged {
  readonly candidates: readonly Candidate[];
  readonly counts: Counts;
}

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
  stage(job: StageJob): Promise<Staged>;
  merge(job: MergeJob): Promise<Merged>;
  validate(job: ValidateJob): Promise<Validated>;
  checkpoint(job: CheckpointJob): Promise<Sealed>;
  close(): Promise<void>;
}
