/** The Temporal worker: runs workflows from the bundle and the steps of loads. */
import { existsSync } from 'node:fs';
import { type ActivityInterceptorsFactory, type NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { TASK_QUEUE } from '../model/load.js';
import { BUNDLE, bundleWorkflows } from './bundle-workflows.js';

/** Room for the other steps beside the fetches of all loads. */
const OTHER_STEPS = 8;

export async function createWorker(
  connection: NativeConnection,
  namespace: string,
  activities: Activities,
  fetchesAtOnce: number,
  watching: readonly ActivityInterceptorsFactory[] = [],
): Promise<Worker> {
  if (!existsSync(BUNDLE)) await bundleWorkflows();
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    activities,
    workflowBundle: { codePath: BUNDLE },
    interceptors: { activity: [...watching] },
    maxConcurrentActivityTaskExecutions: fetchesAtOnce + OTHER_STEPS,
    // After a kill the server waits this long for the dead worker before it asks another.
    stickyQueueScheduleToStartTimeout: '2s',
    // A cancel reaches a step with its heartbeat, and a crash costs what came after the last one.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  });
}
