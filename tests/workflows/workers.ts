/** The workers of a test's own queue: one for the steps that ask each source, one for everything else. */
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { ASK_STEPS, askQueueOf } from '../../src/model/queues.js';

type Served = Omit<WorkerOptions, 'connection' | 'taskQueue' | 'activities'> & { readonly activities: object };

/** Runs `act` while they serve the queue. */
export async function served<T>(connection: NativeConnection, taskQueue: string, options: Served, act: () => Promise<T>): Promise<T> {
  const main = await Worker.create({ ...options, connection, taskQueue });
  const asked = Object.entries(options.activities).filter(([step]) => (ASK_STEPS as readonly string[]).includes(step));
  if (asked.length === 0) return main.runUntil(act);
  const { workflowBundle: _, ...others } = options;
  const asking = await Promise.all(
    SOURCES.map(source =>
      Worker.create({ ...others, connection, taskQueue: askQueueOf(taskQueue, source), activities: Object.fromEntries(asked) }),
    ),
  );
  return main.runUntil(() => asking.reduceRight((inner, worker) => () => worker.runUntil(inner), act)());
}

/** Those that the orders of the tests name. */
const SOURCES = ['simulated', 'polygon', 'first', 'second'];
