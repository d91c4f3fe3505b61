/** Every attempt of every step passes here: what it fails with may be what a person has to hear of. */
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, type Next } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Bell } from './bell.js';

const NO_ROOM: ReadonlySet<unknown> = new Set(['DISK_LOW', 'DISK_FULL']);
/** Loads that were terminated never close, and are forgotten some day. */
const MOST_DOOMED = 10_000;

/** Rings for a step without room at once, and for a load with a step that failed for good when the load has ended so. */
export function ringing(bell: Bell, client: Pick<Client, 'workflow'>): ActivityInterceptorsFactory {
  const doomed = new Set<string>();

  /** Its last step is done: what is still to come takes no time. */
  async function ending({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }): Promise<void> {
    try {
      await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
    } catch (error) {
      if (error instanceof WorkflowFailedError) bell.ring('load-failed', workflowId.replace(/^load\//, ''));
    }
  }

  return ({ info: { activityType, workflowType, workflowExecution } }) => ({
    inbound: {
      async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
        try {
          const result = await next(input);
          if (activityType === 'close' && workflowExecution && doomed.delete(workflowExecution.workflowId)) void ending(workflowExecution);
          return result;
        } catch (error) {
          if (!(error instanceof ApplicationFailure)) throw error;
          if (NO_ROOM.has(error.type)) bell.ring('disk-low');
          if (error.nonRetryable && workflowType === 'loadSeries' && workflowExecution && doomed.size < MOST_DOOMED)
            doomed.add(workflowExecution.workflowId);
          throw error;
        }
      },
    },
  });
}
