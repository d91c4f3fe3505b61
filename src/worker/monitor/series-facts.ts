/** What is known of a stored series from its log alone: how much it holds, how far it is behind, how good its newest bars are. */
import type { ActivityHouse } from '../../activities/index.js';
import { excusedBy, type Freshness, freshnessOf } from '../../model/freshness.js';
import { toSet } from '../../model/interval.js';
import { addUp, scoreOf } from '../../model/quality.js';
import { idOf, type Series } from '../../model/series.js';
import type { LogEntry, Table } from '../../store/index.js';

export interface SeriesFacts {
  readonly id: string;
  readonly bars: number;
  readonly bytes: number;
  readonly newest: number | null;
  /** Null: by what it is expected, or whom it is from, is not known here. */
  readonly freshness: Freshness | null;
  /** 0 to 100; null: no version of late counted anything. */
  readonly score: number | null;
}

type World = Pick<ActivityHouse, 'store' | 'providers' | 'calendarOf' | 'now'>;

/** Undefined: nothing is stored. */
export async function factsOfSeries(world: World, series: Series): Promise<SeriesFacts | undefined> {
  const table = await world.store.find(series);
  if (!table) return undefined;
  const entries = await world.store.history(series, LOOKED_AT);
  const files = [...table.snapshot.files.values()];
  const newest = files.reduce<number | null>((last, f) => Math.max(last ?? f.last, f.last), null);
  return {
    id: idOf(series),
    bars: files.reduce((n, f) => n + f.rows, 0),
    bytes: files.reduce((n, f) => n + f.bytes, 0),
    newest,
    freshness: freshnessNow(world, table, newest, entries),
    score: scoreOfNewest(entries),
  };
}

function freshnessNow(
  { providers, calendarOf, now }: World,
  table: Table,
  newest: number | null,
  entries: readonly LogEntry[],
): Freshness | null {
  const provider = entries.map(e => e.commitInfo?.tapekeep?.lineage.provider).find(name => typeof name === 'string');
  if (!provider || !providers.names.includes(provider)) return null;
  const { series, holdings } = table;
  try {
    const calendar = calendarOf({ series, provider, calendar: table.calendar.name });
    const { settleMs } = providers.get(provider).serves;
    return freshnessOf({
      calendar,
      timeframe: series.timeframe,
      newest,
      now: now(),
      lagMs: settleMs,
      excused: toSet([...excusedBy(holdings.ledger)]),
    });
  } catch {
    return null;
  }
}

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
