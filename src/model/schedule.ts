/** The words of schedules: which series are loaded at which set times. A schedule travels whole: it is what each of its runs is given. */
import { fail } from './errors.js';
import type { LoadOrder } from './load.js';
import { EXACT, OPINIONS, type OpinionKind, type OpinionOrder, TOLERANCE } from './opinion.js';
import { parseTimeframe, type Timeframe } from './timeframe.js';

/** By the clock, or by the sessions of each series' own calendar. Lengths in ms. */
export type When =
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
  | { readonly kind: 'afterClose'; readonly ms: number }
  | { readonly kind: 'whileOpen'; readonly ms: number };

export const SCHEDULE_MODES = ['tail', 'full', 'backfill'] as const;
export const OVERLAPS = ['skip', 'bufferOne'] as const;

export interface Schedule {
  readonly name: string;
  /** As people name them, "BTCUSDT 1m", or "@majors" for a watchlist; null: all that the settings keep. */
  readonly series: readonly string[] | null;
  readonly mode: (typeof SCHEDULE_MODES)[number];
  /** Instead of loading, a sample of what is stored is held against what a source says now. */
  readonly opinion?: ScheduledOpinion;
  readonly when: When;
  /** A run that is due while the one before goes on: dropped, or one is kept waiting. */
  readonly overlap: (typeof OVERLAPS)[number];
  /** How late a run may still be made up for. */
  readonly catchUpMs: number;
  /** Runs begin up to so much later, by chance. */
  readonly jitterMs: number;
  /** 1 goes before 5 where workers are busy; unset, 3. */
  readonly priority?: number;
  /** Loads of a run that work at the same time. */
  readonly atOnce: number;
  readonly silenceMs: number;
}

export interface ScheduledOpinion {
  readonly kind: OpinionKind;
  /** Who is asked; null: the source that the bars are from. */
  readonly provider: string | null;
  readonly share: number;
  /** What that source says now is committed. */
  readonly take: boolean;
}

const REQUESTS = 100;

/** What is asked about one of the series: `order` is the load that would have been. */
export const opinionOf = ({ kind, provider, share, take }: ScheduledOpinion, order: LoadOrder): OpinionOrder => ({
  job: 'opinion',
  kind,
  id: order.load,
  series: order.series,
  provider,
  share,
  from: null,
  to: null,
  seed: null,
  tolerance: kind === 'reverify' ? EXACT : TOLERANCE,
  mostRequests: REQUESTS,
  dryRun: false,
  take,
  by: order.by,
  silenceMs: order.tuning.silenceMs,
});

const isOpinion = ({ kind, provider, share, take }: ScheduledOpinion): boolean =>
  OPINIONS.includes(kind) &&
  (provider === null ? kind === 'reverify' : kind === 'compare' && /^[\w.-]{1,64}$/.test(provider)) &&
  share > 0 &&
  share <= 1 &&
  (take === false || (take === true && kind === 'reverify'));

/** Who made a schedule: the settings, which also change and remove it, or a person. */
export type Maker = 'settings' | 'hand';

/** The mark on every schedule of ours; others on the same server are left alone. */
export const OWNER = 'tapekeep';
export const scheduleIdOf = (name: string): string => `schedule/${name}`;

export const SCHEDULE_NAME = /^[A-Za-z0-9][\w.-]{0,39}$/;

const PART = '(?:\\*|\\d{1,2}|[A-Za-z]{3})(?:-(?:\\d{1,2}|[A-Za-z]{3}))?(?:/\\d{1,2})?';
const FIELD = `${PART}(?:,${PART})*`;
/** What every reader of cron lines understands alike. */
export const CRON = new RegExp(`^${FIELD}(?: +${FIELD}){4,5}$`);

/** A series as a person names it. */
export interface SeriesName {
  readonly dataset: string | undefined;
  readonly symbol: string;
  readonly timeframe: Timeframe;
}

