/** Which loads a starting daemon has to see to: those that were open when the last one ended, and the series it is to keep. */
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { ulid } from 'ulid';
import { type LoadOrder, TASK_QUEUE, workflowIdOf } from '../model/load.js';
import type { ResolvedSettings } from '../settings.js';
import type { Store } from '../store/index.js';
import type { startLoads } from '../workflows/start-loads.js';

export function keptSeries({ series, worker }: ResolvedSettings, now: number): LoadOrder[] {
  return series.map(({ symbol, timeframe, assetClass, dataset, provider, from }) => ({
    load: ulid(now),
    series: { dataset, assetClass, symbol, timeframe },
    provider: provider ?? 'simulated',
    span: { from: from ?? null, to: null },
    mode: 'full',
    by: 'daemon',
    tuning: { lanes: worker.fetchesAtOnce, batchBars: worker.batchBars },
  }));
}

/** The open loads that no server knows of any more. Those that ended without closing their books are closed here. */
export async function lostOrders(client: Client, store: Store): Promise<LoadOrder[]> {
  const lost: LoadOrder[] = [];
  for (const { load, order } of (await store.openLoads()).loads) {
    const run = await describe(client, order as LoadOrder);
    if (run?.status.name === 'RUNNING') continue;
    if (run?.memo?.load === load) {
      await store.clearLoad(load);
      await store.closeLoad(load);
    } else lost.push(order as LoadOrder);
  }
  return lost;
}

async function describe(client: Client, order: LoadOrder): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowIdOf(order.series)).describe();
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
  for (const load of running) await store.closeLoad(load);
}
