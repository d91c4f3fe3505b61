/** The story of a load: make one series complete. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  condition,
  executeChild,
  isCancellation,
  makeContinueAsNewFunc,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { BatchPlan, Fetched, LoadOrder, LoadReport, PlanFacts, Wish } from '../model/load.js';
import { migrateIdOf, migrationFor } from '../model/migrate.js';
import * as progress from '../model/progress.js';
import { nameOf } from '../model/series.js';
import { checkedOrder } from './checked-order.js';
import {
  advance,
  beginState,
  type Carried,
  carriedBy,
  enter,
  type LoadState,
  leave,
  listen,
  planned,
  whilePaused,
  wishOf,
} from './load-state.js';
import { migrateFolder } from './migrate.js';
import { sittingOut, whoeverServes } from './stand-in.js';
import { startDerived } from './start-derived.js';

/** What is split and pays dividends. */
const TELLS_EVENTS: readonly string[] = ['stock', 'etf', 'fund'];

/** Makes one series complete over what is asked of it, batch by batch. What was fetched is committed, however it ends. */
export async function loadSeries(given: LoadOrder, carried?: Carried): Promise<LoadReport> {
  const state = beginState(checkedOrder(given), carried);
  listen(state);
  try {
    if (state.rest) await orReload(state, wishOf(state.rest.order), () => loadRest(state));
    while (state.asked.length > 0) {
      const wish = state.asked.shift() as Wish;
      await orReload(state, wish, () => loadWish(state, wish));
    }
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
async function orReload(state: LoadState, wish: Wish, load: () => Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (!isRestatement(error) || wish.reload || state.order.tuning.restatements === 'stop') throw error;
    state.rest = null;
    state.asked.unshift({ ...wish, mode: 'full', reload: true });
  }
}

async function loadWish(state: LoadState, { span, mode, reload }: Wish): Promise<void> {
  const { quick } = state.steps;
  const wished = { ...state.order, mode, ...(reload && { reload }) };
  enter(state, 'local');
  const { legacy, standIns } = await quick.local(wished);
  leave(state);
  const order = { ...wished, span, standIns };
  if (legacy !== undefined) await takeOver(order, legacy);
  enter(state, 'gaps');
  const gaps = await sittingOut(state, () => quick.gaps(order, span));
  if (gaps.remarks) state.report = { ...state.report, remarks: gaps.remarks };
  leave(state);
  if (mode === 'local') return look(state, order, gaps.bars);
  enter(state, 'segment');
  const plan = await quick.segment(order, gaps.note);
  leave(state);
  planned(state, plan);
  state.report = { ...state.report, unreachable: state.report.unreachable + plan.unreachable };
  state.rest = { order, plan, next: 0 };
  await loadRest(state);
}

/** Batch by batch. A history that grows long is closed between two of them, and the load goes on in a new run. */
async function loadRest(state: LoadState): Promise<void> {
  for (let rest = state.rest; rest; rest = state.rest) {
    const { order, plan, next } = rest;
    const batch = plan.batches[next];
    if (!batch) break;
    await loadBatch(state, order, plan, batch, next === 0);
    state.rest = { order, plan, next: next + 1 };
    if (workflowInfo().continueAsNewSuggested) await goOnAnew(state);
  }
  state.rest = null;
}

async function goOnAnew(state: LoadState): Promise<void> {
  await condition(allHandlersFinished);
  const memo = { ...workflowInfo().memo, startedAt: state.report.startedAt };
  await makeContinueAsNewFunc<typeof loadSeries>({ memo })(state.order, carriedBy(state));
}

/** Nothing is fetched: what is there is read again, and what is missing is told. */
async function look(state: LoadState, order: LoadOrder, missing: number): Promise<void> {
  enter(state, 'validate', { words: `Reading again what is there of ${nameOf(order.series)}` });
  const checked = await state.steps.long.check(order);
  leave(state);
  state.report = { ...state.report, checked: { ...checked, missing } };
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
      const ask = (by: LoadOrder) => steps.long.fetch.executeWithOptions({ summary: saying(summary, by, order) }, [by, plan.note, index]);
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
    const { outcome, version, derived } = await long.commit(order, merged.proposal);
    leave(state);
    if (outcome === 'raced') continue;
    await startDerived(derived);
    state.report = {
      ...state.report,
      added: report.added + merged.added,
      replaced: report.replaced + merged.replaced,
      unchanged: report.unchanged + merged.unchanged,
      requests: report.requests + fetched.reduce((n, f) => n + f.requests, 0),
      unreachable: report.unreachable + fetched.reduce((n, f) => n + f.unanswered, 0),
      ...stoodInOf(report, order, fetched),
      versions: outcome === 'unchanged' ? report.versions : [...report.versions, version],
    };
    return;
  }
}

function stoodInOf({ stoodIn = {} }: LoadReport, { provider }: LoadOrder, fetched: readonly Fetched[]): Pick<LoadReport, 'stoodIn'> {
  const bars = { ...stoodIn };
  for (const f of fetched) if (f.provider !== provider && f.rows > 0) bars[f.provider] = (bars[f.provider] ?? 0) + f.rows;
  return Object.keys(bars).length > 0 ? { stoodIn: bars } : {};
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
