/** Jobs that were under way when the last daemon ended: the server goes on with those it knows, the others are told to it again. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { isJob, jobOf } from '../model/jobs.js';
import { TASK_QUEUE } from '../model/queues.js';
import type { Store } from '../store/index.js';

/** Titles of the jobs that had to be started again. */
export async function goOnWithJobs(client: Client, store: Store): Promise<string[]> {
  const { loads } = await store.openLoads();
  const told: string[] = [];
  for (const { load, order } of loads.filter(open => isJob(open.order))) {
    const job = jobOf(order);
    if (!job) continue;
    try {
      await client.workflow.start(job.workflow, {
        taskQueue: TASK_QUEUE,
        workflowId: job.workflowId,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [job.order],
        staticSummary: job.title,
        ...(job.memo && { memo: job.memo }),
        ...(job.searchAttributes && { searchAttributes: job.searchAttributes }),
      });
      told.push(job.title);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (await isOver(client, job.workflowId)) {
        await store.clearLoad(load);
        await store.closeLoad(load);
      }
    }
  }
  return told;
}

const isOver = async (client: Client, workflowId: string): Promise<boolean> =>
  (await client.workflow.getHandle(workflowId).describe()).status.name !== 'RUNNING';
