/** Series that follow one that has a new version: each is started, and nobody waits for it. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { type DeriveOrder, jobOfDerive } from '../model/derive.js';

export async function startDerived(orders: readonly DeriveOrder[] = []): Promise<void> {
  for (const order of orders) await CancellationScope.nonCancellable(() => start(order));
}

async function start(order: DeriveOrder): Promise<void> {
  const { workflow, workflowId, title } = jobOfDerive(order);
  try {
    await startChild(workflow, {
      args: [order],
      workflowId,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: title,
    });
  } catch (error) {
    // Told of it before: the order is under way.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
