/** The story of a derived series: which of its bars are due, made of those of its base, and committed like any others. */

import { CancellationScope, isCancellation, setHandler, TemporalFailure, upsertSearchAttributes } from '@temporalio/workflow';
import { baseOf, checkDerive, type DeriveOrder, type DeriveReport, deriveAttributesOf, jobOfDerive } from '../model/derive.js';
import { reportOfNothing } from '../model/load.js';
import * as progress from '../model/progress.js';
import { idOf, nameOf } from '../model/series.js';
import { orFailure } from './checked-order.js';
import { progressQuery } from './messages.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { plan: 5, make: 100, merge: 30, validate: 10, commit: 5 };
type Step = keyof typeof WEIGHTS;

/** One new version of one series. Cancelled before its commit, nothing has changed; whoever was overtaken plans again. */
export async function deriveSeries(given: DeriveOrder): Promise<DeriveReport> {
  const order = orFailure(() => checkDerive(given));
  const startedAt = Date.now();
  const { quick, long } = stepsOf(order);
  const name = nameOf(order.series);
  let shown = progress.begin(jobOfDerive(order).title, WEIGHTS, startedAt);
  upsertSearchAttributes(deriveAttributesOf(order));
  setHandler(progressQuery, () => progress.seen(shown, Date.now()));

  const step = async <T>(at: Step, words: string, work: () => Promise<T>): Promise<T> => {
    shown = progress.enter(shown, at, { words, items: 1 }, Date.now());
    const done = await work();
    shown = progress.leave(shown, Date.now());
    return done;
  };
  const end = async (outcome: string, over: progress.Progress): Promise<void> => {
    await CancellationScope.nonCancellable(() => quick.close([order.id]));
    shown = over;
    upsertSearchAttributes({ LoadOutcome: [outcome] });
  };

  try {
    const report = await followed();
    await end(report.outcome, progress.finish(shown, Date.now()));
    return { ...report, endedAt: Date.now() };
  } catch (error) {
    // A slip in this very code: the run stays open, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    if (isCancellation(error) || CancellationScope.current().consideredCancelled)
      await end('cancelled', progress.cancel(shown, 'cancelled', Date.now()));
    else await end('failed', progress.failed(shown, error.message, Date.now()));
    throw error;
  }

  async function followed(): Promise<DeriveReport> {
    const from = idOf(baseOf(order));
    const none = reportOfNothing(order.id, startedAt);
    for (let whole = false; ; ) {
      const plan = await step('plan', `Looking what of ${name} is due`, () => quick.derivePlan(order, whole));
      if (!plan.due) return { ...none, from, base: plan.base };
      const made = await step('make', `Making ${name} of ${plan.bars} bars of ${order.from}`, () => long.deriveMake(order, plan.note));
      if (made.lost) {
        whole = true;
        continue;
      }
      const merged = await step('merge', `Merging ${name}`, () => long.deriveMerge(order, plan.note, made.note));
      if (merged.overtaken) continue;
      const { proposal, added, replaced, unchanged } = merged;
      await step('validate', `Validating the new version of ${name}`, () => long.validate({ load: order.id }, proposal));
      const { outcome, version, derived } = await step('commit', `Committing ${name}`, () =>
        CancellationScope.nonCancellable(() => long.commit({ load: order.id }, proposal)),
      );
      if (outcome === 'raced') continue;
      await startDerived(derived);
      const versions = outcome === 'unchanged' ? [] : [version];
      return { ...none, outcome: versions.length > 0 ? 'done' : 'nothing', added, replaced, unchanged, versions, from, base: plan.base };
    }
  }
}
