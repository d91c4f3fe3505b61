/** The story of a change that a person orders: propose, validate, commit; raced, again on the new version. */
import { CHANGE_WEIGHTS, type ChangeOrder, type ChangeReport, type ChangeStep, changeStepWords, titleOfChange } from '../model/change.js';
import { checkChange } from '../model/change-check.js';
import { orFailure } from './checked-order.js';
import { runJob } from './job.js';
import { land } from './land.js';
import { stepsOf } from './steps.js';

/** One new version of one series: all of it or nothing. Cancelled before its commit, nothing has changed. */
export async function changeSeries(given: ChangeOrder): Promise<ChangeReport> {
  const order = orFailure(() => checkChange(given));
  const { id, change } = order;
  const { quick, long } = stepsOf(order);
  const title = titleOfChange(order);
  const outcome = (report: Pick<ChangeReport, 'outcome'>) => report.outcome;
  return runJob({ title, weights: CHANGE_WEIGHTS, close: () => quick.close([id]), outcome }, async telling => {
    const step = <T>(name: ChangeStep, work: () => Promise<T>) => telling.step(name, changeStepWords(name, order), work);
    const { outcome, version } = await land(long, { load: id }, () => step('propose', () => long.propose(order)), step);
    return { id, kind: change.kind, outcome, version };
  });
}
