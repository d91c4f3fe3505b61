/** The words of a backup that a person orders: tables are copied to a second place, or brought back from it. */
import { fail } from './errors.js';
import type { Job } from './job.js';
import { parseId } from './series.js';

export interface BackupOrder {
  readonly job: 'backup';
  readonly id: string;
  readonly what: 'backup' | 'restore';
  /** The second place, on the worker's machine. */
  readonly folder: string;
  /** Only these series, by their ids; null: all. */
  readonly only: readonly string[] | null;
  /** Where a restore goes; null: the data folder. */
  readonly to: string | null;
  /** Reads every copy again, and mends what is damaged. */
  readonly again: boolean;
  /** Tells what would be copied, and copies nothing. */
  readonly dryRun: boolean;
  readonly silenceMs: number;
}

export interface BackedSeries {
  /** The id of the series. */
  readonly series: string;
  readonly version: number | null;
  /** What was copied. */
  readonly files: number;
  readonly bytes: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface BackupReport {
  readonly id: string;
  readonly what: BackupOrder['what'];
  readonly folder: string;
  readonly to: string | null;
  readonly dryRun: boolean;
  /** nothing: all of it is there already. partial: a series could not be copied. */
  readonly outcome: 'done' | 'nothing' | 'partial';
  readonly series: readonly BackedSeries[];
  readonly startedAt: number;
  readonly endedAt: number;
}

const isPath = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.length <= 4_096 && !value.includes('\0');

/** An order as it comes from outside: nothing of it is taken on trust. */
export function checkBackup(given: unknown): BackupOrder {
  const order = given as BackupOrder;
  const fine =
    typeof given === 'object' &&
    given !== null &&
    order.job === 'backup' &&
    /^[A-Za-z0-9_-]{1,64}$/.test(order.id) &&
    ['backup', 'restore'].includes(order.what) &&
    isPath(order.folder) &&
    (order.only === null || (Array.isArray(order.only) && order.only.every(id => typeof id === 'string' && parseId(id) !== undefined))) &&
    (order.to === null || isPath(order.to)) &&
    typeof order.dryRun === 'boolean' &&
    Number.isInteger(order.silenceMs) &&
    order.silenceMs >= 500;
  if (!fine) throw fail('USAGE', { reason: 'this is no order of a backup. Nothing was written' });
  return order;
}

export function jobOfBackup(order: BackupOrder): Job<BackupOrder> {
  const { id, what, folder } = order;
  const title = what === 'backup' ? `Backing up to ${folder}` : `Bringing back from ${folder}`;
  return { workflow: 'backupTables', workflowId: `backup/${id}`, title, what: what === 'backup' ? 'backup' : 'restore', of: folder, order };
}
