/** The story of a derived series: which of its bars are due, made of those of its base, and committed like any others. */
import { CancellationScope, upsertSearchAttributes } from '@temporalio/workflow';
import { baseOf, checkDerive, type DeriveOrder, type DeriveReport, deriveAttributesOf, jobOfDerive } from '../model/derive.js';
import { reportOfNothing } from '../model/load.js';
import { idOf, nameOf } from '../model/series.js';
import { orFailure } from './checked-order.js';
import { runJob, type Telling } from './job.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { plan: 5, make: 100, merge: 30, validate: 10, commit: 5 };
type Step = keyof typeof WEIGHTS;

/** One new version of one series. Cancelled before its commit, nothing has changed; whoever was overtaken plans again. */
export async function deriveSeries(given: DeriveOrder): Promise<DeriveReport> {
  const order = orFailure(() => checkDerive(given));
  const { quick, long } = stepsOf(order);
  const name = nameOf(order.series);
  const { title } = jobOfDerive(order);
  const outcome = (report: Pick<DeriveReport, 'outcome'>) => report.outcome;
  upsertSearchAttributes(deriveAttributesOf(order));
  return runJob({ title, weights: WEIGHTS, close: () => quick.close([order.id]), outcome }, followed);

  async function followed({ step }: Telling<Step>): Promise<DeriveReport> {
    const from = idOf(baseOf(order));
    const none = reportOfNothing(order.id, Date.now());
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
