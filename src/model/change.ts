/** The words of a change that a person orders of one series: what was is put back, a bar is set right, files are folded. */
import type { Value } from './bars.js';
import type { Job } from './job.js';
import type { Note } from './load.js';
import { TASK_QUEUE } from './queues.js';
import type { SearchAttributeName } from './search-attributes.js';
import { idOf, nameOf, type Series } from './series.js';

/** What of a series is to be changed. */
export type ChangeWish =
  /** The bars, coverage and ledger of an earlier version again; the series is held until it is released. */
  | { readonly kind: 'restore'; readonly version: number }
  /** Loads may change the series again. */
  | { readonly kind: 'release' }
  /** One bar as a person knows it. What is not named stays as it is. */
  | { readonly kind: 'correct'; readonly ts: number; readonly values: CorrectedValues; readonly reason: string }
  /** What the provider last said of that bar again. */
  | { readonly kind: 'withdraw'; readonly ts: number }
  /** What is damaged is mended as far as that can be done without inventing. */
  | { readonly kind: 'repair' }
  | CompactWish;

/** The same bars in fewer files: each in the slice of time that it belongs to, or only what is small beside the rest. */
export interface CompactWish {
  readonly kind: 'compact';
  readonly which: 'all' | 'small';
}

export type ChangeKind = ChangeWish['kind'];
export type CorrectedValues = Partial<Readonly<Record<Value, number | null>>>;

export interface ChangeOrder {
  /** A ULID: a change that was committed is recognised by it. */
  readonly id: string;
  readonly series: Series;
  /** Who asked: cli, library, schedule. */
  readonly by: string;
  readonly change: ChangeWish;
  /** How long a step may be silent before it is given to another worker. */
  readonly silenceMs: number;
}

export interface ChangeReport {
  readonly id: string;
  readonly kind: ChangeKind;
  /** `unchanged`: the table said all of it already. */
  readonly outcome: 'committed' | 'already' | 'unchanged' | 'cancelled';
  /** The version that holds it. */
  readonly version: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What the first step hands on. */
export interface Proposed {
  readonly proposal: Note;
  /** The version it was built on. */
  readonly base: number;
}

export type ChangeStep = 'propose' | 'validate' | 'commit';

/** Milliseconds, roughly: only their proportions matter. */
export const CHANGE_WEIGHTS: Readonly<Record<ChangeStep, number>> = { propose: 200, validate: 100, commit: 100 };

const TITLES: Readonly<Record<ChangeKind, string>> = {
  restore: 'Restoring',
  release: 'Releasing',
  correct: 'Correcting',
  withdraw: 'Withdrawing a correction of',
  repair: 'Repairing',
  compact: 'Compacting',
};

export const titleOfChange = ({ change, series }: Pick<ChangeOrder, 'change' | 'series'>): string =>
  `${TITLES[change.kind]} ${nameOf(series)}`;

export function changeStepWords(step: ChangeStep, order: ChangeOrder): string {
  if (step === 'propose') return titleOfChange(order);
  return step === 'validate' ? `Validating the new version of ${nameOf(order.series)}` : `Committing the change of ${nameOf(order.series)}`;
}

/** Each has an id of its own: several may be under way, and the commit decides who was first. */
export const changeIdOf = ({ series, id }: Pick<ChangeOrder, 'series' | 'id'>): string => `change/${idOf(series)}/${id}`;

export const changeAttributesOf = ({ series, change }: ChangeOrder): Partial<Record<SearchAttributeName, string[]>> => ({
  LoadDataset: [series.dataset],
  LoadAssetClass: [series.assetClass],
  LoadSymbol: [series.symbol],
  LoadTimeframe: [series.timeframe],
  LoadKind: [change.kind],
  LoadOutcome: ['running'],
});

/** How a change is started, whoever starts it: one that is under way is found again. */
export const startOfChange = (order: ChangeOrder) => ({
  taskQueue: TASK_QUEUE,
  workflowId: changeIdOf(order),
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  args: [order] as [ChangeOrder],
  searchAttributes: changeAttributesOf(order),
  staticSummary: titleOfChange(order),
});

/** How it is followed to its end. */
export const jobOfChange = (order: ChangeOrder): Job<ChangeOrder> => ({
  workflow: 'changeSeries',
  workflowId: changeIdOf(order),
  title: titleOfChange(order),
  what: 'change',
  of: nameOf(order.series),
  order,
  searchAttributes: changeAttributesOf(order) as Record<string, string[]>,
  kept: 'the table is as it was',
});
