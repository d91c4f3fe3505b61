/** Loads as the client sees them: ordered, followed, turned and listed through Temporal. */
import {
  Client,
  Connection,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ulid } from 'ulid';
import { type ChangeOrder, type ChangeReport, changeIdOf, startOfChange } from '../model/change.js';
import type { Answers, Consultation } from '../model/consult.js';
import { fail } from '../model/errors.js';
import { type EventsOrder, type EventsReport, eventsIdOf } from '../model/events-order.js';
import type { Job } from '../model/job.js';
import {
  type Admission,
  type LoadOrder,
  type LoadPlan,
  type LoadStatus,
  planIdOf,
  refusalOf,
  startOfLoad,
  titleOf,
  workflowIdOf,
} from '../model/load.js';
import type { Presence } from '../model/presence.js';
import { type Progress, withUnderWay } from '../model/progress.js';
import { askQueueOf, TASK_QUEUE } from '../model/queues.js';
import { nameOf, type Series } from '../model/series.js';
import { securedFor, type TemporalWay } from '../settings.js';
import type { changeSeries } from '../workflows/change-series.js';
import type { consultSources } from '../workflows/consult.js';
import type { keepEvents } from '../workflows/keep-events.js';
import type { loadSeries } from '../workflows/load-series.js';
import type { planLoad } from '../workflows/plan-load.js';
import { type Ending, endingOf, endOfChange, endOfJob, errorOf } from './ending.js';
import { type LoadFilter, listLoads, rowOf } from './load-list.js';
import type { LoadRow } from './load-row.js';
import { ManyLoads } from './many-loads.js';
import { factsOfNamespace } from './namespace-facts.js';
import { Schedules } from './schedules.js';
import { standingStill } from './standing.js';
import type { Line } from './story/line.js';
import { tellStory } from './story/runs.js';
import { stepsUnderWay } from './under-way.js';

const QUERY_MS = 2_000;
const ADMIT_MS = 30_000;
const REACH_MS = 5_000;
const PLAN_MS = 120_000;
const EVENTS_MS = 600_000;

export class Engine {
  readonly schedules: Schedules;
  readonly many: ManyLoads;

  private constructor(
    private readonly connection: Connection,
    private readonly client: Client,
  ) {
    this.schedules = new Schedules(client);
    this.many = new ManyLoads(client);
  }

  /** To the server of a daemon; `temporal` says how it is talked to when it is one that the settings name. */
  static async connect({ address, namespace }: Pick<Presence, 'address' | 'namespace'>, temporal: TemporalWay): Promise<Engine> {
    const connection = Connection.lazy({ address, channelArgs: { 'grpc.enable_http_proxy': 0 }, ...securedFor(temporal, address) });
    try {
      await connection.withDeadline(Date.now() + REACH_MS, () => connection.workflowService.describeNamespace({ namespace }));
    } catch (error) {
      await connection.close();
      throw fail('SERVER_UNREACHABLE', { address, reason: reasonOf(error) }, error);
    }
    return new Engine(connection, new Client({ connection, namespace }));
  }

