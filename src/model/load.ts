/** The words of a load that travel: what is ordered, what its steps hand on, what it reports. Names and counts, never bars. */
import type { Answer } from './answers.js';
import type { ArchiveFile } from './archives.js';
import { fail, type TapekeepError } from './errors.js';
import type { Interval } from './interval.js';
import type { Progress } from './progress.js';
import type { SearchAttributeName } from './search-attributes.js';
import { idOf, nameOf, type Series } from './series.js';

export const MODES = ['local', 'tail', 'backfill', 'full'] as const;
export type Mode = (typeof MODES)[number];

/** What one order wants of a series. */
export interface Wish {
  readonly span: Span;
  readonly mode: Mode;
  /** All that the series holds is taken anew, in one version: another measure than the old one's is welcome. */
  readonly reload?: boolean;
}

/** What to make complete. `from: null`: since the listing; `to: null`: until now. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

export interface LoadOrder {
  /** A ULID: it outlives continue-as-new and reset. */
  readonly load: string;
  readonly series: Series;
  readonly provider: string;
  readonly span: Span;
  /** The calendar by which the series is expected; unsaid, what its asset class allows to assume. */
  readonly calendar?: string;
  readonly mode: Mode;
  readonly reload?: boolean;
  /** This source was asked for by name: no other stands in for it. */
  readonly pinned?: boolean;
  /** Who stands in for the provider where it cannot serve, in this order; the first step of the load finds them. */
  readonly standIns?: readonly string[];
  /** Who asked: cli, library, schedule. */
  readonly by: string;
  readonly tuning: Tuning;
}

/** What the settings said when the load was ordered: part of its input, so that a replay sees the same. */
export interface Tuning {
  readonly lanes: number;
  readonly batchBars: number;
  /** How long a step may be silent before it is given to another worker. */
  readonly silenceMs: number;
  /** What to do when the past is told by another measure. */
  readonly restatements: Restatements;
  /** Which end of what is missing is loaded first. */
  readonly first: First;
}

export const FIRSTS = ['oldest', 'newest'] as const;
export type First = (typeof FIRSTS)[number];

export const RESTATEMENTS = ['stop', 'reload'] as const;
export type Restatements = (typeof RESTATEMENTS)[number];

export const SILENCE_MS = 10_000;

export const workflowIdOf = (series: Series): string => `load/${idOf(series)}`;

/** Plans have ids of their own: asking what a load would do never meets the load itself. */
export const planIdOf = ({ series, load }: LoadOrder): string => `plan/${idOf(series)}/${load}`;

/** A note is a small JSON file beside the tables, named by its content: what is too big for a history. */
export type Note = string;

/** How a load is listed: in the Temporal UI and by the CLI. */
export const searchAttributesOf = ({ series, provider, mode }: LoadOrder): Record<SearchAttributeName, string[]> => ({
  LoadDataset: [series.dataset],
  LoadAssetClass: [series.assetClass],
  LoadSymbol: [series.symbol],
  LoadTimeframe: [series.timeframe],
  LoadProvider: [provider],
  LoadKind: [mode],
  LoadOutcome: ['running'],
});

/** How a load is started, by whomever: under the one id of its series. */
export const startOfLoad = (order: LoadOrder) => ({
  workflowId: workflowIdOf(order.series),
  args: [order] as [LoadOrder],
  memo: { load: order.load },
  searchAttributes: searchAttributesOf(order),
  staticSummary: titleOf(order),
});

export const titleOf = ({ series, provider }: LoadOrder): string => `${nameOf(series)} from ${provider}`;

export interface LocalFacts {
  readonly version: number;
  readonly rows: number;
  readonly first: number | null;
  readonly last: number | null;
  /** The folder of an older collection that has it, where nothing is stored yet. */
  readonly legacy?: string;
  /** Who may stand in for the provider of the order. */
  readonly standIns: readonly string[];
}

/** What a look at all that is stored of a series found. */
export interface CheckedFacts {
  readonly files: number;
  readonly rows: number;
}

export interface GapFacts {
  readonly note: Note;
  readonly gaps: number;
  readonly bars: number;
  /** What the span came to, once the listing and the clock had their say. */
  readonly interval: Interval | null;
  /** What the calendar does not know for sure of that interval. */
  readonly remarks?: readonly string[];
}

