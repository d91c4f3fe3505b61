/** The words of a derived series: its bars are made of those of a finer series of the same symbol instead of being fetched. */
import { fail } from './errors.js';
import type { Job } from './job.js';
import type { LoadReport } from './load.js';
import type { SearchAttributeName } from './search-attributes.js';
import { ASSET_CLASSES, idOf, nameOf, type Series } from './series.js';
import { checkCoarser } from './slots.js';
import { TIMEFRAMES, type Timeframe } from './timeframe.js';

/** What a derived table says of itself: the series that its bars are made of, and the version of it that they follow. */
export interface Origin {
  readonly from: string;
  readonly version: number;
}

export interface DeriveOrder {
  readonly job: 'derive';
  /** A ULID: a version that was committed is recognised by it. */
  readonly id: string;
  readonly series: Series;
  /** The timeframe of the series whose bars are taken. */
  readonly from: Timeframe;
  readonly by: string;
  readonly silenceMs: number;
}

/** As a load reports, without a request. */
export interface DeriveReport extends LoadReport {
  readonly from: string;
  /** The version of the base that the bars follow. */
  readonly base: number;
}

export interface DerivePlan {
  readonly note: string;
  /** The version of the base. */
  readonly base: number;
  /** Bars of the base that have to be read: 0, there is nothing to make anew. */
  readonly bars: number;
  readonly due: boolean;
  /** All that is derived is made anew, in one version. */
  readonly whole: boolean;
}

export interface DeriveMade {
  readonly note: string;
  readonly rows: number;
  /** A bar that is there is no longer made by the base: only a version of its own can leave it out. */
  readonly lost: boolean;
}

export const baseOf = ({ series, from }: Pick<DeriveOrder, 'series' | 'from'>): Series => ({ ...series, timeframe: from });

/** Whether bars of one series can be made of those of another. */
export function checkDerivable({ timeframe }: Series, from: Timeframe): void {
  if (timeframe === from) throw fail('USAGE', { reason: `a series is not derived from itself (${from}). Nothing was done` });
  checkCoarser(from, timeframe);
}

/** Each order has an id of its own: several may be under way, and the commit decides who was first. */
export const deriveIdOf = ({ series, id }: Pick<DeriveOrder, 'series' | 'id'>): string => `derive/${idOf(series)}/${id}`;

export const jobOfDerive = (order: DeriveOrder): Job<DeriveOrder> => ({
  workflow: 'deriveSeries',
  workflowId: deriveIdOf(order),
  title: `Deriving ${nameOf(order.series)} from ${order.from}`,
  what: 'derivation',
  of: nameOf(order.series),
  order,
});

/** How it is listed. */
export const deriveAttributesOf = ({ series }: Pick<DeriveOrder, 'series'>): Partial<Record<SearchAttributeName, string[]>> => ({
  LoadDataset: [series.dataset],
  LoadAssetClass: [series.assetClass],
  LoadSymbol: [series.symbol],
  LoadTimeframe: [series.timeframe],
  LoadKind: ['derive'],
  LoadOutcome: ['running'],
});

/** An order as it comes from outside: nothing of it is taken on trust. */
export function checkDerive(given: unknown): DeriveOrder {
  const { job, id, series, from, by, silenceMs } = (given ?? {}) as DeriveOrder;
  const fine =
    job === 'derive' &&
    /^[A-Za-z0-9_-]{1,64}$/.test(id) &&
    [series?.dataset, series?.symbol].every(name => typeof name === 'string') &&
    ASSET_CLASSES.includes(series.assetClass) &&
    TIMEFRAMES.includes(series.timeframe) &&
    TIMEFRAMES.includes(from) &&
    /^[\w .:-]{1,64}$/.test(by) &&
    Number.isInteger(silenceMs) &&
    silenceMs >= 500;
  if (!fine) throw fail('USAGE', { reason: 'this is no order of a derivation. Nothing was written' });
  idOf(series);
  checkDerivable(series, from);
  const { dataset, assetClass, symbol, timeframe } = series;
  return { job, id, series: { dataset, assetClass, symbol, timeframe }, from, by, silenceMs };
}
