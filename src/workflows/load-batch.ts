/** One batch of a load: its segments are fetched side by side, and what they brought is committed. */
import { CancellationScope } from '@temporalio/workflow';
import type { BatchPlan, Fetched, LoadOrder, LoadReport, PlanFacts } from '../model/load.js';
import type { Step } from '../model/load-progress.js';
import { land } from './land.js';
import { advance, enter, type LoadState, leave, whilePaused } from './load-state.js';
import { whoeverServes } from './stand-in.js';

/** Fetch, then merge, validate and commit. Finished segments are committed even when the load is cancelled or one of them fails. */
export async function loadBatch(
  state: LoadState,
  order: LoadOrder,
  plan: PlanFacts,
  batch: BatchPlan,
  firstOfPlan: boolean,
): Promise<void> {
  const { fetched, failure } = await fetchBatch(state, order, plan, batch);
  // Half of a past that is taken anew would be mixed with the other half.
  if (failure && order.reload) throw failure;
  if (fetched.length > 0 || (batch.end === batch.first && !failure)) {
    await CancellationScope.nonCancellable(() => landBatch(state, order, plan, batch, fetched, firstOfPlan));
  }
  if (failure) throw failure;
}

/** Lanes take segments from a queue; the first failure, or a cancel, stops them at their next segment. */
async function fetchBatch(
  state: LoadState,
  order: LoadOrder,
  plan: PlanFacts,
  batch: BatchPlan,
): Promise<{ fetched: Fetched[]; failure: unknown }> {
  const { steps } = state;
  const fetched: Fetched[] = [];
  const barsBefore = state.progress.barsDone;
  let next = batch.first;
  let failure: unknown;
  const segments = batch.end - batch.first;
  const lanes = Math.min(order.tuning.lanes, segments);
  enter(state, 'fetch', { items: segments, lanes, share: plan.requests > 0 ? batch.pages / plan.requests : 1 });
  const lane = async (): Promise<void> => {
    while (next < batch.end && failure === undefined) {
      await whilePaused(state);
      if (next >= batch.end || failure !== undefined) return;
      const index = next++;
      const summary = `segment ${index + 1} of ${plan.segments}`;
      const ask = (by: LoadOrder) =>
        steps.ask(by.provider).fetch.executeWithOptions({ summary: saying(summary, by, order) }, [by, plan.note, index]);
      fetched.push(await whoeverServes(state, order, ask, () => failure !== undefined));
      const rows = fetched.reduce((n, f) => n + f.rows, 0);
      advance(state, fetched.length, barsBefore + rows);
    }
  };
  const stop = (error: unknown) => {
    failure ??= error;
  };
  await Promise.all(Array.from({ length: lanes }, () => lane().catch(stop)));
  leave(state);
  return { fetched, failure };
}

const saying = (summary: string, by: LoadOrder, { provider }: LoadOrder): string =>
  by.provider === provider ? summary : `${summary}, from ${by.provider} instead`;

async function landBatch(
  state: LoadState,
  order: LoadOrder,
  plan: PlanFacts,
  batch: BatchPlan,
  fetched: readonly Fetched[],
  firstOfPlan: boolean,
): Promise<void> {
  const { report } = state;
  const { long } = state.steps;
  const share = plan.bars > 0 ? batch.bars / plan.bars : 1;
  const which = { number: state.batches++, firstOfPlan };
  const told = <T>(step: 'merge' | 'validate' | 'commit', work: () => Promise<T>) => telling(state, step, share, work);
  const merge = () => told('merge', () => long.merge(order, plan.note, which, fetched));
  const { made, versions } = await land(long, order, merge, told);
  state.report = {
    ...state.report,
    added: report.added + made.added,
    replaced: report.replaced + made.replaced,
    unchanged: report.unchanged + made.unchanged,
    requests: report.requests + fetched.reduce((n, f) => n + f.requests, 0),
    unreachable: report.unreachable + fetched.reduce((n, f) => n + f.unanswered, 0),
    ...stoodInOf(report, order, fetched),
    versions: [...report.versions, ...versions],
  };
}

/**
 * Hands on the promise of the work itself: waiting for it once more would put the next command behind the answer to an order that comes in the
 * same moment, and the history of a load that began under the code before has them the other way round.
 */
function telling<T>(state: LoadState, step: Step, share: number, work: () => Promise<T>): Promise<T> {
  enter(state, step, { share });
  const done = work();
  done.then(
    () => leave(state),
    () => {},
  );
  return done;
}

function stoodInOf({ stoodIn = {} }: LoadReport, { provider }: LoadOrder, fetched: readonly Fetched[]): Pick<LoadReport, 'stoodIn'> {
  const bars = { ...stoodIn };
  for (const f of fetched) if (f.provider !== provider && f.rows > 0) bars[f.provider] = (bars[f.provider] ?? 0) + f.rows;
  return Object.keys(bars).length > 0 ? { stoodIn: bars } : {};
}
