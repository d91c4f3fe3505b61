/** The story of many loads: so many at once, each under the one id of its series, whatever becomes of the others. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  type ChildWorkflowHandle,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  ParentClosePolicy,
  sleep,
  startChild,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Found } from '../activities/many.js';
import { type LoadOrder, startOfLoad, workflowIdOf } from '../model/load.js';
import {
  checkMany,
  faultOf,
  type ManyEnd,
  type ManyLoad,
  type ManyOrder,
  type ManyReport,
  type ManySoFar,
  orderOf,
  outcomeOf,
} from '../model/load-many.js';
import * as progress from '../model/progress.js';
import { orFailure } from './checked-order.js';
import { loadSeries } from './load-series.js';
import { beginMany, countsOf, handedOn, listenMany, type ManyRun, over, type Turned, take, whilePaused } from './many-state.js';
import { pauseSignal, resumeSignal, whySignal } from './messages.js';

/** How often a load that others started is looked at: soon first, then ever more seldom. */
const LOOK_MS = 1_000;
const SELDOM_MS = 30_000;

/**
 * Loads many series, so many at a time. One that fails stops no other. Terminated, the loads that run go on; cancelled,
 * those that it started are cancelled and those of others go on.
 */
export async function loadMany(given: ManyOrder, soFar?: ManySoFar): Promise<ManyReport> {
  const order = orFailure(() => checkMany(given));
  const state = beginMany(order, soFar);
  listenMany(state);
  let lanes = Math.min(order.atOnce, order.loads.length);
  let slip: unknown;
  const noteSlip = (error: unknown) => {
    slip = error;
  };
  const endLane = () => {
    lanes--;
  };
  for (let n = lanes; n > 0; n--) void lane(state).catch(noteSlip).finally(endLane);
  await CancellationScope.nonCancellable(() => condition(() => lanes === 0 || state.handOver || slip !== undefined));
  // A slip in this very code: the run stays open with all it has, and mended code goes on with it.
  if (slip !== undefined) throw slip;
  if (state.handOver && !isCancelled() && state.running.size + state.waiting.length > 0) await goOn(state);
  if (isCancelled()) await CancellationScope.nonCancellable(() => condition(() => lanes === 0));
  return end(state);
}

const isCancelled = (): boolean => CancellationScope.current().consideredCancelled;

async function lane(state: ManyRun): Promise<void> {
  for (;;) {
    const begun = state.order.loads.length - state.waiting.length < state.soFar.begun;
    if (!begun && !(await rested(state))) return;
    if (state.handOver || isCancelled()) return;
    const load = take(state);
    if (!load) return;
    over(state, load, await loadOne(state, load, begun));
    if (workflowInfo().continueAsNewSuggested) state.handOver = true;
  }
}

/** false: cancelled in the meantime. */
async function rested(state: ManyRun): Promise<boolean> {
  try {
    await whilePaused(state);
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw error;
  }
}

async function loadOne(state: ManyRun, load: ManyLoad, begun: boolean): Promise<ManyEnd> {
  const order = orderOf(state.order, load);
  const { quick } = state.steps;
  try {
    if (!begun) await quick.beginLoad(order);
    for (let free = !begun; ; ) {
      const child = free ? await started(order) : undefined;
      if (child) return await endOfOwn(state, order, child);
      const found = await quick.findLoad(order);
      if (found.kind === 'over') return { how: 'started', ...found.end };
      if (found.kind === 'runs') return await endOfOther(state, order, found);
      free = found.kind === 'none';
      if (!free) await sleep(LOOK_MS);
    }
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    await CancellationScope.nonCancellable(() => quick.close([order.load]));
    return { how: 'started', report: null, fault: isCancellation(error) ? null : faultOf(error, order.series) };
  }
}

