/** The words of a migration: older files become series. Names and counts travel, never bars. */
import { fail } from './errors.js';
import type { Job } from './job.js';
import type { LoadOrder, Note } from './load.js';
import { ASSET_CLASSES, type AssetClass } from './series.js';
import { TIMEFRAMES, type Timeframe } from './timeframe.js';

export interface MigrateOrder {
  readonly job: 'migrate';
  /** A ULID, or made of one: what was committed is recognised by it. */
  readonly id: string;
  /** A folder of the worker's machine. */
  readonly folder: string;
  /** Only this series; null: all that are found. */
  readonly only: { readonly symbol: string; readonly timeframe: Timeframe } | null;
  readonly dataset: string;
  /** null: as it is stored, or as the symbol tells. */
  readonly assetClass: AssetClass | null;
  readonly calendar: string | null;
  /** Whose kind of prices these are; null: raw trades. */
  readonly provider: string | null;
  /** Reads files again that a version names already. */
  readonly again: boolean;
  /** Reads and compares, and commits nothing. */
  readonly dryRun: boolean;
  readonly by: string;
  readonly batchBars: number;
  readonly silenceMs: number;
}

export interface Surveyed {
  readonly note: Note;
  /** Their names, in order. */
  readonly series: readonly string[];
  readonly files: number;
  /** Files of bars whose name tells no series. */
  readonly strange: readonly string[];
}

/** What became of one file that was not taken. */
export interface LegacyFault {
  readonly file: string;
  readonly reason: string;
}

export interface ReadFacts {
  readonly note: Note;
  readonly batches: number;
  /** Files that were read, and files that a version names already. */
  readonly files: number;
  readonly known: number;
  readonly rows: number;
  /** Rows that are no bars, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failed: readonly LegacyFault[];
}

export interface MigratedCounts {
  readonly added: number;
  /** Bars that said what is stored, that said otherwise and gave way to it, and that cannot be right. */
  readonly unchanged: number;
  readonly kept: number;
  readonly quarantined: number;
}

export interface MigratedSeries extends MigratedCounts, Omit<ReadFacts, 'note' | 'batches'> {
  readonly name: string;
  readonly versions: readonly number[];
  /** Why it ended early; what was committed before stays. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface MigrateReport {
  readonly id: string;
  readonly folder: string;
  /** nothing: all of it is there already. partial: something could not be taken. */
  readonly outcome: 'done' | 'nothing' | 'partial';
  readonly dryRun: boolean;
  readonly series: readonly MigratedSeries[];
  readonly strange: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
}

export const migrateIdOf = ({ id }: Pick<MigrateOrder, 'id'>): string => `migrate/${id}`;

/** An order as it comes from outside: nothing of it is taken on trust. */
export function checkMigrate(given: unknown): MigrateOrder {
  const order = given as MigrateOrder;
  const fine =
    typeof given === 'object' &&
    given !== null &&
    order.job === 'migrate' &&
    /^[A-Za-z0-9_-]{1,64}$/.test(order.id) &&
    typeof order.folder === 'string' &&
    typeof order.dataset === 'string' &&
    [null, ...ASSET_CLASSES].includes(order.assetClass) &&
    (order.only === null || (typeof order.only?.symbol === 'string' && TIMEFRAMES.includes(order.only.timeframe))) &&
    [order.calendar, order.provider].every(name => name === null || /^[\w./-]{1,64}$/.test(name)) &&
    /^[\w .:-]{1,64}$/.test(order.by) &&
    Number.isInteger(order.batchBars) &&
    order.batchBars >= 1 &&
    Number.isInteger(order.silenceMs) &&
    order.silenceMs >= 500;
  if (!fine) throw fail('USAGE', { reason: 'this is no order of a migration. Nothing was written' });
  return order;
}

export const jobOfMigration = (order: MigrateOrder): Job<MigrateOrder> => ({
  workflow: 'migrateFolder',
  workflowId: migrateIdOf(order),
  title: `Migrating ${order.folder}`,
  what: 'migration',
  of: order.folder,
  order,
});

/** What a load orders when it first meets a series that an older collection has. */
export const migrationFor = ({ load, series, provider, calendar, by, tuning }: LoadOrder, folder: string): MigrateOrder => ({
  job: 'migrate',
  id: `${load}-legacy`,
  folder,
  only: { symbol: series.symbol, timeframe: series.timeframe },
  dataset: series.dataset,
  assetClass: series.assetClass,
  calendar: calendar ?? null,
  provider,
  again: false,
  dryRun: false,
  by,
  batchBars: tuning.batchBars,
  silenceMs: tuning.silenceMs,
});
