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
import type { LoadOrder, LoadReport, Wish } from '../model/load.js';
import { migrateIdOf, migrationFor } from '../model/migrate.js';
import * as progress from '../model/progress.js';
import { nameOf } from '../model/series.js';
import { checkedOrder } from './checked-order.js';
import { loadBatch } from './load-batch.js';
import { beginState, type Carried, carriedBy, enter, type LoadState, leave, listen, planned, wishOf, wishPlanned } from './load-state.js';
import { migrateFolder } from './migrate.js';
import { sittingOut } from './stand-in.js';

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

async function loadWish(state: LoadState, wish: Wish): Promise<void> {
  const { span, mode, reload } = wish;
  const { quick } = state.steps;
  const wished = { ...state.order, mode, ...(reload && { reload }) };
  enter(state, 'local');
  const { legacy, standIns } = await quick.local(wished);
  leave(state);
  const order = { ...wished, span, standIns };
  if (legacy !== undefined) await takeOver(order, legacy);
  enter(state, 'gaps');
  const gaps = await sittingOut(state, () => quick.gaps(order, span));
  wishPlanned(state, wish, gaps.interval?.to ?? null);
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
