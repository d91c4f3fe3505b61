/** The words of an import: somebody's files become bars of series. Names and counts travel, never bars. */
import type { Bar } from './bars.js';
import type { GapClass } from './gap-classes.js';
import type { Note } from './load.js';
import type { UnderWay } from './progress.js';
import type { Counts } from './quality.js';
import type { AssetClass } from './series.js';
import type { Timeframe } from './timeframe.js';

/** What a person says of the files; null: they have to tell it themselves. */
export interface ImportGiven {
  readonly dialect: string | null;
  readonly symbol: string | null;
  readonly timeframe: Timeframe | null;
  readonly zone: string | null;
  readonly stamp: 'open' | 'close' | null;
  /** Of dates in digits. */
  readonly order: 'ymd' | 'dmy' | 'mdy' | null;
  readonly decimal: '.' | ',' | null;
  /** A description of the layout, as YAML of a file of the worker's machine. */
  readonly layout: string | null;
}

export interface ImportOrder {
  readonly job: 'import';
  /** A ULID: what was committed is recognised by it. */
  readonly id: string;
  /** Files and folders of the worker's machine. */
  readonly paths: readonly string[];
  readonly given: ImportGiven;
  readonly dataset: string;
  readonly assetClass: AssetClass | null;
  readonly calendar: string | null;
  /** Whose kind of prices these are; null: raw trades. */
  readonly provider: string | null;
  /** What becomes of a row that says otherwise than the stored bar: it is set aside, or takes its place. */
  readonly overlap: 'keep' | 'replace';
  /** The last row of a file that may have been written while its bar was running is taken, too. */
  readonly keepLast: boolean;
  /** Reads files again that a version names already. */
  readonly again: boolean;
  /** Reads and compares, and commits nothing. */
  readonly dryRun: boolean;
  readonly by: string;
  readonly batchBars: number;
  readonly silenceMs: number;
}

export interface ImportQuestion {
  readonly about: string;
  readonly options: readonly string[];
  readonly says: string;
}

/** What was found out about one text before its rows are taken. */
export interface Looked {
  readonly note: Note;
  readonly found: FileFound;
  /** A version names it already. */
  readonly known: boolean;
}

export interface FileFound {
  readonly dialect: string;
  readonly symbol: string | null;
  /** The series by its name, with its class. */
  readonly series: string | null;
  readonly assetClass: AssetClass | null;
  readonly timeframe: Timeframe | null;
  readonly zone: string | null;
  readonly stamp: 'open' | 'close' | null;
  readonly calendar: string | null;
  readonly evidence: readonly string[];
  readonly doubts: readonly string[];
  readonly questions: readonly ImportQuestion[];
}

/** Where to go on in a text: a byte of it and its line, and what the stretch before held. */
export interface Place {
  readonly at: number;
  readonly line: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Its newest rows came first. */
  readonly descending?: boolean;
}

/** Bars that the market expects between the first and the last one of a file and that are not in it, by what is known of them. */
export type GapCounts = Partial<Record<GapClass, number>>;

export function plusGaps(a: GapCounts, b: GapCounts): GapCounts {
  const sum: GapCounts = { ...a };
  for (const [name, bars] of Object.entries(b) as [GapClass, number][]) sum[name] = (sum[name] ?? 0) + bars;
  return sum;
}

/** The outermost times of rows, and some of their first and last bars as they will be stored. */
export interface Ends {
  readonly first: number | null;
  readonly last: number | null;
  readonly head: readonly Bar[];
  readonly tail: readonly Bar[];
}

/** Those of rows, and of the rows behind them. */
export const plusEnds = (a: Ends, b: Ends): Ends => ({
  first: a.first === null || b.first === null ? (a.first ?? b.first) : Math.min(a.first, b.first),
  last: a.last === null || b.last === null ? (a.last ?? b.last) : Math.max(a.last, b.last),
  head: a.head.length > 0 ? a.head : b.head,
  tail: b.tail.length > 0 ? b.tail : a.tail,
});

/** So many stretches are read ahead of the one that is merged. */
export const AHEAD = 4;

/** One stretch of rows in staging. */
export interface Taken extends Ends {
  readonly note: Note;
  readonly rows: number;
  readonly bars: number;
  /** Rows that are no bars. */
  readonly refused: number;
  /** Where the first of them stands, and why it is none. */
  readonly why?: string;
  /** null: this was the last stretch. */
  readonly next: Place | null;
  /** How much of the text is read, up to 1. */
  readonly share: number;
  /** Rows whose stamp lay inside a bar and that were put to its open. */
  readonly moved: number;
  readonly gaps: GapCounts;
}

export interface ImportCounts {
  /** Rows of the file: each is one of the three below. */
  readonly rows: number;
  /** Bars that were new or took the place of another. */
  readonly stored: number;
  /** Rows that say what is stored, or what another row says. */
  readonly equal: number;
  readonly quarantined: number;
}

export const NO_IMPORT_COUNTS: ImportCounts = { rows: 0, stored: 0, equal: 0, quarantined: 0 };

export interface ImportedFile extends ImportCounts, Ends {
  readonly file: string;
  readonly found: FileFound | null;
  readonly moved: number;
  /** The first rows that were set aside: where they stand, and why. */
  readonly aside: readonly string[];
  readonly gaps: GapCounts;
  /** Bars that met what was stored before, unless that is of this very file. */
  readonly compared: number;
  /** Of the sessions that its bars fall in, with what is stored of them; null: none was looked at. */
  readonly quality: Counts | null;
  readonly known: boolean;
  readonly versions: readonly number[];
  /** Why it ended early; what was committed before stays. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Of an import that was cancelled: the line from which on none of its rows was taken; null: it was gone through. */
  readonly stoppedAt: number | null;
}

export const nothingOf = (file: string): ImportedFile => ({
  file,
  ...NO_IMPORT_COUNTS,
  found: null,
  first: null,
  last: null,
  head: [],
  tail: [],
  moved: 0,
  aside: [],
  gaps: {},
  compared: 0,
  quality: null,
  known: false,
  versions: [],
  error: null,
  stoppedAt: null,
});

/** Of the work on a text: recognising it, reading its rows, storing them. */
export const PARTS = { look: 0.05, take: 0.45, land: 0.5 } as const;

/** What a step on a text tells while it is under way, in megabytes as the progress counts them. */
export const underWay = ({ bytes }: { readonly bytes: number }, share: number): UnderWay => ({ items: (bytes / 1e6) * share, bars: 0 });

/** What became of the files; of many it is `packed`: base64 of their JSON through gzip, for a message of the server is small. */
export type ImportTold = Pick<ImportReport, 'outcome' | 'files'> & { readonly packed?: string };

export interface ImportReport {
  readonly id: string;
  /** nothing: all of it is there already. partial: something could not be taken. */
  readonly outcome: 'done' | 'nothing' | 'partial' | 'cancelled';
  readonly dryRun: boolean;
  readonly files: readonly ImportedFile[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** So many of the rows that are set aside are told of; all are in quarantine. */
export const ASIDE_SHOWN = 3;

/** What an import came to, by what became of its files. */
export function outcomeOf(files: readonly ImportedFile[]): ImportReport['outcome'] {
  if (files.some(f => f.stoppedAt !== null)) return 'cancelled';
  if (files.some(f => f.error !== null || isOpen(f.found))) return 'partial';
  return files.some(f => f.stored > 0 || f.versions.length > 0) ? 'done' : 'nothing';
}

/** What stays open is asked: nothing is read by a guess. */
export const isOpen = (found: FileFound | null): boolean => (found?.questions.length ?? 0) > 0;
