/** The story of a derived series: which of its bars are due, made of those of its base, and committed like any others. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import { baseOf, checkDerive, type DeriveOrder, type DeriveReport, deriveAttributesOf, jobOfDerive } from '../model/derive.js';
import { reportOfNothing } from '../model/load.js';
import { idOf, nameOf } from '../model/series.js';
import { orFailure } from './checked-order.js';
import { runJob, type Telling } from './job.js';
import { land, type Tell } from './land.js';
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
    const none = { ...reportOfNothing(order.id, Date.now()), from: idOf(baseOf(order)) };
    const words = { validate: `Validating the new version of ${name}`, commit: `Committing ${name}` };
    const tell: Tell = (which, work) => step(which, words[which], work);
    let base = 0;
    let whole = false;
    const landed = await land(long, { load: order.id }, merged, tell);
    if (!landed) return { ...none, base };
    const { added, replaced, unchanged } = landed.made;
    const { versions } = landed;
    return { ...none, outcome: versions.length > 0 ? 'done' : 'nothing', added, replaced, unchanged, versions, base };

    /** null: nothing is due. */
    async function merged() {
      for (;;) {
        const plan = await step('plan', `Looking what of ${name} is due`, () => quick.derivePlan(order, whole));
        base = plan.base;
        if (!plan.due) return null;
        const made = await step('make', `Making ${name} of ${plan.bars} bars of ${order.from}`, () => long.deriveMake(order, plan.note));
        whole ||= made.lost;
        if (made.lost) continue;
        const merge = await step('merge', `Merging ${name}`, () => long.deriveMerge(order, plan.note, made.note));
        if (!merge.overtaken) return merge;
      }
    }
  }
}
