/** What one load knows of itself: one plain object, and the handlers that read and turn it. */
import { condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import {
  type Admission,
  asksAnother,
  type LoadOrder,
  type LoadReport,
  type LoadStatus,
  type PlanFacts,
  reportOfNothing,
  servedBy,
  type Wish,
} from '../model/load.js';
import { batchWeights, isLimited, type Load, loadWeights, type Step, stepWords } from '../model/load-progress.js';
import { checkOrder } from '../model/order-check.js';
import * as progress from '../model/progress.js';
import { idOf, nameOf } from '../model/series.js';
import { nominalMs } from '../model/timeframe.js';
import { admitUpdate, pauseSignal, progressQuery, resumeSignal, statusQuery, whySignal } from './messages.js';
import { type Steps, stepsOf } from './steps.js';

/** Of a wish that was planned: the batches that are still to be loaded. */
export interface Rest {
  readonly order: LoadOrder;
  readonly plan: PlanFacts;
  readonly next: number;
}

/** A wish, and once it is planned: when that was, and how far it reaches. */
export interface Known extends Wish {
  readonly planned?: { readonly at: number; readonly to: number | null };
}

/** What one run of a load hands on to the next: as much as a history may grow, this does not. */
export type Carried = Readonly<
  Pick<LoadState, 'served' | 'asked' | 'wishes' | 'progress' | 'report' | 'batches' | 'paused' | 'why' | 'rest'>
>;

export interface LoadState {
  readonly order: LoadOrder;
  /** Ids of the orders that are served by this load, its own first. */
  readonly served: string[];
  readonly steps: Steps;
  /** What is still to be planned. */
  readonly asked: Wish[];
  /** Everything asked for so far. */
  readonly wishes: Known[];
  progress: progress.Progress;
  report: LoadReport;
  /** Batches that were brought to an end. */
  batches: number;
  paused: boolean;
  why: string | null;
  closing: boolean;
  rest: Rest | null;
  /** Lanes that wait for a source, and the words of the step they are in. */
  waiting: number;
  wordsBefore: string;
}

export function beginState(order: LoadOrder, carried?: Carried): LoadState {
  const now = Date.now();
  return {
    order,
    served: [order.load],
    steps: stepsOf(order.tuning),
    asked: [wishOf(order)],
    wishes: [wishOf(order)],
    progress: progress.begin(`Loading ${nameOf(order.series)}`, loadWeights(), now, false),
    report: reportOfNothing(order.load, now),
    batches: 0,
    paused: false,
    why: null,
    closing: false,
    rest: null,
    waiting: 0,
    wordsBefore: '',
    ...carried,
  };
}

export const carriedBy = ({ served, asked, wishes, progress: p, report, batches, paused, why, rest }: LoadState): Carried => ({
  served,
  asked,
  wishes,
  progress: p,
  report,
  batches,
  paused,
  why,
  rest,
});

export const wishOf = ({ span, mode, reload }: LoadOrder): Wish => ({ span, mode, ...(reload && { reload }) });

/** The handlers stand before the first await: a message may be waiting already. */
export function listen(state: LoadState): void {
  setHandler(progressQuery, () => progress.seen(state.progress, Date.now()));
  setHandler(statusQuery, (): LoadStatus => ({ order: state.order, progress: state.progress, report: state.report }));
  setHandler(whySignal, why => {
    state.why = why;
  });
  setHandler(pauseSignal, why => {
    state.paused = true;
    state.progress = progress.pause(state.progress, why, Date.now());
  });
  setHandler(resumeSignal, () => {
    state.paused = false;
    state.progress = progress.resume(state.progress, Date.now());
  });
  setHandler(admitUpdate, order => admit(state, order), { validator: order => refuseUnfit(state, checkOrder(order)) });
}

function refuseUnfit({ order: own, closing }: LoadState, order: LoadOrder): void {
  if (idOf(order.series) !== idOf(own.series)) throw new Error('this load is of another series');
  if (order.provider !== own.provider) throw new Error(asksAnother(own.provider));
  if (closing) throw new Error('this load is ending');
}

function admit(state: LoadState, order: LoadOrder): Admission {
  const { load } = state.order;
  if (state.served.includes(order.load)) return { load, how: state.served[0] === order.load ? 'started' : 'extended' };
  if (state.wishes.some(wish => serves(wish, order))) return { load, how: 'joined' };
  state.served.push(order.load);
  state.asked.push(wishOf(order));
  state.wishes.push(wishOf(order));
  return { load, how: 'extended' };
}

/** What is planned reaches as far as it did then: who wants what came to be since has to be served anew. */
function serves(known: Known, order: LoadOrder): boolean {
  const { planned } = known;
  if (!servedBy(order, known)) return false;
  if (!planned) return true;
  const { to } = order.span;
  return to === null ? Date.now() - planned.at < nominalMs(order.series.timeframe) : planned.to !== null && to <= planned.to;
}

/** The first wish of its kind that is not planned yet now is. */
export function wishPlanned(state: LoadState, wish: Wish, to: number | null): void {
  const place = state.wishes.findIndex(known => !known.planned && servedBy(wish, known) && servedBy(known, wish));
  if (place >= 0) state.wishes[place] = { ...wish, planned: { at: Date.now(), to } };
}

export const whilePaused = (state: LoadState): Promise<void> => condition(() => !state.paused);

/** Enters a step, in the progress and in words for the Temporal UI. */
export function enter(state: LoadState, step: Step, pass: { items?: number; lanes?: number; share?: number; words?: string } = {}): void {
  const { items = 1, lanes = 1, share = 1 } = pass;
  const words = pass.words ?? stepWords(step, nameOf(state.order.series), state.order.provider, items);
  state.progress = progress.enter(state.progress, step, { words, items, lanes, share }, Date.now());
  tell(state);
}

export function advance(state: LoadState, items: number, bars: number): void {
  state.progress = progress.advance(state.progress, items, bars, Date.now());
  tell(state);
}

export const leave = (state: LoadState): void => {
  state.progress = progress.leave(state.progress, Date.now());
};

export function planned(state: LoadState, plan: PlanFacts): void {
  const { perSecond } = plan.limit ?? {};
  const load: Load = { pages: plan.requests, bars: plan.bars, batches: plan.batches.length, ...(perSecond && { perSecond }) };
  const left = { local: 0, gaps: 0, segment: 0, ...batchWeights(load) };
  const steady = isLimited(load) ? ['fetch'] : [];
  state.progress = progress.plan(state.progress, left, state.progress.barsDone + plan.bars, Date.now(), steady);
}

function tell({ progress: p, report }: LoadState): void {
  const bars = p.barsAll > 0 ? `${p.barsDone} of ${p.barsAll} bars` : '';
  const versions = report.versions.length > 0 ? `committed version ${report.versions.at(-1)}` : '';
  setCurrentDetails(
    [`**${p.words}** · step ${p.stepNumber} of ${p.steps} · ${p.percent.toFixed(0)} %`, bars, versions].filter(Boolean).join('\n\n'),
  );
}
