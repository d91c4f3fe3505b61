/** The story of a change that a person orders: propose, validate, commit; raced, again on the new version. */
import { CancellationScope, isCancellation, setHandler, TemporalFailure, upsertSearchAttributes } from '@temporalio/workflow';
import { CHANGE_WEIGHTS, type ChangeOrder, type ChangeReport, type ChangeStep, changeStepWords, titleOfChange } from '../model/change.js';
import { checkChange } from '../model/change-check.js';
import * as progress from '../model/progress.js';
import { orFailure } from './checked-order.js';
import { progressQuery } from './messages.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

/** One new version of one series: all of it or nothing. Cancelled before its commit, nothing has changed. */
export async function changeSeries(given: ChangeOrder): Promise<ChangeReport> {
  const order = orFailure(() => checkChange(given));
  const startedAt = Date.now();
  const { quick, long } = stepsOf(order);
  const staged = { load: order.id };
  let shown = progress.begin(titleOfChange(order), CHANGE_WEIGHTS, startedAt);
  setHandler(progressQuery, () => progress.seen(shown, Date.now()));

  const step = async <T>(name: ChangeStep, work: () => Promise<T>): Promise<T> => {
    shown = progress.enter(shown, name, { words: changeStepWords(name, order), items: 1 }, Date.now());
    const done = await work();
    shown = progress.leave(shown, Date.now());
    return done;
  };

  const end = async (outcome: ChangeReport['outcome'] | 'failed', over: progress.Progress): Promise<void> => {
    await CancellationScope.nonCancellable(() => quick.close([order.id]));
    shown = over;
    upsertSearchAttributes({ LoadOutcome: [outcome] });
  };

  try {
    for (;;) {
      const { proposal } = await step('propose', () => long.propose(order));
      await step('validate', () => long.validate(staged, proposal));
      const { outcome, version, derived } = await step('commit', () =>
        CancellationScope.nonCancellable(() => long.commit(staged, proposal)),
      );
      if (outcome === 'raced') continue;
      await startDerived(derived);
      await end(outcome, progress.finish(shown, Date.now()));
      return { id: order.id, kind: order.change.kind, outcome, version, startedAt, endedAt: Date.now() };
    }
  } catch (error) {
    // A slip in this very code: the run stays open, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    if (cancelled) await end('cancelled', progress.cancel(shown, 'cancelled', Date.now()));
    else await end('failed', progress.failed(shown, error.message, Date.now()));
    throw error;
  }
}
