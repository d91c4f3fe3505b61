/** What can be chosen about the simulated exchange. */
import type { ErrorCode } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { HOUR, type Timeframe } from '../../model/timeframe.js';

/** Something that goes wrong with certain requests, counted from 1 since the start of the process. */
export interface SimulatedFault {
  readonly request: number;
  /** How many requests in a row, from that one on; 1 when absent. */
  readonly times?: number;
  /** error: refused with `code` · truncated: half the rows · wrong: rows of another time · nulls: rows without prices · slow: `ms` later. */
  readonly kind: 'error' | 'truncated' | 'wrong' | 'nulls' | 'slow';
  readonly code?: ErrorCode;
  readonly ms?: number;
}

export interface SimulatedSettings {
  /** Another seed, another market. */
  readonly seed: number;
  /** Bars on a page at most. */
  readonly pageBars: number;
  readonly requestsPerSecond: number;
  /** How long each answer takes. */
  readonly latencyMs: number;
  /** First minute of every symbol, and of those that have one of their own. */
  readonly listed: number;
  readonly listedOf: Readonly<Record<string, number>>;
  /** End of the last minute of a symbol; absent: it still trades. */
  readonly delisted: Readonly<Record<string, number>>;
  /** The exchange was down: no bars at all. */
  readonly outages: readonly Interval[];
  /** Share of the minutes in which nothing was traded, 0 to below 1. */
  readonly quietShare: number;
  /** A bar may change for this long after its close. */
  readonly settleMs: number;
  /** For so long after its close a bar lacks its late prints: a quarter of its volume. */
  readonly revisesMs: number;
  /** All prices times this: what a split, or pence for pounds, do to a past that is told anew. */
  readonly priceFactor: number;
  /** How far back a timeframe reaches from now; absent: to the listing. */
  readonly depthMs: Readonly<Partial<Record<Timeframe, number>>>;
  /** A file that gets one JSON line for each page asked for; null: none. */
  readonly journal: string | null;
  readonly faults: readonly SimulatedFault[];
}

const OUTAGE = Date.UTC(2020, 5, 28, 1);

export const SIMULATED_DEFAULTS: SimulatedSettings = {
  seed: 1,
  pageBars: 1_000,
  requestsPerSecond: 10_000,
  latencyMs: 0,
  listed: Date.UTC(2017, 7, 17, 4),
  listedOf: {},
  delisted: {},
  outages: [{ from: OUTAGE, to: OUTAGE + 4 * HOUR }],
  quietShare: 0.002,
  settleMs: 2_000,
  revisesMs: 0,
  priceFactor: 1,
  depthMs: {},
  journal: null,
  faults: [],
};
