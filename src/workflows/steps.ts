/** The activities as the workflow calls them: which may take how long, and how often each is tried. */
import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';

/**
 * Set by hand: left out, the server takes it for TRY_CANCEL, and clean-up would run while a fetch still writes.
 * Attempts are unlimited: restarts of a worker count as attempts, and what cannot be cured fails by its type.
 */
const PATIENT: ActivityOptions = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
};

export const quick = proxyActivities<Activities>({ ...PATIENT, startToCloseTimeout: '5 minutes', heartbeatTimeout: '30s' });
export const fetching = proxyActivities<Activities>({ ...PATIENT, startToCloseTimeout: '30 minutes', heartbeatTimeout: '10s' });
export const heavy = proxyActivities<Activities>({ ...PATIENT, startToCloseTimeout: '30 minutes', heartbeatTimeout: '30s' });
