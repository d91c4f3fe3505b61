/** What a table is at one version: its files and its configuration, from the log alone. */
import type { MetaDataRow } from '../frames/jobs.js';
import type { AddAction, LogEntry } from './entry.js';

export interface TableFile {
  /** Below the table's folder. */
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly sha256: string | null;
  readonly added: number;
}

export interface Snapshot {
  readonly version: number;
  readonly metaData: MetaDataRow;
  readonly files: ReadonlyMap<string, TableFile>;
  /** Seal of the entry this stands on; null when another writer made it or it was cleaned up behind a checkpoint. */
  readonly seal: string | null;
}

/** Files and configuration, before a table is known to have both. */
export interface Unfinished {
  readonly version: number;
  readonly metaData: MetaDataRow | null;
  readonly files: ReadonlyMap<string, TableFile>;
  readonly seal: string | null;
}

export const BLANK: Unfinished = { version: -1, metaData: null, files: new Map(), seal: null };

/** A changing copy while many entries are applied. */
export function applyEntries(start: Unfinished, entries: readonly LogEntry[]): Unfinished {
  const files = new Map(start.files);
  let { version, metaData, seal } = start;
  for (const entry of entries) {
    for (const remove of entry.removes) files.delete(remove.path);
    for (const add of entry.adds) files.set(add.path, fileOf(add));
    metaData = entry.metaData ?? metaData;
    version = entry.version;
    seal = entry.commitInfo?.tapekeep?.seal ?? null;
  }
  return { version, metaData, files, seal };
}

interface Stats {
  readonly numRecords?: number;
  readonly minValues?: { readonly ts?: string };
  readonly maxValues?: { readonly ts?: string };
}

export function fileOf(add: Pick<AddAction, 'path' | 'size' | 'stats' | 'tags' | 'modificationTime'>): TableFile {
  const stats = JSON.parse(add.stats ?? '{}') as Stats;
  return {
    path: add.path,
    bytes: Number(add.size),
    rows: stats.numRecords ?? 0,
    first: Date.parse(stats.minValues?.ts ?? ''),
    last: Date.parse(stats.maxValues?.ts ?? ''),
    sha256: add.tags?.sha256 ?? null,
    added: Number(add.modificationTime),
  };
}

export const addOf = (file: TableFile): AddAction => ({
  path: file.path,
  partitionValues: {},
  size: file.bytes,
  modificationTime: file.added,
  dataChange: true,
  stats: JSON.stringify({
    numRecords: file.rows,
    minValues: { ts: stampOf(file.first) },
    maxValues: { ts: stampOf(file.last) },
    nullCount: { ts: 0 },
  }),
  tags: file.sha256 ? { sha256: file.sha256 } : {},
});

const stampOf = (ts: number): string => new Date(ts).toISOString();

const field = (name: string, type: string, nullable = true) => ({ name, type, nullable, metadata: {} });

/** The columns as Delta tells them; the same for every series. */
export const DELTA_SCHEMA: string = JSON.stringify({
  type: 'struct',
  fields: [
    field('ts', 'timestamp', false),
    ...['open', 'high', 'low', 'close', 'volume', 'turnover'].map(name => field(name, 'double')),
    field('trades', 'long'),
    field('source', 'string'),
  ],
});

export const rowsOf = (snapshot: Snapshot): number => [...snapshot.files.values()].reduce((n, f) => n + f.rows, 0);
export const bytesOf = (snapshot: Snapshot): number => [...snapshot.files.values()].reduce((n, f) => n + f.bytes, 0);
