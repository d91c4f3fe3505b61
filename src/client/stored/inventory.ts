/** One line of the inventory: what a series holds, from its log alone. */
import type { Freshness } from '../../model/freshness.js';
import type { Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store } from '../../store/index.js';
import { freshnessOfTable } from './freshness.js';

export interface Held {
  readonly series: Series;
  readonly first: number | null;
  readonly last: number | null;
  readonly rows: number;
  readonly bytes: number;
  readonly version: number;
  readonly changedAt: number | null;
  /** How far it is behind, in expected bars; null where its calendar is not known. */
  readonly freshness: Freshness | null;
  /** The version that was restored, when loads are to leave the series alone until it is released. */
  readonly heldSince: number | null;
  /** Files that were computed from it. */
  readonly derived: readonly Derived[];
}

/** A file that somebody computed from a series. */
export interface Derived {
  /** Below the folder of the setting. */
  readonly file: string;
  /** The version it says it was made from; null: it says none. */
  readonly madeFrom: number | null;
  readonly madeAt: number;
  readonly stale: boolean;
}

export async function holdingOf(settings: ResolvedSettings, store: Store, series: Series, now: number): Promise<Held> {
  const table = await store.open(series);
  const { snapshot } = table;
  const files = [...snapshot.files.values()];
  const [newest] = await store.history(series, 1);
  return {
    series,
    first: files.length > 0 ? Math.min(...files.map(f => f.first)) : null,
    last: files.length > 0 ? Math.max(...files.map(f => f.last)) : null,
    rows: files.reduce((n, f) => n + f.rows, 0),
    bytes: files.reduce((n, f) => n + f.bytes, 0),
    version: snapshot.version,
    changedAt: newest?.commitInfo?.timestamp ?? null,
    heldSince: table.hold?.version ?? null,
    derived: [],
    freshness: await freshnessOfTable(settings, table, newest?.commitInfo?.tapekeep?.lineage.provider ?? null, now),
  };
}
