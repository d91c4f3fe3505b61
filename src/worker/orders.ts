/** Which loads a starting daemon has to see to: those that were open when the last one ended, and the series it is to keep. */

import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { ulid } from 'ulid';
import { heldVersion, type Standing } from '../activities/index.js';
import { isChange } from '../model/change-check.js';
import { isJob } from '../model/jobs.js';
import { type LoadOrder, workflowIdOf } from '../model/load.js';
import { jobOfMany, loadsOfMany, type ManyOrder, MOST_LOADS, titleOfMany } from '../model/load-many.js';
import { checkOrder } from '../model/order-check.js';
import { USUAL_PROVIDER } from '../model/provider-rules.js';
import { TASK_QUEUE } from '../model/queues.js';
import type { Series } from '../model/series.js';
import { type ResolvedSettings, tuningOf } from '../settings.js';
import type { Store } from '../store/index.js';
import type { loadMany } from '../workflows/load-many.js';

/** `choose` gives a series the source of its rule; null: there is none for it. */
export function keptSeries(
  settings: ResolvedSettings,
  now: number,
  choose: (series: Series, calendar: string | null) => string | null = () => null,
): LoadOrder[] {
  const fetched = settings.series.filter(({ derive }) => derive === undefined);
  return fetched.map(({ symbol, timeframe, assetClass, dataset, provider, from, calendar }) => ({
    load: ulid(now),
    series: { dataset, assetClass, symbol, timeframe },
    provider: provider ?? choose({ dataset, assetClass, symbol, timeframe }, calendar ?? null) ?? USUAL_PROVIDER,
    ...(provider !== undefined && { pinned: true }),
    span: { from: from ?? null, to: null },
    ...(calendar === undefined ? {} : { calendar }),
    mode: 'full',
    by: 'daemon',
    tuning: tuningOf(settings),
  }));
}

/** What a house is given to order by: sources are chosen when a load is due, as they are then. */
export const standingOf = (settings: ResolvedSettings, choose: (series: Series, calendar: string | null) => string | null): Standing => ({
  kept: () => keptSeries(settings, 0, choose),
  listed: name => {
    const list = Object.hasOwn(settings.watchlists, name) ? settings.watchlists[name] : undefined;
    if (!list) return undefined;
    const { symbols, timeframes, dataset, ...said } = list;
    return symbols.flatMap(symbol => timeframes.map(timeframe => ({ ...said, dataset, symbol, timeframe })));
  },
  orderOf: (series, provider, calendar) => ({
    load: '',
    series,
    provider,
    span: { from: null, to: null },
    ...(calendar === null ? {} : { calendar }),
    mode: 'full',
    by: 'daemon',
    tuning: tuningOf(settings),
  }),
});

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
    const version = await heldVersion(store, order.series);
    if (version === undefined) free.push(order);
    else held.push({ order, version });
  }
  return { free, held };
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
  const together = new Set(loads.flatMap(({ order }) => loadsOfMany(order)));
  for (const { load, order: given } of loads) {
    if (isChange(given) || isJob(given) || together.has(load)) continue;
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

/**
 * Starts loads that nobody waits for, as one order of that name. One of the same name that is under way gives way: its loads go on
 * and are joined, those first, so that no more run at once than the settings allow.
 */
export async function submit(
  client: Client,
  store: Store,
  name: string,
  orders: readonly LoadOrder[],
  settings: ResolvedSettings,
): Promise<void> {
  if (orders.length === 0) return;
  const { loads } = await store.openLoads();
  const open = new Set(loads.map(({ load }) => load).filter(load => load.startsWith(name)));
  for (const load of open) await store.closeLoad(load);
  const { loadsAtOnce, silenceMs } = settings.worker;
  const sorted = await runningFirst(client, orders);
  const parts = Math.ceil(sorted.length / MOST_LOADS);
  for (let part = 0; part < parts; part++) {
    const order: ManyOrder = {
      job: 'many',
      id: `${name}-${part}`,
      title: titleOfMany(sorted.map(o => o.series)),
      atOnce: Math.max(1, Math.floor(loadsAtOnce / parts)),
      every: {},
      loads: sorted.slice(part * MOST_LOADS, (part + 1) * MOST_LOADS),
      silenceMs,
    };
    await store.recordLoad({ load: order.id, order });
    const { workflowId, memo, searchAttributes, title } = jobOfMany(order);
    await client.workflow.start<typeof loadMany>('loadMany', {
      taskQueue: TASK_QUEUE,
      workflowId,
      // It holds nothing but the places of its loads, and those live on.
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      args: [order],
      memo,
      searchAttributes,
      staticSummary: title,
    });
  }
}

async function runningFirst(client: Client, orders: readonly LoadOrder[]): Promise<LoadOrder[]> {
  const running = new Set<string>();
  const query = "WorkflowType = 'loadSeries' AND ExecutionStatus = 'Running'";
  for await (const { workflowId } of client.workflow.list({ query })) running.add(workflowId);
  const runs = ({ series }: LoadOrder) => running.has(workflowIdOf(series));
  return [...orders.filter(runs), ...orders.filter(order => !runs(order))];
}
