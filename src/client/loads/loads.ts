/** Loads as the client sees them: ordered, followed, turned and listed through Temporal. */
import {
  type Client,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowUpdateHandle,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { fail } from '../../model/errors.js';
import { type Admission, type LoadOrder, type LoadStatus, refusalOf, startOfLoad, workflowIdOf } from '../../model/load.js';
import type { Progress } from '../../model/progress.js';
import { TASK_QUEUE } from '../../model/queues.js';
import { nameOf, type Series } from '../../model/series.js';
import type { loadSeries } from '../../workflows/load-series.js';
import { asked, ifKnown, isTooLate, unreachable } from '../engine/talk.js';
import { type Ending, endingOf } from './ending.js';
import { type LoadFilter, listLoads, rowOf } from './list.js';
import type { LoadRow } from './row.js';
import { type OneLoad, type Turn, type Turned, turned } from './turning.js';

/** Of one look among many. */
const QUERY_MS = 2_000;
/** Of a question whose answer is not asked for again: a worker may have to read the whole history first. */
const ONCE_MS = 10_000;
/** Of what a cancelled load kept: nobody else can tell. */
const ANSWER_MS = 60_000;
const ADMIT_MS = 30_000;

/** An order that was taken, and the run of the load that took it. */
export interface Admitted extends Admission {
  readonly runId: string;
}

export class Loads {
  constructor(private readonly client: Client) {}

  /** Starts the load of a series, or joins or extends the one that is running: never a twin. */
  async order(order: LoadOrder): Promise<Admitted> {
    for (let runId = ''; ; ) {
      try {
        return await this.client.withDeadline(Date.now() + ADMIT_MS, async () => {
          const admission = await this.admit(order);
          runId = admission.workflowRunId ?? '';
          return { ...(await admission.result()), runId };
        });
      } catch (error) {
        if (isStuck(error)) throw fail('LOAD_STUCK', { series: nameOf(order.series) }, error);
        if (isUnanswered(error)) throw unreachable(error);
        if (!(error instanceof WorkflowUpdateFailedError) && !(error instanceof WorkflowNotFoundError)) throw error;
        const refusal = refusalOf(order, error);
        if (refusal) throw refusal;
        // It is about to end: the next one follows it.
        await this.handle(order.series, runId || undefined)
          .result()
          .catch(() => {});
      }
    }
  }

  private admit(order: LoadOrder): Promise<WorkflowUpdateHandle<Admission>> {
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof loadSeries>('loadSeries', {
      taskQueue: TASK_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
      ...startOfLoad(order),
    });
    return this.client.workflow.startUpdateWithStart<typeof loadSeries, Admission, [LoadOrder]>('admit', {
      args: [order],
      waitForStage: 'ACCEPTED',
      startWorkflowOperation,
    });
  }

  /** Resolves when this load is over, however it ends, in whichever run. */
  async end(one: OneLoad): Promise<Ending> {
    const { series, runId } = one;
    const handle = this.handle(series, runId);
    return endingOf(
      series,
      () => handle.result(),
      () => this.lastWord(one),
    );
  }

  /** Of a cancelled load: its last run has it, and that is the one it began in, or the newest of the series unless the next load has begun. */
  private async lastWord({ series, load, runId }: OneLoad): Promise<LoadStatus | undefined> {
    for (const run of [runId, undefined]) {
      const status = await this.query<LoadStatus>('status', series, run, ANSWER_MS);
      if (!status || (status.report.load === load && status.report.outcome === 'cancelled')) return status;
    }
    return undefined;
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
    const failing = raw.pendingActivities?.find(a => a.lastFailure?.message && !isLeft(a.lastFailure.message));
    if (failing) return failing.lastFailure?.message ?? undefined;
    const task = raw.pendingWorkflowTask;
    return (task?.attempt ?? 0) > 1 ? 'the workflow itself keeps failing: see the Temporal UI' : undefined;
  }

  /** A word to this load, and to no other of its series. */
  turn = (one: OneLoad, how: Turn, why: string): Promise<Turned> => turned(this.client, one, how, why);

  /** The newest load of a series, or that of a run; undefined: the server knows of none. */
  async row(series: Series, runId?: string): Promise<LoadRow | undefined> {
    const run = await ifKnown(() => this.handle(series, runId).describe());
    return run && rowOf(run);
  }

  /** Running loads and past ones, newest first. */
  list = (most = 100, filter: LoadFilter = {}): Promise<LoadRow[]> => listLoads(this.client, most, filter);

  private handle(series: Series, runId?: string) {
    return this.client.workflow.getHandle<typeof loadSeries>(workflowIdOf(series), runId);
  }
}

/** The daemon was ended in the middle of a step: the next one takes it up at once, and nothing is amiss. */
const isLeft = (failure: string): boolean => failure.startsWith('Worker is shutting down');

/** The order may have arrived all the same. */
const isUnanswered = (error: unknown): error is Error =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || (error instanceof ServiceError && isTooLate(error.cause));

/** The server takes no order for a workflow whose code keeps failing. */
const isStuck = (error: unknown): boolean => /Workflow Task in failed state/.test(String((error as Error)?.message));
