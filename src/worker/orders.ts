/** Which loads a starting daemon has to see to: those that were open when the last one ended, and the series it is to keep. */
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { ulid } from 'ulid';
import { isChange } from '../model/change-check.js';
import { isTapekeepError } from '../model/errors.js';
import { isJob } from '../model/jobs.js';
import { type LoadOrder, TASK_QUEUE, workflowIdOf } from '../model/load.js';
import { checkOrder } from '../model/order-check.js';
import type { Series } from '../model/series.js';
import { type ResolvedSettings, tuningOf } from '../settings.js';
import type { Store } from '../store/index.js';
import type { startLoads } from '../workflows/start-loads.js';

/** `choose` gives a series the source of its rule; null: there is none for it. */
export function keptSeries(
  settings: ResolvedSettings,
  now: number,
  choose: (series: Series, calendar: string | null) => string | null = () => null,
): LoadOrder[] {
  return settings.series.map(({ symbol, timeframe, assetClass, dataset, provider, from, calendar }) => ({
    load: ulid(now),
    series: { dataset, assetClass, symbol, timeframe },
    provider: provider ?? choose({ dataset, assetClass, symbol, timeframe }, calendar ?? null) ?? 'simulated',
    ...(provider !== undefined && { pinned: true }),
    span: { from: from ?? null, to: null },
    ...(calendar === undefined ? {} : { calendar }),
    mode: 'full',
    by: 'daemon',
    tuning: tuningOf(settings),
  }));
}

export interface Parted {
  readonly free: readonly LoadOrder[];
  /** Loads that would be refused, and the version that somebody restored. */
  readonly held: readonly { readonly order: LoadOrder; readonly version: number }[];
}

/** A restored series is passed by until it is released. One that cannot be read is not: its load tells what is wrong with it. */
export async function partHeld(store: Store, orders: readonly LoadOrder[]): Promise<Parted> {
  const free: LoadOrder[] = [];
  const held: { order: LoadOrder; version: number }[] = [];
  for (const order of orders) {
    const hold = await holdOf(store, order);
    if (hold) held.push({ order, version: hold.version });
    else free.push(order);
  }
  return { free, held };
}

async function holdOf(store: Store, { series }: LoadOrder) {
  try {
    return (await store.find(series))?.hold;
  } catch (error) {
    if (isTapekeepError(error)) return null;
    throw error;
  }
}

export interface Lost {
  readonly lost: readonly LoadOrder[];
  /** What the catalog holds and no program can run. */
  readonly unfit: readonly { readonly load: string; readonly reason: string }[];
}

/** The open loads that no server knows of any more. Those that ended without closing their books are closed here. */
export async function lostOrders(client: Client, store: Store): Promise<Lost> {
  const { loads, unreadable } = await store.openLoads();
  const lost: LoadOrder[] = [];
  const unfit = unreadable.map(load => ({ load, reason: 'its file cannot be read' }));
  for (const { load, order: given } of loads) {
    if (isChange(given) || isJob(given)) continue;
    const order = orderOf(given);
    if (order instanceof Error) {
      unfit.push({ load, reason: order.message });
      continue;
    }
    const fate = await fateOf(client, order);
    if (fate === 'ended') {
      await store.clearLoad(load);
      await store.closeLoad(load);
    } else if (fate === 'unknown') lost.push(order);
  }
  return { lost, unfit };
}

function orderOf(given: unknown): LoadOrder | Error {
  try {
    return checkOrder(given);
  } catch (error) {
    return error as Error;
  }
}

/** What became of an order: its series is being loaded, its own run has ended, or the server knows nothing of it. */
async function fateOf(client: Client, { load, series }: LoadOrder): Promise<'runs' | 'ended' | 'unknown'> {
  const workflowId = workflowIdOf(series);
  const newest = await describe(client, workflowId);
  if (newest?.status.name === 'RUNNING') return 'runs';
  if (newest?.memo?.load === load) return 'ended';
  if (!newest) return 'unknown';
  // Another load of the series came after it: what was terminated long ago is not begun again.
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) if (run.memo?.load === load) return 'ended';
  return 'unknown';
}

async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

export async function submit(client: Client, store: Store, orders: readonly LoadOrder[]): Promise<void> {
  if (orders.length === 0) return;
  for (const order of orders) await store.recordLoad({ load: order.load, order });
  const { running } = await client.workflow.execute<typeof startLoads>('startLoads', {
    taskQueue: TASK_QUEUE,
    workflowId: `start/${ulid()}`,
    args: [orders],
    staticSummary: `Starting ${orders.length} load${orders.length === 1 ? '' : 's'}`,
  });
  for (const order of orders.filter(o => running.includes(o.load))) {
    // It may be this very load that runs: started by a daemon that was killed before it heard of it.
    if ((await describe(client, workflowIdOf(order.series)))?.memo?.load !== order.load) await store.closeLoad(order.load);
  }
}
