/** Stored bars on their way out, a stretch of time at a time: memory stays the same however many there are. */
import { type Bars, countOf, sliceBars, VALUES, type Value } from '../../model/bars.js';
import type { Interval } from '../../model/interval.js';
import { nominalMs, type Timeframe } from '../../model/timeframe.js';
import { type Extent, type Store, stretches, type Table } from '../../store/index.js';

/** One bar as a person or a program reads it. */
export type BarRow = { readonly ts: number; readonly source: string | null } & Readonly<Record<Value, number | null>>;

/** Rows that are objects at once. */
const HANDFUL = 5_000;

/** Where to begin reading so that at least the newest `n` rows come. */
export function startOfNewest(files: readonly Extent[], n: number): number {
  let rows = 0;
  let from = Number.POSITIVE_INFINITY;
  for (const file of [...files].sort((a, b) => b.first - a.first)) {
    if (rows >= n) break;
    rows += file.rows;
    from = Math.min(from, file.first);
  }
  return from;
}

/** The newest bars. A short look back is enough where the series has no holes; else a file is read from its beginning. */
export async function newestOf(
  table: Table,
  n: number,
  timeframe: Timeframe,
  barsSince: (from: number) => AsyncIterable<Bars>,
): Promise<BarRow[]> {
  const files = [...table.snapshot.files.values()];
  const last = Math.max(...files.map(f => f.last));
  const far = timeframe === table.series.timeframe ? startOfNewest(files, n) : Number.NEGATIVE_INFINITY;
  for (const from of [last - 2 * n * nominalMs(timeframe), far]) {
    const rows: BarRow[] = [];
    for await (const handful of rowsIn(barsSince(from))) rows.push(...handful);
    if (rows.length >= n || from <= far) return rows.slice(-n);
  }
  return [];
}

/** Bars as rows, some at a time. */
export async function* rowsIn(bars: AsyncIterable<Bars>): AsyncGenerator<BarRow[]> {
  for await (const part of bars)
    for (let at = 0; at < countOf(part); at += HANDFUL) yield rowsOf(sliceBars(part, at, Math.min(at + HANDFUL, countOf(part))));
}

/** So many stamps are read at once: whole files, and no more than some megabytes. */
const STAMPS = 2_000_000;

/** The stamps alone, in the order of time within each part. */
export async function* stampsOf(store: Store, table: Table, wanted: Interval): AsyncGenerator<Float64Array> {
  const { momentsOf } = await import('./columns.js');
  for (const stretch of stretches([...table.snapshot.files.values()], wanted, STAMPS))
    yield momentsOf(await store.read(table, { interval: stretch, columns: ['ts'] }));
}

const numberOf = (value: number): number | null => (Number.isNaN(value) ? null : value);

function rowsOf(bars: Bars): BarRow[] {
  return Array.from(bars.ts, (ts, i) => {
    const row: Record<string, number | string | null> = { ts };
    for (const name of VALUES) row[name] = numberOf(bars[name][i] as number);
    row.source = bars.sources[bars.source[i] as number] || null;
    return row as unknown as BarRow;
  });
}
