/** The activities as the workflow calls them: which may take how long, and how often each is tried. */
import { ActivityCancellationType, type ActivityOptions, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Tuning } from '../model/load.js';
import { type AskStep, askQueueOf } from '../model/queues.js';

/**
 * Set by hand: left out, the server takes it for TRY_CANCEL, and clean-up would run while a fetch still writes.
 * Attempts are unlimited: restarts of a worker count as attempts, and what cannot be cured fails by its type. A failed attempt says itself
 * when it is tried again; the pace here is for those that could not say anything.
 */
const PATIENT: ActivityOptions = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
};

/** After so long without a heartbeat a step is given to another worker: it is how long a killed one is mourned. */
export function stepsOf({ silenceMs }: Pick<Tuning, 'silenceMs'>) {
  const options: ActivityOptions = { ...PATIENT, heartbeatTimeout: silenceMs };
  const long: ActivityOptions = { ...options, startToCloseTimeout: '30 minutes' };
  return {
    quick: proxyActivities<Omit<Activities, AskStep>>({ ...options, startToCloseTimeout: '5 minutes' }),
    long: proxyActivities<Omit<Activities, AskStep>>(long),
    ask: (provider: string) =>
      proxyActivities<Pick<Activities, AskStep>>({ ...long, taskQueue: askQueueOf(workflowInfo().taskQueue, provider) }),
  };
}

export type Steps = ReturnType<typeof stepsOf>;
