/** Changes that were under way when the last daemon ended. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type ChangeOrder, changeIdOf, startOfChange } from '../model/change.js';
import { checkChange, isChange } from '../model/change-check.js';
import { isTapekeepError } from '../model/errors.js';
import type { Store } from '../store/index.js';
import type { changeSeries } from '../workflows/change-series.js';

/** Those that no server knows of are begun again: what was committed is recognised. Those that ended have their books closed. */
export async function goOnWithChanges(client: Client, store: Store): Promise<ChangeOrder[]> {
  const { loads } = await store.openLoads();
  const begun: ChangeOrder[] = [];
  for (const order of loads.flatMap(({ order: given }) => (isChange(given) ? (known(given) ?? []) : []))) {
    const fate = await fateOf(client, order);
    if (fate === 'unknown') {
      await start(client, order);
      begun.push(order);
    } else if (fate === 'ended') {
      await store.clearLoad(order.id);
      await store.closeLoad(order.id);
    }
  }
  return begun;
}

/** What this program cannot read is left alone: a newer one may. */
function known(given: unknown): ChangeOrder | undefined {
  try {
    return checkChange(given);
  } catch (error) {
    if (isTapekeepError(error)) return undefined;
    throw error;
  }
}

async function fateOf(client: Client, order: ChangeOrder): Promise<'runs' | 'ended' | 'unknown'> {
  try {
    const { status } = await client.workflow.getHandle(changeIdOf(order)).describe();
    return status.name === 'RUNNING' ? 'runs' : 'ended';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}

const start = (client: Client, order: ChangeOrder) => client.workflow.start<typeof changeSeries>('changeSeries', startOfChange(order));