export interface BatchPlan {
  /** Its segments: indexes of the plan, [first, end). */
  readonly first: number;
  readonly end: number;
  readonly bars: number;
  readonly pages: number;
}

export interface PlanFacts {
  readonly note: Note;
  readonly segments: number;
  readonly requests: number;
  readonly bars: number;
  readonly batches: readonly BatchPlan[];
  /** Bars that lie beyond what the provider reaches. */
  readonly unreachable: number;
  /** What the provider allows; null: as many a day as one likes. */
  readonly limit?: { readonly perSecond: number; readonly perDay: number | null };
}

/** What a load would do, told before anything is fetched. */
export interface LoadPlan {
  readonly local: LocalFacts;
  readonly gaps: GapFacts;
  readonly plan: PlanFacts;
}

export interface Fetched {
  readonly index: number;
  /** Who served it. */
  readonly provider: string;
  readonly rows: number;
  readonly requests: number;
  /** Expected bars of answers that failed or came too early: they are still missing. */
  readonly unanswered: number;
  /** Where the raw file and the answers are named; null when there was nothing to name. */
  readonly note: Note;
}

/** What a fetch leaves for the merge. */
export interface FetchNote {
  readonly answers: readonly Answer[];
  readonly input: {
    readonly kind: 'raw';
    readonly file: string;
    readonly sha256: string;
    readonly rows: number;
    readonly first: number;
    readonly last: number;
    readonly archives?: readonly ArchiveFile[];
  } | null;
}

export interface MergeFacts {
  readonly proposal: Note;
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
}

export interface CommitFacts {
  readonly outcome: 'committed' | 'already' | 'unchanged' | 'raced';
  readonly version: number;
  /** What a new version brought. Absent: it brought no bar. */
  readonly bars?: { readonly added: number; readonly replaced: number };
}

/** Of a load that came to nothing, or has not begun. */
export const reportOfNothing = (load: string, now: number): LoadReport => ({
  load,
  outcome: 'nothing',
  added: 0,
  replaced: 0,
  unchanged: 0,
  requests: 0,
  versions: [],
  unreachable: 0,
  startedAt: now,
  endedAt: now,
});

export interface LoadReport {
  readonly load: string;
  readonly outcome: 'done' | 'partial' | 'cancelled' | 'nothing';
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
  readonly requests: number;
  /** The versions it made. */
  readonly versions: readonly number[];
  /** Bars that no request of this load could reach, or to which the source had no answer. */
  readonly unreachable: number;
  /** Bars of sources that stood in for that of the order, by their names; absent: none did. */
  readonly stoodIn?: Readonly<Record<string, number>>;
  /** Of a load that only looks: what was read and found whole, and how many bars are missing. */
  readonly checked?: CheckedFacts & { readonly missing: number };
  /** What a person should know of the calendar in the time that was asked for; absent: nothing. */
  readonly remarks?: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Answer to a request for a series that is being loaded already. */
export interface Admission {
  readonly load: string;
  readonly how: 'started' | 'joined' | 'extended';
}

const ASKS = 'this load asks';

/** How a load that runs refuses an order for another source than its own. */
export const asksAnother = (provider: string): string => `${ASKS} ${provider}`;

/** What the refusal of an order means to whoever gave it; undefined: the load is about to end, and the next one follows it. */
export function refusalOf({ series }: LoadOrder, { message, cause }: Error): TapekeepError | undefined {
  const reason = (cause as Error | undefined)?.message ?? message;
  return reason.includes(ASKS) ? fail('USAGE', { reason: `${nameOf(series)} is being loaded already, and ${reason}` }) : undefined;
}

export interface LoadStatus {
  readonly order: LoadOrder;
  readonly progress: Progress;
  readonly report: LoadReport;
}

/** Whether a wish is served by what another one loads. */
export const servedBy = (inner: Wish, outer: Wish): boolean =>
  (outer.mode === 'full' || outer.mode === inner.mode) && (outer.reload || !inner.reload) === true && spanWithin(inner.span, outer.span);

/** Whether a span asks for nothing beyond another. */
export const spanWithin = (inner: Span, outer: Span): boolean =>
  (outer.from === null || (inner.from !== null && inner.from >= outer.from)) &&
  (outer.to === null || (inner.to !== null && inner.to <= outer.to));
