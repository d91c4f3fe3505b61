/** The Temporal workers: they run workflows from the bundle, and the steps of loads. */
import { existsSync } from 'node:fs';
import { type ActivityInterceptorsFactory, type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { ASK_STEPS, askQueueOf, TASK_QUEUE } from '../model/queues.js';
import { BUNDLE, bundleWorkflows } from './bundle-workflows.js';

/** Steps that ask no source: most of them wait for the disk, or for their turn with a frame child, of which there are as many as the settings allow. */
const OTHER_STEPS = 16;

export interface Workers {
  /** Resolves when all have left; raises what ended one of them before it was told to. */
  run(): Promise<void>;
  shutdown(): void;
  look(): { readonly state: string; readonly polling: boolean };
}

/** More than one would only help who has more to hand out than places. */
const ASKING_POLLS = 2;

/**
 * One for each source, with the steps that ask it, so many at a time whichever loads they are of; one more for everything else. So
 * nothing waits for a source but who wants its bars.
 */
export async function createWorkers(
  connection: NativeConnection,
  namespace: string,
  activities: Activities,
  { fetchesAtOnce, sources }: { readonly fetchesAtOnce: number; readonly sources: readonly string[] },
  watching: readonly ActivityInterceptorsFactory[] = [],
): Promise<Workers> {
  if (!existsSync(BUNDLE)) await bundleWorkflows();
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    interceptors: { activity: [...watching] },
    // A cancel reaches a step with its heartbeat, and a crash costs what came after the last one.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  };
  const main = await Worker.create({
    ...common,
    taskQueue: TASK_QUEUE,
    activities,
    workflowBundle: { codePath: BUNDLE },
    maxConcurrentActivityTaskExecutions: OTHER_STEPS,
    // After a kill the server waits this long for the dead worker before it asks another.
    stickyQueueScheduleToStartTimeout: '2s',
  });
  const queues = [askQueueOf(TASK_QUEUE), ...sources.map(source => askQueueOf(TASK_QUEUE, source))];
  const asking = await Promise.all(
    queues.map(taskQueue =>
      Worker.create({
        ...common,
        taskQueue,
        activities: Object.fromEntries(ASK_STEPS.map(step => [step, activities[step]])),
        maxConcurrentActivityTaskExecutions: fetchesAtOnce,
        maxConcurrentActivityTaskPolls: Math.min(ASKING_POLLS, fetchesAtOnce),
      }),
    ),
  );
  return together(main, asking);
}

function together(main: Worker, asking: readonly Worker[]): Workers {
  const all = [main, ...asking];
  const shutdown = (): void => {
    for (const worker of all) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    shutdown,
    async run() {
      const ended = await Promise.allSettled(all.map(worker => worker.run().finally(shutdown)));
      for (const end of ended) if (end.status === 'rejected') throw end.reason;
    },
    look() {
      const { runState, workflowPollerState, activityPollerState } = main.getStatus();
      const polls = [workflowPollerState, activityPollerState, ...asking.map(worker => worker.getStatus().activityPollerState)];
      return { state: runState, polling: polls.every(state => state === 'POLLING') };
    },
  };
}
