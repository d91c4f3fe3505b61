/** What is asked about sources, and what they answer: never bars. */
import { fail } from './errors.js';
import type { Choice, RuleName } from './provider-rules.js';
import { checkSchedule, type Schedule } from './schedule.js';
import type { Ahead } from './schedule-options.js';
import { type AssetClass, type Basis, idOf, type Series } from './series.js';
import type { Timeframe } from './timeframe.js';

export type Consultation =
  | { readonly ask: 'sources' }
  /** One small question to each that is named; null: to all that can be asked. */
  | { readonly ask: 'check'; readonly names: readonly string[] | null }
  | { readonly ask: 'symbols'; readonly provider: string; readonly search: string }
  | { readonly ask: 'choice'; readonly series: Series; readonly calendar: string | null }
  /** The times of a schedule; refused when it can never run. */
  | { readonly ask: 'ahead'; readonly schedule: Schedule };

export interface SourceFacts {
  readonly name: string;
  readonly assetClasses: readonly AssetClass[];
  readonly timeframes: readonly Timeframe[];
  /** How far back, in ms, where it does not reach to the listing. */
  readonly depthMs: Readonly<Partial<Record<Timeframe, number>>>;
  readonly basis: Basis;
  readonly pageBars: number;
  readonly perSecond: number;
  readonly perDay: number | null;
  readonly archives: boolean;
  /** null: it needs none. */
  readonly hasKey: boolean | null;
  readonly plan: string | null;
  /** The rules that name it. */
  readonly rules: readonly RuleName[];
  readonly health: { readonly asked: number; readonly failed: number; readonly latencyMs: number | null };
  /** For how long it is not asked, and why; null: it may be asked now. */
  readonly rests: SourceRest | null;
  /** Requests of today that are left; null: as many as one likes. */
  readonly leftToday: number | null;
}

/** `limit`, `ban`: it sent us away; `used`: others behind this address used up its minute; `day`: ours is used up; `failing`: it is left alone. */
export interface SourceRest {
  readonly ms: number;
  readonly why: 'limit' | 'ban' | 'used' | 'day' | 'failing';
  readonly reason?: string;
}

export interface CheckFacts {
  readonly name: string;
  readonly symbol: string;
  readonly fine: boolean;
  readonly ms: number;
  readonly says: string;
  readonly code: string | null;
}

export interface SymbolFacts {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly title: string | null;
  readonly active: boolean | null;
  readonly first: number | null;
  readonly last: number | null;
}

export interface Answers {
  readonly sources: readonly SourceFacts[];
  readonly check: readonly CheckFacts[];
  readonly symbols: readonly SymbolFacts[];
  readonly choice: Choice;
  /** null: it goes by cron. */
  readonly ahead: Ahead | null;
}

/** An answer goes into a history: so many symbols and no more. */
export const MOST_SYMBOLS = 2_000;

const isName = (value: unknown): value is string => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value);

/** As it comes from outside: nothing of it is taken on trust. */
export function checkConsultation(given: unknown): Consultation {
  const about = (given ?? {}) as Consultation;
  const unfit = () => fail('USAGE', { reason: 'this is no question about sources. Nothing was asked' });
  if (about.ask === 'sources') return { ask: 'sources' };
  if (about.ask === 'check' && (about.names === null || (Array.isArray(about.names) && about.names.every(isName)))) return about;
  if (about.ask === 'symbols' && isName(about.provider) && typeof about.search === 'string' && about.search.length <= 64) return about;
  if (about.ask === 'choice' && (about.calendar === null || /^[\w./-]{1,40}$/.test(about.calendar))) {
    idOf(about.series);
    return about;
  }
  if (about.ask === 'ahead') return { ask: 'ahead', schedule: checkSchedule(about.schedule) };
  throw unfit();
}
