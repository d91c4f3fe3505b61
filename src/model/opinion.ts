/** The words of a second opinion: a sample of stored bars, held against what a source says of them now. */
import type { Value } from './bars.js';
import { fail } from './errors.js';
import type { Job } from './job.js';
import { ASSET_CLASSES, idOf, nameOf, type Series } from './series.js';
import { TIMEFRAMES } from './timeframe.js';

/** compare: another source is asked. reverify: the one that the bars are from. */
export const OPINIONS = ['compare', 'reverify'] as const;
export type OpinionKind = (typeof OPINIONS)[number];

/** How far values may be apart, as a share of the stored one. */
export interface Tolerance {
  readonly price: number;
  readonly volume: number;
}

/** Markets of one thing differ by this much at any time; their volumes are their own. */
export const TOLERANCE: Tolerance = { price: 0.001, volume: 0.1 };
export const EXACT: Tolerance = { price: 0, volume: 0 };

export interface OpinionOrder {
  readonly job: 'opinion';
  readonly kind: OpinionKind;
  readonly id: string;
  readonly series: Series;
  /** Who is asked; null: the source that the bars are from. */
  readonly provider: string | null;
  /** Of the stored bars, above 0 and up to 1. */
  readonly share: number;
  readonly from: number | null;
  readonly to: number | null;
  /** The same seed chooses the same bars of the same version; null: another sample each time. */
  readonly seed: number | null;
  readonly tolerance: Tolerance;
  readonly mostRequests: number;
  /** Tells what would be asked, and asks nothing. */
  readonly dryRun: boolean;
  /** What the source says now is committed, as a version like any other. */
  readonly take: boolean;
  readonly by: string;
  readonly silenceMs: number;
}

export interface OpinionPlan {
  readonly note: string;
  readonly provider: string;
  /** The version of the table that is held against it. */
  readonly version: number;
  readonly segments: number;
  readonly requests: number;
  /** Expected bars in the sample, and in all that it was chosen from. */
  readonly bars: number;
  readonly of: number;
  /** What a person should know before believing the numbers. */
  readonly remarks: readonly string[];
}

export interface OpinionCounts {
  /** The same to the last bit, within the tolerance, and beyond it. */
  readonly equal: number;
  readonly close: number;
  readonly different: number;
  /** Stored, and the source has none; the source has one, and none is stored. */
  readonly missingThere: number;
  readonly missingHere: number;
}

export const NO_OPINION: OpinionCounts = { equal: 0, close: 0, different: 0, missingThere: 0, missingHere: 0 };

export interface FieldDifference {
  readonly name: Value;
  readonly ours: number | null;
  readonly theirs: number | null;
  /** As a share of the stored value; null where one side states none. */
  readonly by: number | null;
}

/** A bar on which the two are not of one mind. */
export interface OpinionRow {
  readonly ts: number;
  readonly what: 'different' | 'missingThere' | 'missingHere';
  readonly source: string | null;
  readonly fields: readonly FieldDifference[];
  /** The version since which the bar is what it is; null: it is not stored, or that version is no longer kept. */
  readonly since?: number | null;
}

/** What one segment came to. */
export interface OpinionPart {
  readonly note: string;
  readonly counts: OpinionCounts;
  readonly requests: number;
  /** Expected bars that the source had no answer for. */
  readonly unanswered: number;
  /** Stored bars of the sample that are not its own: of another source, or a person's. */
  readonly leftOut: number;
}

/** Relative differences of one kind of value over the bars that both have. */
export interface Spread {
  readonly bars: number;
  readonly median: number | null;
  readonly worst: number | null;
  readonly worstAt: number | null;
}

export interface OpinionFacts {
  readonly counts: OpinionCounts;
  readonly unanswered: number;
  readonly leftOut: number;
  readonly requests: number;
  readonly price: Spread;
  readonly volume: Spread;
  /** The first of them, in time order; `counts` tells them all. */
  readonly rows: readonly OpinionRow[];
  /** What would be committed: bars that changed, and bars that are new. */
  readonly changed: number;
}

export interface OpinionReport extends OpinionFacts {
  readonly id: string;
  readonly kind: OpinionKind;
  readonly series: Series;
  /** agrees: nothing beyond the tolerance. nothing: there was nothing to ask, or it was not to be asked. */
  readonly outcome: 'agrees' | 'differs' | 'nothing';
  readonly plan: Omit<OpinionPlan, 'note'>;
  readonly tolerance: Tolerance;
  /** The version that holds what the source says now; null: none was made. */
  readonly taken: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

export const jobOfOpinion = (order: OpinionOrder): Job<OpinionOrder> => ({
  workflow: 'secondOpinion',
  workflowId: `${order.kind}/${idOf(order.series)}/${order.id}`,
  title: opinionTitle(order),
  what: order.kind === 'compare' ? 'comparison' : 'second look',
  of: nameOf(order.series),
  order,
});

const opinionTitle = ({ kind, series, provider }: OpinionOrder): string =>
  kind === 'compare' ? `Comparing ${nameOf(series)} with ${provider}` : `Asking again for bars of ${nameOf(series)}`;

/** Each is a step of its own. */
export const MOST_REQUESTS = 1_000;

const isShare = (n: unknown, least: number): boolean => typeof n === 'number' && n >= least && n <= 1;
const isMoment = (n: unknown): boolean => n === null || (typeof n === 'number' && Number.isInteger(n));

/** An order as it comes from outside: nothing of it is taken on trust. */
export function checkOpinion(given: unknown): OpinionOrder {
  const order = (given ?? {}) as OpinionOrder;
  const { series, tolerance } = order;
  const fine =
    order.job === 'opinion' &&
    OPINIONS.includes(order.kind) &&
    /^[A-Za-z0-9_-]{1,64}$/.test(order.id) &&
    [series?.dataset, series?.symbol].every(name => typeof name === 'string') &&
    ASSET_CLASSES.includes(series.assetClass) &&
    TIMEFRAMES.includes(series.timeframe) &&
    (order.provider === null ? order.kind === 'reverify' : /^[\w.-]{1,64}$/.test(order.provider)) &&
    isShare(order.share, Number.MIN_VALUE) &&
    isMoment(order.from) &&
    isMoment(order.to) &&
    (order.seed === null || Number.isInteger(order.seed)) &&
    isShare(tolerance?.price, 0) &&
    isShare(tolerance.volume, 0) &&
    Number.isInteger(order.mostRequests) &&
    order.mostRequests >= 1 &&
    order.mostRequests <= MOST_REQUESTS &&
    typeof order.dryRun === 'boolean' &&
    typeof order.take === 'boolean' &&
    !(order.take && order.kind === 'compare') &&
    /^[\w .:-]{1,64}$/.test(order.by) &&
    Number.isInteger(order.silenceMs) &&
    order.silenceMs >= 500;
  if (!fine) throw fail('USAGE', { reason: 'this is no order of a second opinion. Nothing was asked' });
  idOf(series);
  return order;
}