/** The name of the watchlist that is meant; undefined: it is a series. */
export const watchlistOf = (text: string): string | undefined => /^@([A-Za-z0-9][\w.-]{0,63})$/.exec(text.trim())?.[1];

/** "BTCUSDT 1m", or with a dataset before it, "icmarkets.12345:EURUSD 1m". */
export function parseSeriesName(text: string): SeriesName {
  const [, dataset, symbol, timeframe] = /^(?:([^\s:]+):)?(\S+) +(\S+)$/.exec(text.trim()) ?? [];
  if (symbol === undefined || timeframe === undefined)
    throw fail('USAGE', { reason: `${JSON.stringify(text)} names no series: write its symbol and its timeframe, as "BTCUSDT 1m"` });
  return { dataset, symbol, timeframe: parseTimeframe(timeframe) };
}

const MOST_NAMES = 10_000;

/** As it comes from outside: nothing of it is taken on trust. */
export function checkSchedule(given: unknown): Schedule {
  const { name, series, mode, opinion, when, overlap, catchUpMs, jitterMs, priority, atOnce, silenceMs } = (given ?? {}) as Schedule;
  const isWhole = (n: unknown, least: number, most: number) => Number.isInteger(n) && (n as number) >= least && (n as number) <= most;
  const fine =
    SCHEDULE_NAME.test(String(name)) &&
    (series === null || (Array.isArray(series) && series.length <= MOST_NAMES && series.every(text => typeof text === 'string'))) &&
    SCHEDULE_MODES.includes(mode) &&
    (opinion === undefined || isOpinion(opinion)) &&
    isWhen(when) &&
    OVERLAPS.includes(overlap) &&
    isWhole(catchUpMs, 0, Number.MAX_SAFE_INTEGER) &&
    isWhole(jitterMs, 0, Number.MAX_SAFE_INTEGER) &&
    (priority === undefined || isWhole(priority, 1, 5)) &&
    isWhole(atOnce, 1, 1_000) &&
    isWhole(silenceMs, 500, 3_600_000);
  if (!fine) throw fail('USAGE', { reason: 'this is no schedule. Nothing was done' });
  return given as Schedule;
}

const isWhen = (when: When): boolean =>
  when?.kind === 'cron'
    ? CRON.test(when.cron) && /^[\w+/-]{1,64}$/.test(when.timezone)
    : ['afterClose', 'whileOpen'].includes(when?.kind) && Number.isInteger(when.ms) && when.ms >= (when.kind === 'whileOpen' ? 60_000 : 0);

/** What a run came to. Its last one is what the next run begins with. */
export interface TickReport {
  /** All that was due up to here has been seen to. */
  readonly upTo: number;
  readonly done: number;
  /** Nothing was missing. */
  readonly nothing: number;
  readonly partial: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Being loaded already when the run came to them, or still when it ended. */
  readonly running: number;
  /** Restored by somebody, and passed by until they are released. */
  readonly held: number;
  /** Named, but not to be loaded: and why. */
  readonly unknown: number;
  /** Some of the reasons, each with its series. */
  readonly reasons: readonly string[];
}

export const NO_TICK: TickReport = {
  upTo: 0,
  done: 0,
  nothing: 0,
  partial: 0,
  failed: 0,
  cancelled: 0,
  running: 0,
  held: 0,
  unknown: 0,
  reasons: [],
};

/** What a run asks: which loads are due. */
export interface DueAsk {
  /** The time of the plan that it stands for. */
  readonly at: number;
  /** Due after this … */
  readonly since: number;
  /** … and up to this. */
  readonly until: number;
  /** How many of the series were seen to before. */
  readonly skip: number;
  /** Ids of loads are made of it, so that asking twice gives the same. */
  readonly seed: string;
}

export interface DueLoads {
  /** Each stands in the catalog of open loads. */
  readonly orders: readonly LoadOrder[];
  readonly held: number;
  readonly unknown: readonly string[];
  /** How many were seen to, when there are more; null: that was all. */
  readonly next: number | null;
}
