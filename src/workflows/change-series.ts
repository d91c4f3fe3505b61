/** The story of a change that a person orders: propose, validate, commit; raced, again on the new version. */
import { CancellationScope } from '@temporalio/workflow';
import { CHANGE_WEIGHTS, type ChangeOrder, type ChangeReport, type ChangeStep, changeStepWords, titleOfChange } from '../model/change.js';
import { checkChange } from '../model/change-check.js';
import { orFailure } from './checked-order.js';
import { runJob } from './job.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

/** One new version of one series: all of it or nothing. Cancelled before its commit, nothing has changed. */
export async function changeSeries(given: ChangeOrder): Promise<ChangeReport> {
  const order = orFailure(() => checkChange(given));
  const { id, change } = order;
  const { quick, long } = stepsOf(order);
  const staged = { load: id };
  const title = titleOfChange(order);
  const outcome = (report: Pick<ChangeReport, 'outcome'>) => report.outcome;
  return runJob({ title, weights: CHANGE_WEIGHTS, close: () => quick.close([id]), outcome }, async telling => {
    const step = <T>(name: ChangeStep, work: () => Promise<T>) => telling.step(name, changeStepWords(name, order), work);
    for (;;) {
      const { proposal } = await step('propose', () => long.propose(order));
      await step('validate', () => long.validate(staged, proposal));
      const { outcome, version, derived } = await step('commit', () =>
        CancellationScope.nonCancellable(() => long.commit(staged, proposal)),
      );
      if (outcome === 'raced') continue;
      await startDerived(derived);
      return { id, kind: change.kind, outcome, version };
    }
  });
}
