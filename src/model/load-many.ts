/** The words of an order of many series: what is asked of all, the loads of which it is made, how each of them ended. */
import { type ErrorCode, errors, type Facts, fail } from './errors.js';
import type { Job } from './job.js';
import type { Admission, LoadOrder, LoadReport, Note } from './load.js';
import { checkOrder } from './order-check.js';
import type { Progress } from './progress.js';
import { nameOf, type Series } from './series.js';

/** A load of many: what it has of its own. The rest is what is asked of all. */
export type ManyLoad = Pick<LoadOrder, 'load' | 'series' | 'provider'> & Partial<LoadOrder>;

export interface ManyOrder {
  readonly job: 'many';
  /** A ULID: it outlives continue-as-new. */
  readonly id: string;
  readonly title: string;
  /** So many of its loads run at the same time; the others wait. */
  readonly atOnce: number;
  readonly every: Partial<LoadOrder>;
  readonly loads: readonly ManyLoad[];
  /** Series whose table could not be read when they were ordered: they are told among those that failed. */
  readonly unfit?: readonly ManyRow[];
  readonly silenceMs: number;
}

/** Larger orders would not fit into one message of the server. */
export const MOST_LOADS = 3_000;

export const STATES = ['waiting', 'running', 'done', 'nothing', 'partial', 'failed', 'cancelled'] as const;
export type ManyState = (typeof STATES)[number];

export interface ManyFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly facts: Facts;
}

/** How a load of many ended. */
export interface ManyEnd {
  readonly how: Admission['how'];
  /** null: it failed, or had not begun when all were cancelled. */
  readonly report: LoadReport | null;
  readonly fault: ManyFault | null;
}

/** A load of many as it stands. */
export interface ManyRow extends ManyLoad, Partial<ManyEnd> {
  readonly state: ManyState;
}

export type ManyCounts = Readonly<Record<ManyState, number>>;

export interface ManyReport {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'done' | 'nothing' | 'partial' | 'failed' | 'cancelled';
  readonly counts: ManyCounts;
  readonly every: Partial<LoadOrder>;
  readonly rows: readonly ManyRow[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** As often asked for as somebody watches: it says nothing of loads that wait or went well. */
export interface ManyGlance {
  readonly id: string;
  readonly progress: Progress;
  readonly counts: ManyCounts;
  readonly running: readonly Pick<ManyLoad, 'load' | 'series'>[];
}

export interface ManyStatus extends ManyGlance {
  /** Loads that ended well in an earlier run are only counted, until the report has all of them. */
  readonly rows: readonly ManyRow[];
  readonly report: ManyReport | null;
}

/** What one run of the workflow hands on to the next, whatever went before: counts, names of notes, and what is not well. */
export interface ManySoFar {
  readonly startedAt: number;
  readonly counts: ManyCounts;
  readonly progress: Progress;
  /** Where the ends of earlier runs are written down. */
  readonly notes: readonly Note[];
  readonly unwell: readonly ManyRow[];
  /** So many loads at the head of the order were begun by an earlier run, and may be over by now. */
  readonly begun: number;
  readonly paused: string | null;
}

export const manyIdOf = ({ id }: Pick<ManyOrder, 'id'>): string => `many/${id}`;

export const orderOf = ({ every }: Pick<ManyOrder, 'every'>, load: ManyLoad): LoadOrder => ({ ...every, ...load }) as LoadOrder;

/** An order as it comes from outside: nothing of it is taken on trust. Raises USAGE or SYMBOL_INVALID. */
export function checkMany(given: unknown): ManyOrder {
  const order = given as ManyOrder;
  const fine =
    typeof given === 'object' &&
    given !== null &&
    order.job === 'many' &&
    /^[A-Za-z0-9_-]{1,64}$/.test(order.id) &&
    typeof order.title === 'string' &&
    order.title.length <= 200 &&
    inside(order.atOnce, 1, 1_000) &&
    inside(order.silenceMs, 500, 3_600_000) &&
    typeof order.every === 'object' &&
    Array.isArray(order.loads) &&
    order.loads.length <= MOST_LOADS &&
    (order.unfit === undefined || (Array.isArray(order.unfit) && order.unfit.length <= MOST_LOADS));
  if (!fine) throw fail('USAGE', { reason: 'this is no order of many loads. Nothing was written' });
  for (const load of order.loads) checkOrder(orderOf(order, load));
  return order;
}

const inside = (n: unknown, least: number, most: number): boolean => Number.isInteger(n) && (n as number) >= least && (n as number) <= most;

/** The ids of the loads of an open order as the catalog holds it; whatever else it is, none. */
export function loadsOfMany(given: unknown): string[] {
  const { job, loads } = (given ?? {}) as Partial<ManyOrder>;
  return job === 'many' && Array.isArray(loads) ? loads.map(({ load }) => load) : [];
}

/** What the server lists it by; it has no symbol of its own. */
export const listedMany = { LoadKind: ['many'], LoadOutcome: ['running'] };

export function jobOfMany(order: ManyOrder) {
  const { id, title } = order;
  const of = `${order.loads.length} series`;
  return {
    workflow: 'loadMany',
    workflowId: manyIdOf(order),
    title,
    what: 'load',
    of,
    order,
    memo: { job: id },
    searchAttributes: listedMany,
    turns: true,
  } satisfies Job<ManyOrder>;
}

/** "BTCUSDT 1m, ETHUSDT 1m and 3 more". */
export function titleOfMany(all: readonly Series[]): string {
  const names = all.slice(0, 2).map(nameOf).join(', ');
  return `Loading ${names}${all.length > 2 ? ` and ${all.length - 2} more` : ''}`;
}

export const NO_COUNTS: ManyCounts = { waiting: 0, running: 0, done: 0, nothing: 0, partial: 0, failed: 0, cancelled: 0 };

export function countOf(rows: readonly Pick<ManyRow, 'state'>[]): ManyCounts {
  const counts: Record<ManyState, number> = { ...NO_COUNTS };
  for (const { state } of rows) counts[state]++;
  return counts;
}

export const stateOf = ({ report, fault }: ManyEnd): ManyState => (fault ? 'failed' : (report?.outcome ?? 'cancelled'));

/** Whether the load has to be ordered again to have what was asked for. */
export const isUnwell = ({ state }: Pick<ManyRow, 'state'>): boolean => state === 'failed' || state === 'partial';

/** How all of it ended: as its loads did, and `partial` when they differ in whether there is something left to do. */
export function outcomeOf({ done, nothing, partial, failed, cancelled }: ManyCounts): ManyReport['outcome'] {
  if (partial + cancelled > 0 || (failed > 0 && done + nothing > 0)) return 'partial';
  if (failed > 0) return 'failed';
  return done > 0 ? 'done' : 'nothing';
}

const LONGEST_TOLD = 500;

/** What ended a load, found in the chain of its failure: the type of one of ours is its code. */
export function faultOf(error: unknown, series: Series): ManyFault {
  let last: Error | undefined;
  for (let at = error; at instanceof Error; at = at.cause) {
    last = at;
    const { type, details } = at as { type?: unknown; details?: readonly unknown[] };
    if (typeof type === 'string' && Object.hasOwn(errors, type))
      return { code: type as ErrorCode, message: at.message.slice(0, LONGEST_TOLD), facts: (details?.[0] ?? {}) as Facts };
  }
  const reason = last?.name === 'TerminatedFailure' ? 'somebody terminated it' : (last?.message ?? 'no reason was given');
  const { code, message, facts } = fail('LOAD_FAILED', { series: nameOf(series), reason: reason.slice(0, LONGEST_TOLD) });
  return { code, message, facts };
}