  /** Starts the load of a series, or joins or extends the one that is running: never a twin. */
  async order(order: LoadOrder): Promise<Admission> {
    for (;;) {
      try {
        return await this.connection.withDeadline(Date.now() + ADMIT_MS, () => this.admit(order));
      } catch (error) {
        if (isStuck(error)) throw fail('LOAD_STUCK', { series: nameOf(order.series) }, error);
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

  /** Puts splits and dividends beside the bars of their symbol. */
  async keepEvents(order: EventsOrder): Promise<EventsReport> {
    try {
      return await this.client.workflow.execute<typeof keepEvents>('keepEvents', {
        taskQueue: TASK_QUEUE,
        workflowId: eventsIdOf(order),
        args: [order],
        workflowExecutionTimeout: EVENTS_MS,
        staticSummary: `Events of ${order.of.symbol}`,
      });
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw errorOf({ ...order.of, timeframe: '1d' }, error.cause);
      throw error;
    }
  }

  /** What the load would do: its first three steps under an id of their own, so that a running load is left alone. */
  async plan(order: LoadOrder): Promise<LoadPlan> {
    try {
      return await this.client.workflow.execute<typeof planLoad>('planLoad', {
        taskQueue: TASK_QUEUE,
        workflowId: planIdOf(order),
        args: [order],
        workflowExecutionTimeout: PLAN_MS,
        staticSummary: `Plan: ${titleOf(order)}`,
      });
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw errorOf(order.series, error.cause);
      throw error;
    }
  }

  /** Asks the daemon about sources. */
  async consult<Ask extends Consultation['ask']>(about: Consultation & { readonly ask: Ask }): Promise<Answers[Ask]> {
    try {
      const answer = await this.client.workflow.execute<typeof consultSources>('consultSources', {
        taskQueue: TASK_QUEUE,
        workflowId: `consult/${ulid()}`,
        args: [about],
        workflowExecutionTimeout: PLAN_MS,
        staticSummary: `Sources: ${about.ask}`,
      });
      return answer as Answers[Ask];
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw errorOf('sources', error.cause);
      throw error;
    }
  }

  /** Starts a change, or finds it under way: its id is its own. */
  async startChange(order: ChangeOrder): Promise<void> {
    await this.client.workflow.start<typeof changeSeries>('changeSeries', startOfChange(order));
  }

  /** Resolves when the change is in; raises what hindered it. */
  endOfChange(order: ChangeOrder): Promise<ChangeReport> {
    return endOfChange(order, () => this.change(order).result());
  }

  progressOfChange(order: ChangeOrder): Promise<Progress | undefined> {
    return this.query(() => this.change(order).query<Progress>('progress'), order.series);
  }

  async cancelChange(order: ChangeOrder): Promise<void> {
    await this.change(order).cancel();
  }

  private change(order: ChangeOrder) {
    return this.client.workflow.getHandle<typeof changeSeries>(changeIdOf(order));
  }

  /** Starts a job, or finds it under way: its id is its own. */
  async startJob({ workflow, workflowId, title, order, memo, searchAttributes }: Job): Promise<void> {
    try {
      await this.client.workflow.start(workflow, {
        taskQueue: TASK_QUEUE,
        workflowId,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [order],
        staticSummary: title,
        ...(memo && { memo }),
        ...(searchAttributes && { searchAttributes }),
      });
    } catch (error) {
      // It is over by now: its end can still be asked for.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** Resolves when the job is over; raises what hindered it. */
  endOfJob<Report>(job: Job): Promise<Report> {
    return endOfJob(job, () => this.client.workflow.getHandle(job.workflowId).result() as Promise<Report>);
  }

  async progressOfJob({ workflowId, of }: Job): Promise<Progress | undefined> {
    const handle = this.client.workflow.getHandle(workflowId);
    const told = await this.query(() => handle.query<Progress>('progress'), of);
    return told && withUnderWay(told, (await this.query(() => stepsUnderWay(handle), of)) ?? [], Date.now());
  }

  async cancelJob({ workflowId, turns }: Job, why: string): Promise<void> {
    const handle = this.client.workflow.getHandle(workflowId);
    if (turns) await handle.signal('why', why);
    await handle.cancel();
  }

  /** Resolves when the load of the series is over, however it ends. */
  async end(series: Series, runId?: string): Promise<Ending> {
    const handle = this.handle(series, runId);
    return endingOf(
      series,
      () => handle.result(),
      () => this.status(series, runId),
    );
  }

  private handle(series: Series, runId?: string) {
    return this.client.workflow.getHandle<typeof loadSeries>(workflowIdOf(series), runId);
  }

  /** How far it is; undefined when no worker answers in time. */
  async progress(series: Series, runId?: string): Promise<Progress | undefined> {
    return this.query(() => this.handle(series, runId).query<Progress>('progress'), series);
  }

  async status(series: Series, runId?: string): Promise<LoadStatus | undefined> {
    return this.query(() => this.handle(series, runId).query<LoadStatus>('status'), series);
  }

  private async query<T>(ask: () => Promise<T>, of: Series | string): Promise<T | undefined> {
    try {
      return await this.connection.withDeadline(Date.now() + QUERY_MS, ask);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw fail('LOAD_UNKNOWN', { load: typeof of === 'string' ? of : nameOf(of) });
      return undefined;
    }
  }

  /** What a step that is tried again last failed with; undefined when all goes well. */
  async trouble(series: Series): Promise<string | undefined> {
    const { raw } = await this.handle(series).describe();
    const failing = raw.pendingActivities?.find(a => a.lastFailure?.message);
    if (failing) return failing.lastFailure?.message ?? undefined;
    const task = raw.pendingWorkflowTask;
    return (task?.attempt ?? 0) > 1 ? 'the workflow itself keeps failing: see the Temporal UI' : undefined;
  }

  async cancel(series: Series, why: string): Promise<void> {
    await this.speak(series, async handle => {
      await handle.signal('why', why);
      await handle.cancel();
    });
  }

  pause = (series: Series, why: string): Promise<void> => this.speak(series, handle => handle.signal('pause', why));
  resume = (series: Series): Promise<void> => this.speak(series, handle => handle.signal('resume'));

  private async speak(series: Series, message: (handle: ReturnType<Engine['handle']>) => Promise<unknown>): Promise<void> {
    try {
      await message(this.handle(series));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw fail('LOAD_UNKNOWN', { load: `of ${nameOf(series)} that is running` });
      throw error;
    }
  }

  /** The newest load of a series; undefined: the server knows of none. */
  async row(series: Series): Promise<LoadRow | undefined> {
    try {
      return rowOf(await this.handle(series).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** All that runs, and what of it stands still. */
  standing = (now: number) => standingStill(this.client, now);
  /** Whether the namespace has what loads need; null where the server does not tell. */
  namespaceFacts = () => factsOfNamespace(this.client);

  /** How many workers ask the server for work on loads, and how many for segments to ask sources for: the fewer of the two. */
  async workers(namespace: string): Promise<number> {
    const polling = ASKED_FOR.map(async ({ name, taskQueueType }) => {
      const { pollers } = await this.connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
      return new Set((pollers ?? []).map(p => p.identity)).size;
    });
    return Math.min(...(await Promise.all(polling)));
  }

  /** What happened to a load, or to an order of many, as long as the server keeps it. */
  story = (workflowId: string, mine: (memo: Readonly<Record<string, unknown>>) => boolean): Promise<Line[]> =>
    tellStory(this.client, workflowId, mine);

  /** Running loads and past ones, newest first. */
  loads = (most = 100, filter: LoadFilter = {}): Promise<LoadRow[]> => listLoads(this.client, most, filter);

  close = (): Promise<void> => this.connection.close();
}

/** Temporal counts who asks for workflows (1) and who asks for activities (2). */
const ASKED_FOR = [
  { name: TASK_QUEUE, taskQueueType: 1 },
  { name: askQueueOf(TASK_QUEUE), taskQueueType: 2 },
];

const GRPC_TOO_LATE = [4, 14];

/** The server takes no order for a workflow whose code keeps failing. */
const isStuck = (error: unknown): boolean => /Workflow Task in failed state/.test(String((error as Error)?.message));

const reasonOf = (error: unknown): string =>
  isGrpcServiceError(error) && GRPC_TOO_LATE.includes(error.code) ? `no answer within ${REACH_MS / 1_000} s` : (error as Error).message;
