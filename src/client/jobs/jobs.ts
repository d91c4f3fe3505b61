/** Jobs as the client sees them: started, followed and cancelled through Temporal. */
import { type Client, ServiceError, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { fail } from '../../model/errors.js';
import type { Job } from '../../model/job.js';
import { type Progress, withUnderWay } from '../../model/progress.js';
import { TASK_QUEUE } from '../../model/queues.js';
import { asked, cancelled, reasonOf } from '../engine/talk.js';
import { stepsUnderWay } from '../engine/under-way.js';
import { endOfJob } from '../loads/ending.js';

const QUERY_MS = 2_000;
const START_MS = 30_000;
/** What a job that is over came to, of a worker that has to read its history again. */
const REPORT_MS = 60_000;

export class Jobs {
  constructor(private readonly client: Client) {}

  /** Starts a job, or finds it under way: its id is its own. */
  async start(job: Job): Promise<void> {
    try {
      await this.client.withDeadline(Date.now() + START_MS, () => this.begin(job));
    } catch (error) {
      const { what, of: series } = job;
      if (error instanceof ServiceError) throw fail('ORDER_UNANSWERED', { what, series, reason: reasonOf(error) }, error);
      // It is over by now: its end can still be asked for.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  private begin({ workflow, workflowId, title, order, memo, searchAttributes }: Job): Promise<unknown> {
    return this.client.workflow.start(workflow, {
      taskQueue: TASK_QUEUE,
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [order],
      staticSummary: title,
      ...(memo && { memo }),
      ...(searchAttributes && { searchAttributes }),
    });
  }

  /** Resolves when the job is over; raises what hindered it. */
  end<Report>(job: Job): Promise<Report> {
    return endOfJob(job, () => this.handle(job).result() as Promise<Report>);
  }

  /** undefined: no worker answers in time. */
  async progress(job: Job): Promise<Progress | undefined> {
    const handle = this.handle(job);
    const ask = <T>(question: () => Promise<T>) => asked(this.client, job.of, QUERY_MS, question);
    const told = await ask(() => handle.query<Progress>('progress'));
    return told && withUnderWay(told, (await ask(() => stepsUnderWay(handle))) ?? [], Date.now());
  }

  /** What a cancelled job came to; null: it had not begun with anything. undefined: no worker answers in time. */
  report<Report>(job: Job): Promise<Report | null | undefined> {
    return asked(this.client, job.of, REPORT_MS, () => this.handle(job).query<Report | null>('report'));
  }

  async cancel(job: Job, why: string): Promise<void> {
    if (job.turns) await cancelled(this.handle(job), why);
    else await this.handle(job).cancel();
  }

  private readonly handle = ({ workflowId }: Job) => this.client.workflow.getHandle(workflowId);
}
