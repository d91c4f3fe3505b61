/** What an order of many series knows of itself: one plain object, and the handlers that read and turn it. */
import { condition, defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import {
  countOf,
  isUnwell,
  type ManyCounts,
  type ManyEnd,
  type ManyGlance,
  type ManyLoad,
  type ManyOrder,
  type ManyReport,
  type ManyRow,
  type ManySoFar,
  type ManyStatus,
  NO_COUNTS,
  stateOf,
} from '../model/load-many.js';
import * as progress from '../model/progress.js';
import { nameOf } from '../model/series.js';
import { pauseSignal, progressQuery, resumeSignal, whySignal } from './messages.js';
import { type Steps, stepsOf } from './steps.js';

/** For whoever watches: small, however many loads there are. */
const glanceQuery = defineQuery<ManyGlance>('glance');
const manyStatusQuery = defineQuery<ManyStatus>('status');

/** A load that was started here, or by an earlier run: what is told to the whole is told to it. */
export interface Turned {
  tell(what: { readonly pause: string } | { readonly why: string } | 'resume'): void;
  cancel(): void;
}

export interface ManyRun {
  readonly order: ManyOrder;
  readonly steps: Steps;
  readonly soFar: ManySoFar;
  /** Loads that were not begun here. */
  readonly waiting: ManyLoad[];
  readonly running: Map<string, ManyLoad>;
  readonly own: Map<string, Turned>;
  /** What ended in this run. */
  readonly ended: ManyRow[];
  progress: progress.Progress;
  paused: string | null;
  why: string | null;
  /** The history has grown: no more is begun here, and the next run goes on. */
  handOver: boolean;
  report: ManyReport | null;
}

export function beginMany(order: ManyOrder, given: ManySoFar | undefined): ManyRun {
  const now = Date.now();
  const all = order.loads.length + (order.unfit?.length ?? 0);
  const begun = progress.enter(
    progress.begin(order.title, { loads: 1 }, now),
    'loads',
    { words: order.title, items: all, lanes: order.atOnce },
    now,
  );
  const soFar = given ?? { startedAt: now, counts: NO_COUNTS, progress: begun, notes: [], unwell: [], begun: 0, paused: null };
  return {
    order,
    steps: stepsOf(order),
    soFar,
    waiting: [...order.loads],
    running: new Map(),
    own: new Map(),
    ended: given ? [] : [...(order.unfit ?? [])],
    progress: soFar.progress,
    paused: soFar.paused,
    why: null,
    handOver: false,
    report: null,
  };
}

/** The handlers stand before the first await: a message may be waiting already. */
export function listenMany(state: ManyRun): void {
  const glance = (): ManyGlance => ({
    id: state.order.id,
    progress: progress.seen(state.progress, Date.now()),
    counts: countsOf(state),
    running: [...state.running.values()].map(({ load, series }) => ({ load, series })),
  });
  setHandler(progressQuery, () => progress.seen(state.progress, Date.now()));
  setHandler(glanceQuery, glance);
  setHandler(manyStatusQuery, (): ManyStatus => ({ ...glance(), rows: rowsOf(state), report: state.report }));
  setHandler(whySignal, why => {
    state.why = why;
    for (const load of state.own.values()) load.tell({ why });
  });
  setHandler(pauseSignal, why => {
    state.paused = why;
    state.progress = progress.pause(state.progress, why, Date.now());
    for (const load of state.own.values()) load.tell({ pause: why });
  });
  setHandler(resumeSignal, () => {
    state.paused = null;
    state.progress = progress.resume(state.progress, Date.now());
    for (const load of state.own.values()) load.tell('resume');
  });
}

export const countsOf = ({ soFar, waiting, running, ended }: ManyRun): ManyCounts => {
  const here = countOf(ended);
  const all = Object.entries(soFar.counts).map(([state, n]) => [state, n + here[state as keyof ManyCounts]]);
  return { ...(Object.fromEntries(all) as ManyCounts), waiting: waiting.length, running: running.size };
};

/** Those of an earlier run that ended well are left out: they are written down elsewhere. */
const rowsOf = ({ soFar, waiting, running, ended }: ManyRun): ManyRow[] => [
  ...soFar.unwell,
  ...ended,
  ...[...running.values()].map(load => ({ ...load, state: 'running' as const })),
  ...waiting.map(load => ({ ...load, state: 'waiting' as const })),
];

export const whilePaused = (state: ManyRun): Promise<void> => condition(() => state.paused === null);

export function take(state: ManyRun): ManyLoad | undefined {
  const load = state.waiting.shift();
  if (load) state.running.set(load.load, load);
  tell(state);
  return load;
}

export function over(state: ManyRun, load: ManyLoad, end: ManyEnd): void {
  state.running.delete(load.load);
  state.own.delete(load.load);
  state.ended.push({ ...load, ...end, state: stateOf(end) });
  const { added = 0, replaced = 0 } = end.report ?? {};
  const { waiting, running, ...over } = countsOf(state);
  const items = Object.values(over).reduce((sum, n) => sum + n, 0);
  state.progress = progress.advance(state.progress, items, state.progress.barsDone + added + replaced, Date.now());
  tell(state);
}

/** What could not be ordered is told by the run that began. */
const orderOnly = ({ unfit: _, ...order }: ManyOrder): ManyOrder => order;

/** What the next run needs: the loads that are not over, and of the others no more than counts and what is not well. */
export function handedOn(state: ManyRun): [ManyOrder, Omit<ManySoFar, 'notes' | 'paused'>] {
  const { order, soFar, running, waiting, ended } = state;
  const loads = [...running.values(), ...waiting];
  const { waiting: _, running: __, ...counts } = countsOf(state);
  return [
    { ...orderOnly(order), loads },
    {
      startedAt: soFar.startedAt,
      counts: { ...counts, waiting: 0, running: 0 },
      progress: state.progress,
      unwell: [...soFar.unwell, ...ended.filter(isUnwell)],
      begun: running.size,
    },
  ];
}

/** In words for the Temporal UI. */
function tell(state: ManyRun): void {
  const { waiting, running, failed, partial, ...well } = countsOf(state);
  const ended = failed + partial + Object.values(well).reduce((sum, n) => sum + n, 0);
  const all = ended + waiting + running;
  const names = [...state.running.values()].slice(0, 10).map(({ series }) => nameOf(series));
  const unwell = [failed > 0 ? `${failed} failed` : '', partial > 0 ? `${partial} in part` : ''].filter(Boolean).join(', ');
  setCurrentDetails(
    [`**${ended} of ${all} series** are over`, unwell, names.length > 0 ? `under way: ${names.join(', ')}` : '']
      .filter(Boolean)
      .join('\n\n'),
  );
}
