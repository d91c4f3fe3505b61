/** The story of a second opinion: a sample is chosen, asked for stretch by stretch, and told. The table stays as it is unless told otherwise. */
import { CancellationScope, isCancellation, setHandler, TemporalFailure } from '@temporalio/workflow';
import {
  checkOpinion,
  jobOfOpinion,
  NO_OPINION,
  type OpinionFacts,
  type OpinionOrder,
  type OpinionPart,
  type OpinionReport,
} from '../model/opinion.js';
import * as progress from '../model/progress.js';
import { nameOf } from '../model/series.js';
import { orFailure } from './checked-order.js';
import { progressQuery } from './messages.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { plan: 1, ask: 100, tell: 5, take: 5 };
type Step = keyof typeof WEIGHTS;

/** Cancelled, nothing has changed: there is no report of half a sample. */
export async function secondOpinion(given: OpinionOrder): Promise<OpinionReport> {
  const order = orFailure(() => checkOpinion(given));
  const { id, kind, series, tolerance } = order;
  const startedAt = Date.now();
  const { quick, long } = stepsOf(order);
  let shown = progress.begin(jobOfOpinion(order).title, WEIGHTS, startedAt);
  setHandler(progressQuery, () => progress.seen(shown, Date.now()));

  const step = async <T>(name: Step, words: string, items: number, work: () => Promise<T>): Promise<T> => {
    shown = progress.enter(shown, name, { words, items }, Date.now());
    const done = await work();
    shown = progress.leave(shown, Date.now());
    return done;
  };
  const end = async (over: progress.Progress): Promise<void> => {
    await CancellationScope.nonCancellable(() => quick.close([id]));
    shown = over;
  };

  try {
    const report = await told();
    await end(progress.finish(shown, Date.now()));
    return { ...report, endedAt: Date.now() };
  } catch (error) {
    // A slip in this very code: the run stays open, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    if (isCancellation(error)) await end(progress.cancel(shown, 'cancelled', Date.now()));
    else await end(progress.failed(shown, error.message, Date.now()));
    throw error;
  }

  async function told(): Promise<OpinionReport> {
    const seed = order.seed ?? startedAt % 2 ** 31;
    const { note, ...plan } = await step('plan', `Choosing bars of ${nameOf(series)}`, 1, () => quick.opinionPlan(order, seed));
    const of = { id, kind, series, plan, tolerance, taken: null, startedAt, endedAt: startedAt };
    if (order.dryRun || plan.segments === 0) return { ...of, ...NOTHING_ASKED, outcome: 'nothing' };
    const words = `Asking ${plan.provider} for ${plan.bars} of ${plan.of} bars, in about ${plan.requests} requests`;
    const parts = await step('ask', words, plan.segments, () => asked(note, plan.segments));
    const facts = await step('tell', `Comparing ${plan.bars} bars of ${nameOf(series)}`, 1, () => long.opinionTell(order, note, parts));
    const taken = order.take && facts.changed > 0 ? await step('take', `Taking ${facts.changed} bars`, 1, () => take(note, parts)) : null;
    const { different, missingThere, missingHere } = facts.counts;
    return { ...of, ...facts, taken, outcome: different + missingThere + missingHere > 0 ? 'differs' : 'agrees' };
  }

  async function asked(note: string, segments: number): Promise<OpinionPart[]> {
    const parts: OpinionPart[] = [];
    for (let i = 0; i < segments; i++) {
      parts.push(await long.opinionAsk(order, note, i));
      shown = progress.advance(shown, i + 1, shown.barsDone, Date.now());
    }
    return parts;
  }

  async function take(note: string, parts: readonly OpinionPart[]): Promise<number> {
    for (;;) {
      const { proposal } = await long.opinionMerge(order, note, parts);
      await long.validate({ load: id }, proposal);
      const { outcome, version, derived } = await CancellationScope.nonCancellable(() => long.commit({ load: id }, proposal));
      if (outcome === 'raced') continue;
      await startDerived(derived);
      return version;
    }
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
