/** The story of a second opinion: a sample is chosen, asked for stretch by stretch, and told. The table stays as it is unless told otherwise. */
import {
  checkOpinion,
  jobOfOpinion,
  NO_OPINION,
  type OpinionFacts,
  type OpinionOrder,
  type OpinionPart,
  type OpinionPlan,
  type OpinionReport,
} from '../model/opinion.js';
import { nameOf } from '../model/series.js';
import { orFailure } from './checked-order.js';
import { runJob, type Telling } from './job.js';
import { land } from './land.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { plan: 1, ask: 100, tell: 5, take: 5 };
type Step = keyof typeof WEIGHTS;

/** Cancelled, nothing has changed: there is no report of half a sample. */
export async function secondOpinion(given: OpinionOrder): Promise<OpinionReport> {
  const order = orFailure(() => checkOpinion(given));
  const { id, kind, series, tolerance } = order;
  const { quick, long, ask } = stepsOf(order);
  const { title } = jobOfOpinion(order);
  return runJob({ title, weights: WEIGHTS, close: () => quick.close([id]) }, told);

  async function told({ step, done }: Telling<Step>): Promise<Omit<OpinionReport, 'startedAt' | 'endedAt'>> {
    const seed = order.seed ?? Date.now() % 2 ** 31;
    const { note, ...plan } = await step('plan', `Choosing bars of ${nameOf(series)}`, () => quick.opinionPlan(order, seed));
    const of = { id, kind, series, plan, tolerance, taken: null };
    if (order.dryRun || plan.segments === 0) return { ...of, ...NOTHING_ASKED, outcome: 'nothing' };
    const words = `Asking ${plan.provider} for ${plan.bars} of ${plan.of} bars, in about ${plan.requests} requests`;
    const parts = await step('ask', words, () => asked(note, plan, done), plan.segments);
    const facts = await step('tell', `Comparing ${plan.bars} bars of ${nameOf(series)}`, () => long.opinionTell(order, note, parts));
    const taken = order.take && facts.changed > 0 ? await step('take', `Taking ${facts.changed} bars`, () => take(note, parts)) : null;
    const { different, missingThere, missingHere } = facts.counts;
    return { ...of, ...facts, taken, outcome: different + missingThere + missingHere > 0 ? 'differs' : 'agrees' };
  }

  async function asked(
    note: string,
    { provider, segments }: Pick<OpinionPlan, 'provider' | 'segments'>,
    done: Telling<Step>['done'],
  ): Promise<OpinionPart[]> {
    const parts: OpinionPart[] = [];
    for (let i = 0; i < segments; i++) {
      parts.push(await ask(provider).opinionAsk(order, note, i));
      done(i + 1);
    }
    return parts;
  }

  async function take(note: string, parts: readonly OpinionPart[]): Promise<number> {
    const { version } = await land(long, { load: id }, () => long.opinionMerge(order, note, parts));
    return version;
  }
}

const NO_SPREAD = { bars: 0, median: null, worst: null, worstAt: null };
const NOTHING_ASKED: OpinionFacts = {
  counts: NO_OPINION,
  unanswered: 0,
  leftOut: 0,
  requests: 0,
  price: NO_SPREAD,
  volume: NO_SPREAD,
  rows: [],
  changed: 0,
};
