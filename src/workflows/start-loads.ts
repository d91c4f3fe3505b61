/** Starts loads that nobody waits for, each under the one id of its series. A load that is running already is left alone. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { type LoadOrder, searchAttributesOf, titleOf, workflowIdOf } from '../model/load.js';
import { checkedOrder } from './checked-order.js';
import { loadSeries } from './load-series.js';

export interface Started {
  readonly started: number;
  /** Loads of series that were being loaded already. */
  readonly running: readonly string[];
}

export async function startLoads(orders: readonly LoadOrder[]): Promise<Started> {
  const running: string[] = [];
  for (const order of orders.map(checkedOrder)) if (!(await start(order))) running.push(order.load);
  return { started: orders.length - running.length, running };
}

async function start(order: LoadOrder): Promise<boolean> {
  try {
    await startChild(loadSeries, {
      args: [order],
      workflowId: workflowIdOf(order.series),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      memo: { load: order.load },
      searchAttributes: searchAttributesOf(order),
      staticSummary: titleOf(order),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
