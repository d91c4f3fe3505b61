/** An order of many series from its beginning to its end, whatever happens to the daemon in between. */
import { ulid } from 'ulid';
import { fail, isTapekeepError } from '../../model/errors.js';
import type { LoadOrder } from '../../model/load.js';
import {
  jobOfMany,
  type ManyLoad,
  type ManyOrder,
  type ManyReport,
  type ManyRow,
  type ManyStatus,
  MOST_LOADS,
  NO_COUNTS,
  titleOfMany,
} from '../../model/load-many.js';
import { nameOf, type Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store } from '../../store/index.js';
import type { Engine } from '../engine/engine.js';
import type { Reach } from '../engine/reach.js';
import { exitOf } from '../exits.js';
import { followJob, NOT_BEGUN, orderedFrom, startRecorded } from '../jobs/job.js';
import type { Follow, Outcome } from '../requests.js';
import { watchMany } from './watch-many.js';

/** What all loads have in common is said once. */
export function manyOf({ worker }: ResolvedSettings, orders: readonly LoadOrder[], unfit: readonly ManyRow[] = []): ManyOrder {
  const all = [...orders, ...unfit];
  if (all.length > MOST_LOADS) {
    throw fail('USAGE', { reason: `${all.length} series are more than the ${MOST_LOADS} that one order may have. Nothing was done` });
  }
  const { load: _, series: __, provider: ___, ...every } = orders[0] ?? ({} as LoadOrder);
  return {
    job: 'many',
    id: ulid(),
    title: titleOfMany(all.map(({ series }) => series)),
    atOnce: worker.loadsAtOnce,
    every,
    loads: orders.map(order => ownOf(order, every)),
    ...(unfit.length > 0 && { unfit }),
    silenceMs: worker.silenceMs,
  };
}

/** What an order does not share with the others. */
function ownOf(order: LoadOrder, every: Partial<LoadOrder>): ManyLoad {
  const differs = ([key, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(every[key as keyof LoadOrder]);
  const { load, series, provider } = order;
  return { ...Object.fromEntries(Object.entries(order).filter(differs)), load, series, provider };
}

/** Resolves when all of it is over; cancelled, with what was kept. */
export async function followMany(reach: Reach, store: Store, order: ManyOrder, follow: Follow): Promise<ManyReport> {
  const { signal, onCancelling } = follow;
  const job = jobOfMany(order);
  if (signal?.aborted) throw fail('LOAD_CANCELLED', { series: job.of, kept: NOT_BEGUN });
  await orderedFrom(reach, await reach.connect('start'), engine => startRecorded(engine, store, job));
  let over = false;
  const watching = watchMany(reach, order, follow, () => over);
  try {
    return inOrder(order, await followJob<ManyReport>(reach, job, { signal, onCancelling }));
  } catch (error) {
    const report = isTapekeepError(error, 'LOAD_CANCELLED') && (await statusOf(await reach.connect('find'), order.id)).report;
    if (!report) throw error;
    return inOrder(order, report);
  } finally {
    over = true;
    await watching;
  }
}

/** The report of an order without loads. */
export function nothingOf({ id, title, every }: ManyOrder): ManyReport {
  const now = Date.now();
  return { id, title, outcome: 'nothing', counts: NO_COUNTS, every, rows: [], startedAt: now, endedAt: now };
}

/** As they were asked for, not as they ended. */
function inOrder({ loads }: ManyOrder, report: ManyReport): ManyReport {
  const place = new Map(loads.map(({ load }, i) => [load, i]));
  const placeOf = ({ load }: ManyRow): number => place.get(load) ?? loads.length;
  return { ...report, rows: [...report.rows].sort((a, b) => placeOf(a) - placeOf(b)) };
}

/** The end of each load as that of a single one is told. */
export const outcomesOf = ({ rows }: ManyReport): Outcome[] => rows.map(outcomeOf);

function outcomeOf({ series, report, fault, how = 'started' }: ManyRow): Outcome {
  if (report) return { series, loaded: { ...report, series, how } };
  if (fault) return { series, error: fail(fault.code, fault.facts) };
  const kept = how === 'started' ? NOT_BEGUN : 'somebody else ordered it, too, and it goes on';
  return { series, error: fail('LOAD_CANCELLED', { series: nameOf(series), kept }) };
}

const ANSWER_MS = 60_000;

/** A daemon that has just begun may need a while before it answers. */
async function statusOf(engine: Engine, id: string): Promise<ManyStatus> {
  for (const deadline = Date.now() + ANSWER_MS; Date.now() < deadline; ) {
    const status = await engine.many.status(id);
    if (status) return status;
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: `no worker answered within ${ANSWER_MS / 1_000} s` });
}

/** What became of an order: of the newest unless one is named. */
export async function reportOf(engine: Engine, named: string | undefined): Promise<ManyReport> {
  const id = named ?? (await engine.many.newest());
  if (id === undefined) throw fail('LOAD_UNKNOWN', { load: 'of many series' });
  const { report } = await statusOf(engine, id);
  if (!report) throw fail('USAGE', { reason: `the order ${id} is under way: what failed is known when it is over. Nothing was done` });
  return report;
}

/** A load as it was asked for, once more. */
export const orderAgain = ({ state: _, how: __, report: ___, fault: ____, ...load }: ManyRow, every: Partial<LoadOrder>): LoadOrder =>
  ({ ...every, ...load, load: ulid() }) as LoadOrder;

/** A series that cannot be ordered because of what is stored of it: it fails, and stops no other. Any other error is the caller's. */
export function unfitRow(error: unknown, series: Series | undefined): ManyRow {
  if (!series || !isTapekeepError(error) || exitOf(error.code) !== 'damaged') throw error;
  const { code, message, facts } = error;
  return { load: ulid(), series, provider: '', state: 'failed', how: 'started', report: null, fault: { code, message, facts } };
}
