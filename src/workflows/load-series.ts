/** The story of a load: make one series complete. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { BatchPlan, Fetched, LoadOrder, LoadReport, PlanFacts, Wish } from '../model/load.js';
import { migrateIdOf, migrationFor } from '../model/migrate.js';
import * as progress from '../model/progress.js';
import { checkedOrder } from './checked-order.js';
import { advance, beginState, enter, type LoadState, leave, listen, planned, whilePaused } from './load-state.js';
import { migrateFolder } from './migrate.js';

/** What is split and pays dividends. */
const TELLS_EVENTS: readonly string[] = ['stock', 'etf', 'fund'];

/** Makes one series complete over what is asked of it, batch by batch. What was fetched is committed, however it ends. */
export async function loadSeries(given: LoadOrder): Promise<LoadReport> {
  const state = beginState(checkedOrder(given));
  listen(state);
  try {
    while (state.asked.length > 0) await loadOrReload(state, state.asked.shift() as Wish);
    if (state.report.versions.length > 0 && TELLS_EVENTS.includes(state.order.series.assetClass))
      await state.steps.quick.tellEvents(state.order);
    state.closing = true;
    return await end(state, state.report.unreachable > 0 ? 'partial' : state.report.versions.length > 0 ? 'done' : 'nothing');
  } catch (error) {
    // A slip in this very code: the run stays open with all it has, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    state.closing = true;
    const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    const report = await end(state, cancelled ? 'cancelled' : 'partial', cancelled ? undefined : error);
    if (cancelled) throw new CancelledFailure(`Cancelled${state.why ? ` (${state.why})` : ''}: ${kept(report)}`, [report]);
    throw error;
  }
}

/** A past that is told by another measure stops the load, or, where the settings say so, is taken anew as a whole. */
async function loadOrReload(state: LoadState, wish: Wish): Promise<void> {
  try {
    await loadWish(state, wish);
  } catch (error) {
    if (!isRestatement(error) || wish.reload || state.order.tuning.restatements === 'stop') throw error;
    state.asked.unshift({ ...wish, mode: 'full', reload: true });
  }
}

async function loadWish(state: LoadState, { span, mode, reload }: Wish): Promise<void> {
  const { quick } = state.steps;
  const order = { ...state.order, mode, ...(reload && { reload }) };
  enter(state, 'local');
  const { legacy } = await quick.local(order);
  leave(state);
  if (legacy !== undefined) await takeOver(order, legacy);
  enter(state, 'gaps');
  const gaps = await quick.gaps(order, span);
  if (gaps.remarks) state.report = { ...state.report, remarks: gaps.remarks };
  leave(state);
  enter(state, 'segment');
  const plan = await quick.segment(order, gaps.note);
  leave(state);
  planned(state, plan);
  state.report = { ...state.report, unreachable: state.report.unreachable + plan.unreachable };
  for (const [i, batch] of plan.batches.entries()) await loadBatch(state, order, plan, batch, i === 0);
}

/** What lies in an older collection need not be fetched. Where it cannot be taken over, all of it is. */
async function takeOver(order: LoadOrder, folder: string): Promise<void> {
  try {
    const migration = migrationFor(order, folder);
    await executeChild(migrateFolder, { args: [migration], workflowId: migrateIdOf(migration), staticSummary: `Taking over ${folder}` });
  } catch (error) {
    const fate = error instanceof ChildWorkflowFailure || error instanceof WorkflowExecutionAlreadyStartedError;
    if (isCancellation(error) || !fate) throw error;
  }
}

/** Fetch, then merge, validate and commit. Finished segments are committed even when the load is cancelled or one of them fails. */
async function loadBatch(state: LoadState, order: LoadOrder, plan: PlanFacts, batch: BatchPlan, firstOfPlan: boolean): Promise<void> {
  const { fetched, failure } = await fetchBatch(state, plan, batch);
  // Half of a past that is taken anew would be mixed with the other half.
  if (failure && order.reload) throw failure;
  if (fetched.length > 0 || (batch.end === batch.first && !failure)) {
    await CancellationScope.nonCancellable(() => landBatch(state, order, plan, batch, fetched, firstOfPlan));
  }
  if (failure) throw failure;
}

/** Lanes take segments from a queue; the first failure, or a cancel, stops them at their next segment. */
async function fetchBatch(state: LoadState, plan: PlanFacts, batch: BatchPlan): Promise<{ fetched: Fetched[]; failure: unknown }> {
  const { order, steps } = state;
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
      fetched.push(await steps.long.fetch.executeWithOptions({ summary }, [order, plan.note, index]));
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

/** Merge, validate, commit; when another writer was first, again on the new version. */
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
  for (;;) {
    enter(state, 'merge', { share });
    const merged = await long.merge(order, plan.note, which, fetched);
    leave(state);
    enter(state, 'validate', { share });
    await long.validate(order, merged.proposal);
    leave(state);
    enter(state, 'commit', { share });
    const { outcome, version } = await long.commit(order, merged.proposal);
    leave(state);
    if (outcome === 'raced') continue;
    state.report = {
      ...state.report,
      added: report.added + merged.added,
      replaced: report.replaced + merged.replaced,
      unchanged: report.unchanged + merged.unchanged,
      requests: report.requests + fetched.reduce((n, f) => n + f.requests, 0),
      unreachable: report.unreachable + fetched.reduce((n, f) => n + f.unanswered, 0),
      versions: outcome === 'unchanged' ? report.versions : [...report.versions, version],
    };
    return;
  }
}

/** Closes the books: staging is let go, the outcome can be searched for, the last progress is the last word. */
async function end(state: LoadState, outcome: LoadReport['outcome'], error?: unknown): Promise<LoadReport> {
  await CancellationScope.nonCancellable(() => state.steps.quick.close(state.served, isRefusal(error)));
  const now = Date.now();
  state.report = { ...state.report, outcome, endedAt: now };
  if (outcome === 'cancelled') state.progress = progress.cancel(state.progress, state.why ?? 'cancelled', now);
  else if (error) state.progress = progress.failed(state.progress, String((error as Error).message), now);
  else state.progress = progress.finish(state.progress, now);
  upsertSearchAttributes({ LoadOutcome: [error ? 'failed' : outcome] });
  return state.report;
}

const isRestatement = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'RESTATED';

/** What was fetched could not be written: it must not be swept. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ActivityFailure && ['merge', 'validate', 'commit'].includes(error.activityType);

const kept = ({ added, replaced, versions }: LoadReport): string =>
  added + replaced === 0 ? 'no bars were kept' : `${added + replaced} bars kept, to version ${versions.at(-1)}`;
