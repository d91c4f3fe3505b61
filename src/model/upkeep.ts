/** The words of upkeep: what a data folder needs from time to time. */
import { fail } from './errors.js';
import type { Job } from './job.js';
import { nameOf, type Series } from './series.js';
import { DAY, HOUR } from './timeframe.js';

/** How long versions and unnamed files stay. */
export interface Keeping {
  readonly versions: number;
  readonly ms: number;
  readonly graceMs: number;
}

/** As the settings have it. */
export const keepingOf = (keep: { readonly days: number; readonly versions: number; readonly graceHours: number }): Keeping => ({
  versions: keep.versions,
  ms: keep.days * DAY,
  graceMs: keep.graceHours * HOUR,
});

export interface UpkeepOrder {
  readonly job: 'upkeep';
  readonly id: string;
  /** The series that are meant; null: all. */
  readonly only: readonly Series[] | null;
  /** Which files are folded, and from how many on; null: none. */
  readonly compact: { readonly which: 'all' | 'small'; readonly least: number } | null;
  /** Whose time is over goes; null: nothing does. */
  readonly keep: Keeping | null;
  /** Staging is swept, and the data folder brought below its bound. */
  readonly whole: boolean;
  readonly by: string;
  readonly silenceMs: number;
}

/** A series that was vacuumed, or could not be. */
export interface VacuumFacts {
  readonly series: string;
  readonly first: number;
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
  readonly waiting: number;
  readonly error: string | null;
}

export interface CompactFacts {
  readonly series: string;
  /** Files before. */
  readonly files: number;
  /** The version that folded them; null: there was nothing to fold, or it failed. */
  readonly version: number | null;
  readonly error: string | null;
}

export interface WholeFacts {
  readonly swept: { readonly files: number; readonly bytes: number };
  /** What was given up to stay below the bound. */
  readonly raw: number;
  readonly versions: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface UpkeepReport {
  readonly id: string;
  readonly compacted: readonly CompactFacts[];
  readonly vacuumed: readonly VacuumFacts[];
  readonly whole: WholeFacts | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What the daemon does by itself has one id each: no two of a kind run at once. */
export const upkeepIdOf = ({ id, by, whole }: Pick<UpkeepOrder, 'id' | 'by' | 'whole'>): string =>
  by === 'daemon' ? (whole ? 'upkeep' : 'upkeep/compact') : `upkeep/${id}`;

export const jobOfUpkeep = (order: UpkeepOrder): Job<UpkeepOrder> => ({
  workflow: 'upkeep',
  workflowId: upkeepIdOf(order),
  title: 'Upkeep of the data folder',
  what: 'upkeep',
  of: order.only?.map(nameOf).join(', ') ?? 'the data folder',
  order,
});

/** An order as it comes from outside: nothing of it is taken on trust. The series is checked where it becomes a path. */
export function checkUpkeep(given: unknown): UpkeepOrder {
  const order = given as UpkeepOrder;
  const isCount = (n: unknown): boolean => typeof n === 'number' && Number.isFinite(n) && n >= 0;
  const fine =
    typeof given === 'object' &&
    given !== null &&
    order.job === 'upkeep' &&
    /^[A-Za-z0-9_-]{1,64}$/.test(order.id) &&
    (order.only === null || Array.isArray(order.only)) &&
    (order.compact === null || (['all', 'small'].includes(order.compact?.which) && isCount(order.compact.least))) &&
    (order.keep === null || [order.keep?.versions, order.keep?.ms, order.keep?.graceMs].every(isCount)) &&
    typeof order.whole === 'boolean' &&
    /^[\w .:-]{1,64}$/.test(order.by) &&
    Number.isInteger(order.silenceMs) &&
    order.silenceMs >= 500;
  if (!fine) throw fail('USAGE', { reason: 'this is no order of upkeep. Nothing was done' });
  return order;
}
