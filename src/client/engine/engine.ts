/** The engine as the client sees it: a Temporal server with the workers of a daemon, and what is asked of them. */
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import type { Workflow, WorkflowResultType } from '@temporalio/common';
import { ulid } from 'ulid';
import { CHANNEL } from '../../model/channel.js';
import type { Answers, Consultation } from '../../model/consult.js';
import { fail } from '../../model/errors.js';
import { type EventsOrder, type EventsReport, eventsIdOf } from '../../model/events-order.js';
import { type LoadOrder, type LoadPlan, planIdOf, titleOf } from '../../model/load.js';
import type { Presence } from '../../model/presence.js';
import { askQueueOf, TASK_QUEUE } from '../../model/queues.js';
import type { Series } from '../../model/series.js';
import { securedFor, type TemporalWay } from '../../settings.js';
import type { consultSources } from '../../workflows/consult.js';
import type { keepEvents } from '../../workflows/keep-events.js';
import type { planLoad } from '../../workflows/plan-load.js';
import { Jobs } from '../jobs/jobs.js';
import { errorOf } from '../loads/ending.js';
import { Loads } from '../loads/loads.js';
import { ManyLoads } from '../loads/many-loads.js';
import { Schedules } from '../schedules/schedules.js';
import type { Line } from '../story/line.js';
import { tellStory } from '../story/runs.js';
import { type AskingAgain, askingAgain } from './asking-again.js';
import { factsOfNamespace } from './namespace-facts.js';
import { standingStill } from './standing.js';
import { isTooLate } from './talk.js';
import { UNHEARD, type Waits, whileWaiting } from './waiting.js';

const REACH_MS = 15_000;
const PLAN_MS = 120_000;
const EVENTS_MS = 600_000;
const ANSWER = 'an answer of the daemon';

export class Engine {
  readonly loads: Loads;
  readonly many: ManyLoads;
  readonly jobs: Jobs;
  readonly schedules: Schedules;

  private constructor(
    private readonly connection: Connection,
    private readonly client: Client,
    private readonly again: AskingAgain,
    private readonly waits: Waits,
  ) {
    this.loads = new Loads(client);
    this.many = new ManyLoads(client);
    this.jobs = new Jobs(client);
    this.schedules = new Schedules(client);
  }

  /**
   * To the server of a daemon; `temporal` says how it is talked to when it is one that the settings name. Once the daemon is gone,
   * nothing is asked again.
   */
  static async connect(
    { address, namespace }: Pick<Presence, 'address' | 'namespace'>,
    temporal: TemporalWay,
    { waits = UNHEARD, isGone }: { readonly waits?: Waits; readonly isGone?: () => boolean } = {},
  ): Promise<Engine> {
    const again = askingAgain(isGone);
    const { interceptors } = again;
    const connection = Connection.lazy({ address, channelArgs: CHANNEL, interceptors, ...securedFor(temporal, address) });
    try {
      await whileWaiting(waits, `an answer of the Temporal server at ${address}`, () =>
        connection.withDeadline(Date.now() + REACH_MS, () => connection.workflowService.describeNamespace({ namespace })),
      );
    } catch (error) {
      await again.end();
      await connection.close();
      throw fail('SERVER_UNREACHABLE', { address, reason: reasonOf(error) }, error);
    }
    return new Engine(connection, new Client({ connection, namespace }), again, waits);
  }

  /** Puts splits and dividends beside the bars of their symbol. */
  keepEvents(order: EventsOrder): Promise<EventsReport> {
    return this.answer<typeof keepEvents>('keepEvents', { ...order.of, timeframe: '1d' }, EVENTS_MS, {
      workflowId: eventsIdOf(order),
      args: [order],
      staticSummary: `Events of ${order.of.symbol}`,
    });
  }

  /** What the load would do: its first three steps under an id of their own, so that a running load is left alone. */
  plan(order: LoadOrder): Promise<LoadPlan> {
    return this.answer<typeof planLoad>('planLoad', order.series, PLAN_MS, {
      workflowId: planIdOf(order),
      args: [order],
      staticSummary: `Plan: ${titleOf(order)}`,
    });
  }

  /** Asks the daemon about sources. */
  async consult<Ask extends Consultation['ask']>(about: Consultation & { readonly ask: Ask }): Promise<Answers[Ask]> {
    const answer = await this.answer<typeof consultSources>('consultSources', 'sources', PLAN_MS, {
      workflowId: `consult/${ulid()}`,
      args: [about],
      staticSummary: `Sources: ${about.ask}`,
    });
    return answer as Answers[Ask];
  }

  /** What a short workflow came to, with somebody waiting for it. */
  private async answer<W extends Workflow>(
    workflow: string,
    of: Series | string,
    withinMs: number,
    asked: { readonly workflowId: string; readonly args: Parameters<W>; readonly staticSummary: string },
  ): Promise<WorkflowResultType<W>> {
    try {
      return await whileWaiting(this.waits, ANSWER, () =>
        this.client.workflow.execute<Workflow>(workflow, { taskQueue: TASK_QUEUE, workflowExecutionTimeout: withinMs, ...asked }),
      );
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw errorOf(of, error.cause);
      throw error;
    }
  }

  /** All that runs, and what of it stands still. */
  standing = (now: number) => standingStill(this.client, now);
  /** Whether the namespace has what loads need; null where the server does not tell. */
  namespaceFacts = () => factsOfNamespace(this.client);

  /** What nobody asks the server for: work on loads, and segments of sources, by their names. */
  async unserved(namespace: string, sources: readonly string[]): Promise<{ readonly loads: boolean; readonly sources: readonly string[] }> {
    const idle = async (name: string, taskQueueType: number): Promise<boolean> => {
      const { pollers } = await this.connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
      return (pollers ?? []).length === 0;
    };
    const loads = [idle(TASK_QUEUE, WORKFLOWS), idle(TASK_QUEUE, ACTIVITIES), idle(askQueueOf(TASK_QUEUE), ACTIVITIES)];
    const asking = await Promise.all(sources.map(source => idle(askQueueOf(TASK_QUEUE, source), ACTIVITIES)));
    return { loads: (await Promise.all(loads)).includes(true), sources: sources.filter((_, i) => asking[i]) };
  }

  /** What happened to a load, or to an order of many, as long as the server keeps it. */
  story = (workflowId: string, mine: (memo: Readonly<Record<string, unknown>>) => boolean): Promise<Line[]> =>
    tellStory(this.client, workflowId, mine);

  async close(): Promise<void> {
    await this.again.end();
    await this.connection.close();
  }
}

/** Temporal tells who asks for workflows from who asks for activities. */
const WORKFLOWS = 1;
const ACTIVITIES = 2;

const reasonOf = (error: unknown): string => (isTooLate(error) ? `no answer within ${REACH_MS / 1_000} s` : (error as Error).message);
