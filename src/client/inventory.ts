/** One line of the inventory: what a series holds, from its log alone. */
import type { Series } from '../model/series.js';
import type { Store } from '../store/index.js';

export interface Held {
  readonly series: Series;
  readonly first: number | null;
  readonly last: number | null;
  readonly rows: number;
  readonly bytes: number;
  readonly version: number;
  readonly changedAt: number | null;
}

export async function holdingOf(store: Store, series: Series): Promise<Held> {
  const { snapshot } = await store.open(series);
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
  };
}
