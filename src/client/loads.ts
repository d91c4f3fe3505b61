/** Loads as the client sees them: ordered, followed, turned and listed through Temporal. */
import {
  type Client,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { fail } from '../model/errors.js';
import { type Admission, type LoadOrder, type LoadStatus, refusalOf, startOfLoad, workflowIdOf } from '../model/load.js';
import type { Progress } from '../model/progress.js';
import { TASK_QUEUE } from '../model/queues.js';
import { nameOf, type Series } from '../model/series.js';
import type { loadSeries } from '../workflows/load-series.js';
import { type Ending, endingOf } from './ending.js';
import { type LoadFilter, listLoads, rowOf } from './load-list.js';
import type { LoadRow } from './load-row.js';
import { asked, cancelled, ifKnown, isTooLate, told } from './talk.js';

/** Of one look among many. */
const QUERY_MS = 2_000;
/** Of a question whose answer is not asked for again: a worker may have to read the whole history first. */
const ONCE_MS = 10_000;
/** Of what a cancelled load kept: nobody else can tell. */
const ANSWER_MS = 60_000;
const ADMIT_MS = 30_000;

export class Loads {
  constructor(private readonly client: Client) {}

  /** Starts the load of a series, or joins or extends the one that is running: never a twin. */
  async order(order: LoadOrder): Promise<Admission> {
    for (;;) {
      try {
        return await this.client.withDeadline(Date.now() + ADMIT_MS, () => this.admit(order));
      } catch (error) {
        if (isStuck(error)) throw fail('LOAD_STUCK', { series: nameOf(order.series) }, error);
        if (isUnanswered(error)) throw fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: (error as Error).message }, error);
        if (!(error instanceof WorkflowUpdateFailedError) && !(error instanceof WorkflowNotFoundError)) throw error;
        const refusal = refusalOf(order, error);
        if (refusal) throw refusal;
        // It is about to end: the next one follows it.
        await this.end(order.series);
      }
    }
  }

  private admit(order: LoadOrder): Promise<Admission> {
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof loadSeries>('loadSeries', {
      taskQueue: TASK_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
      ...startOfLoad(order),
    });
    return this.client.workflow.executeUpdateWithStart<typeof loadSeries, Admission, [LoadOrder]>('admit', {
      args: [order],
      startWorkflowOperation,
    });
  }

  /** Resolves when the load of the series is over, however it ends. */
  async end(series: Series): Promise<Ending> {
    const handle = this.handle(series);
    return endingOf(
      series,
      () => handle.result(),
      () => this.query<LoadStatus>('status', series, undefined, ANSWER_MS),
    );
  }

  /** How far it is; undefined when no worker answers in time, as somebody who looks again and again takes it. */
  progress(series: Series): Promise<Progress | undefined> {
    return this.query('progress', series);
  }

  /** The same of one run, for somebody who asks once. */
  progressOf(series: Series, runId: string): Promise<Progress | undefined> {
    return this.query('progress', series, runId, ONCE_MS);
  }

  private query<T>(name: string, series: Series, runId?: string, withinMs = QUERY_MS): Promise<T | undefined> {
    return asked(this.client, nameOf(series), withinMs, () => this.handle(series, runId).query<T>(name));
  }

  /** What a step that is tried again last failed with; undefined when all goes well. */
  async trouble(series: Series): Promise<string | undefined> {
    const { raw } = await this.handle(series).describe();
    const failing = raw.pendingActivities?.find(a => a.lastFailure?.message);
    if (failing) return failing.lastFailure?.message ?? undefined;
    const task = raw.pendingWorkflowTask;
    return (task?.attempt ?? 0) > 1 ? 'the workflow itself keeps failing: see the Temporal UI' : undefined;
  }

  cancel(series: Series, why: string): Promise<void> {
    return this.tell(series, handle => cancelled(handle, why));
  }

  pause = (series: Series, why: string): Promise<void> => this.tell(series, handle => handle.signal('pause', why));
  resume = (series: Series): Promise<void> => this.tell(series, handle => handle.signal('resume'));

  private tell(series: Series, say: (handle: ReturnType<Loads['handle']>) => Promise<unknown>): Promise<void> {
    return told(`of ${nameOf(series)}`, () => say(this.handle(series)));
  }

  /** The newest load of a series; undefined: the server knows of none. */
  async row(series: Series): Promise<LoadRow | undefined> {
    const run = await ifKnown(() => this.handle(series).describe());
    return run && rowOf(run);
  }

  /** Running loads and past ones, newest first. */
  list = (most = 100, filter: LoadFilter = {}): Promise<LoadRow[]> => listLoads(this.client, most, filter);

  private handle(series: Series, runId?: string) {
    return this.client.workflow.getHandle<typeof loadSeries>(workflowIdOf(series), runId);
  }
}

/** The order may have arrived all the same. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || (error instanceof ServiceError && isTooLate(error.cause));

/** The server takes no order for a workflow whose code keeps failing. */
const isStuck = (error: unknown): boolean => /Workflow Task in failed state/.test(String((error as Error)?.message));
