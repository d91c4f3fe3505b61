/** Stored bars on their way out, a stretch of time at a time: memory stays the same however many there are. */
import type pl from 'nodejs-polars';
import { VALUES, type Value } from '../model/bars.js';
import { type Interval, interval } from '../model/interval.js';
import { nominalMs } from '../model/timeframe.js';
import type { Store, Table } from '../store/index.js';

/** One bar as a person or a program reads it. */
export type BarRow = { readonly ts: number; readonly source: string | null } & Readonly<Record<Value, number | null>>;

/** Rows that are read at once, and rows that are objects at once. */
const STRETCH = 100_000;
const HANDFUL = 5_000;

type Extent = Pick<Table['snapshot']['files'] extends ReadonlyMap<string, infer F> ? F : never, 'first' | 'last' | 'rows'>;

/** Cuts an interval where files begin, so that each part holds about so many rows. Files may overlap: a part reads all that reach into it. */
export function stretches(files: readonly Extent[], wanted: Interval, most = STRETCH): Interval[] {
  const reached = files.filter(f => f.first < wanted.to && f.last >= wanted.from);
  const cuts = [wanted.from];
  let rows = 0;
  for (const file of [...reached].sort((a, b) => a.first - b.first)) {
    if (rows >= most && file.first > (cuts.at(-1) as number)) {
      cuts.push(file.first);
      rows = 0;
    }
    const pieces = Math.ceil(file.rows / most);
    for (let i = 1; i < pieces; i++) {
      const cut = Math.floor(file.first + ((file.last - file.first) * i) / pieces);
      if (cut > (cuts.at(-1) as number) && cut < wanted.to) cuts.push(cut);
    }
    rows += file.rows / pieces;
  }
  const ends = [...cuts.slice(1), wanted.to];
  return cuts.map((from, i) => interval(from, ends[i] as number)).filter(({ from, to }) => to > from);
}

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
export async function newestOf(store: Store, table: Table, n: number): Promise<BarRow[]> {
  const files = [...table.snapshot.files.values()];
  const last = Math.max(...files.map(f => f.last));
  for (const from of [last - 2 * n * nominalMs(table.series.timeframe), startOfNewest(files, n)]) {
    const frame = await store.read(table, { interval: { from, to: Number.POSITIVE_INFINITY } });
    if (frame.height >= n || from <= startOfNewest(files, n)) return rowsOf(frame.tail(n));
  }
  return [];
}

export async function* barsOf(store: Store, table: Table, wanted: Interval): AsyncGenerator<BarRow[]> {
  const files = [...table.snapshot.files.values()];
  for (const stretch of stretches(files, wanted)) {
    const frame = await store.read(table, { interval: stretch });
    for (let at = 0; at < frame.height; at += HANDFUL) yield rowsOf(frame.slice(at, HANDFUL));
  }
}

/** The stamps alone, in the order of time within each part. */
export async function* stampsOf(store: Store, table: Table, wanted: Interval): AsyncGenerator<number[]> {
  for (const stretch of stretches([...table.snapshot.files.values()], wanted))
    yield momentsOf(await store.read(table, { interval: stretch, columns: ['ts'] }));
}

/** A column as numbers; what is not stated is null. */
type Numbers = readonly (number | bigint | null)[];

function rowsOf(frame: pl.DataFrame): BarRow[] {
  const columnOf = (name: string) => frame.getColumn(name).toArray() as unknown as Numbers;
  const ts = momentsOf(frame);
  const source = frame.getColumn('source').toArray() as (string | null)[];
  const values = VALUES.map(name => [name, columnOf(name)] as const);
  return Array.from(ts, (at, i) => {
    const row: Record<string, number | string | null> = { ts: at };
    for (const [name, column] of values) row[name] = numberOf(column[i]);
    row.source = source[i] ?? null;
    return row as unknown as BarRow;
  });
}

const numberOf = (value: number | bigint | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

/** Microseconds of the file as milliseconds. */
function momentsOf(frame: pl.DataFrame): number[] {
  const dates = frame.getColumn('ts').toArray() as unknown as (Date | number | bigint)[];
  return dates.map(at => (at instanceof Date ? at.getTime() : Number(at)));
}
