/** Asks about sources: which there are, how they are, which would be chosen, what symbols they have. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { type Answers, type Consultation, checkConsultation } from '../model/consult.js';
import { orFailure } from './checked-order.js';

/** Somebody waits for the answer: twice, and then it is told what hinders it. */
const { consult } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 2, initialInterval: '1s' } });

export async function consultSources(given: Consultation): Promise<Answers[keyof Answers]> {
  return consult(orFailure(() => checkConsultation(given)));
}
