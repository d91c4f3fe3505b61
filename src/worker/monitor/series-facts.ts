/** What is known of a stored series from its log alone: how much it holds, how far it is behind, how good its newest bars are. */
import type { ActivityHouse } from '../../activities/index.js';
import { excusedBy, type Freshness, freshnessOf, staleFrom } from '../../model/freshness.js';
import { toSet } from '../../model/interval.js';
import { type Leaving, leavingOf } from '../../model/leaving.js';
import { addUp, scoreOf } from '../../model/quality.js';
import { idOf, type Series } from '../../model/series.js';
import { type LogEntry, providerIn, type Table } from '../../store/index.js';

export interface SeriesFacts {
  readonly id: string;
  readonly bars: number;
  readonly bytes: number;
  readonly newest: number | null;
  /** Null: by what it is expected, or whom it is from, is not known here. */
  readonly freshness: Freshness | null;
  /** When it turns stale, if nothing comes; null: it is already, or not within the next minute. */
  readonly staleAt: number | null;
  /** What it lacks, and its source will soon not have any more. */
  readonly leaving: (Leaving & { readonly provider: string }) | null;
  /** 0 to 100; null: no version of late counted anything. */
  readonly score: number | null;
}

type World = Pick<ActivityHouse, 'store' | 'providers' | 'calendarOf' | 'now'>;

/** Undefined: nothing is stored. */
export async function factsOfSeries(world: World, series: Series): Promise<SeriesFacts | undefined> {
  const table = await world.store.find(series);
  if (!table) return undefined;
  const { provider, ...sums } = await sumsOf(world, table);
  return { id: idOf(series), ...sums, ...timesOf(world, table, sums.newest, provider) };
}

/** What changes with a version alone, and not with the time. */
interface Sums extends Pick<SeriesFacts, 'bars' | 'bytes' | 'newest' | 'score'> {
  readonly provider: string | undefined;
}

/** As long as the store holds on to a version, which it does while that is the newest: a series that rests is not read again every minute. */
const remembered = new WeakMap<Table['snapshot'], Sums>();

async function sumsOf({ store }: World, { series, snapshot }: Table): Promise<Sums> {
  const known = remembered.get(snapshot);
  if (known) return known;
  const entries = await store.history(series, LOOKED_AT);
  const files = [...snapshot.files.values()];
  const sums = {
    bars: files.reduce((n, f) => n + f.rows, 0),
    bytes: files.reduce((n, f) => n + f.bytes, 0),
    newest: files.reduce<number | null>((last, f) => Math.max(last ?? f.last, f.last), null),
    score: scoreOfNewest(entries),
    provider: providerIn(entries),
  };
  remembered.set(snapshot, sums);
  return sums;
}

/** Nothing is said where its source or calendar is not known here. */
function timesOf(
  { providers, calendarOf, now }: World,
  { series, calendar: { name }, holdings: { coverage, ledger } }: Table,
  newest: number | null,
  provider: string | undefined,
): Pick<SeriesFacts, 'freshness' | 'staleAt' | 'leaving'> {
  if (!provider || !providers.names.includes(provider)) return UNKNOWN;
  try {
    const { settleMs, depthMs } = providers.get(provider).serves;
    const facts = { calendar: calendarOf({ series, provider, calendar: name }), timeframe: series.timeframe, now: now() };
    const leaving = leavingOf({ ...facts, coverage, depthMs: depthMs[series.timeframe] });
    const age = { ...facts, newest, lagMs: settleMs, excused: toSet([...excusedBy(ledger)]) };
    return {
      freshness: freshnessOf(age),
      staleAt: staleFrom(age, facts.now + AHEAD_MS),
      leaving: leaving && { ...leaving, provider },
    };
  } catch {
    return UNKNOWN;
  }
}

/** When what it lacks begins to be lost, in words. */
export function leavingWords(name: string, { bars, first, until, provider }: NonNullable<SeriesFacts['leaving']>): string {
  const [since, lostAt] = [first, until].map(ts => new Date(ts).toISOString().slice(0, 16).replace('T', ' '));
  return `${name} lacks ${bars} bars from ${since} on, which ${provider} begins to let go at ${lostAt} UTC: load it before`;
}

const UNKNOWN = { freshness: null, staleAt: null, leaving: null };

/** A little more than from one look to the next. */
const AHEAD_MS = 75_000;

const LOOKED_AT = 20;
/** One bar that is absent says nothing of a version of five. */
const ENOUGH_BARS = 100;

/** Of the sessions that the newest versions touched: as many of them as make enough bars to judge by. */
export function scoreOfNewest(entries: readonly LogEntry[]): number | null {
  const sums = entries.flatMap(e => e.commitInfo?.tapekeep?.lineage.quality?.sum ?? []);
  let enough = 0;
  for (let bars = 0; enough < sums.length && bars < ENOUGH_BARS; enough++) bars += sums[enough]?.expected ?? 0;
  return scoreOf([{ date: 0, ...addUp(sums.slice(0, enough)) }], { verified: true })?.score ?? null;
}