/** undefined: the series is being loaded already. */
async function started(order: LoadOrder): Promise<ChildWorkflowHandle<typeof loadSeries> | undefined> {
  try {
    return await startChild(loadSeries, {
      ...startOfLoad(order),
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

async function endOfOwn(state: ManyRun, order: LoadOrder, child: ChildWorkflowHandle<typeof loadSeries>): Promise<ManyEnd> {
  turnWith(state, order);
  try {
    return { how: 'started', report: await child.result(), fault: null };
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    if (!isCancellation(error)) return { how: 'started', report: null, fault: faultOf(error, order.series) };
    return lastWord(state, order, child.firstExecutionRunId, 'started');
  }
}

/** Its end is not told to this workflow: it has to be looked for. One that an earlier run of this order started is as its own. */
async function endOfOther(state: ManyRun, order: LoadOrder, { how, runId }: Found & { kind: 'runs' }): Promise<ManyEnd> {
  if (how === 'started') turnWith(state, order);
  try {
    for (let pause = LOOK_MS; ; pause = Math.min(pause * 1.5, SELDOM_MS)) {
      const end = await state.steps.quick.endOfLoad(order, runId);
      if (end) return { how, ...end };
      if (workflowInfo().continueAsNewSuggested) state.handOver = true;
      await sleep(pause);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    if (how !== 'started') return { how, report: null, fault: null };
    state.own.get(order.load)?.cancel();
    return lastWord(state, order, runId, how);
  }
}

/** What a cancelled load kept. */
const lastWord = (state: ManyRun, order: LoadOrder, runId: string, how: ManyEnd['how']): Promise<ManyEnd> =>
  CancellationScope.nonCancellable(async () => {
    for (;;) {
      const end = await state.steps.quick.endOfLoad(order, runId);
      if (end) return { how, ...end };
      await sleep(LOOK_MS);
    }
  });

function turnWith(state: ManyRun, order: LoadOrder): void {
  const load = getExternalWorkflowHandle(workflowIdOf(order.series));
  // It may have ended in the meantime: then there is nothing to turn.
  const quietly = (told: () => Promise<unknown>) => void CancellationScope.nonCancellable(told).catch(() => {});
  const turned: Turned = {
    tell(what) {
      if (what === 'resume') quietly(() => load.signal(resumeSignal));
      else if ('why' in what) quietly(() => load.signal(whySignal, what.why));
      else quietly(() => load.signal(pauseSignal, what.pause));
    },
    cancel: () => quietly(() => load.cancel()),
  };
  state.own.set(order.load, turned);
  if (state.paused !== null) turned.tell({ pause: state.paused });
}

/** Comes back only when the order was cancelled in the meantime. */
async function goOn(state: ManyRun): Promise<void> {
  const { order, soFar, ended, steps } = state;
  // Taken now: a load that ends while this is written down is found to be over by the next run.
  const [rest, tally] = handedOn(state);
  const here = [...ended];
  const kept = await CancellationScope.nonCancellable(async () => (here.length > 0 ? [await steps.quick.keepRows(order.id, here)] : []));
  if (isCancelled()) return;
  const next = { ...tally, notes: [...soFar.notes, ...kept], paused: state.paused };
  await makeContinueAsNewFunc<typeof loadMany>({ memo: workflowInfo().memo ?? {} })(rest, next);
}

async function end(state: ManyRun): Promise<ManyReport> {
  const { order, soFar, steps, waiting, ended } = state;
  const cancelled = isCancelled();
  for (const load of waiting.splice(0)) over(state, load, { how: 'started', report: null, fault: null });
  const earlier = await CancellationScope.nonCancellable(async () => {
    const rows = soFar.notes.length > 0 ? await steps.quick.readRows(order.id, soFar.notes) : [];
    await steps.quick.close([order.id]);
    return rows;
  });
  const counts = countsOf(state);
  const outcome = cancelled ? 'cancelled' : outcomeOf(counts);
  const { id, title, every } = order;
  const now = Date.now();
  state.report = { id, title, outcome, counts, every, rows: [...earlier, ...ended], startedAt: soFar.startedAt, endedAt: now };
  state.progress = cancelled ? progress.cancel(state.progress, state.why ?? 'cancelled', now) : progress.finish(state.progress, now);
  upsertSearchAttributes({ LoadOutcome: [outcome] });
  if (cancelled) throw new CancelledFailure(`Cancelled${state.why ? ` (${state.why})` : ''}`);
  return state.report;
}
