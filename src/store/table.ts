/** A series as a reader sees it: which tables there are, what one of them holds at a version, and its bars. */
import pl from 'nodejs-polars';
import { COLUMNS, type Column } from '../model/bars.js';
import type { Holdings } from '../model/coverage.js';
import { fail } from '../model/errors.js';
import type { Interval } from '../model/interval.js';
import { type Basis, idOf, nameOf, parseId, type Series } from '../model/series.js';
import type { House } from './house.js';
import type { LogEntry } from './log/entry.js';
import { HOLDINGS_KEY, readHoldings } from './log/holdings.js';
import { latestOf, listLog, readEntries, readSnapshot } from './log/log.js';
import type { Snapshot, TableFile } from './log/snapshot.js';
import { sha256Of } from './publish.js';

export interface Table {
  readonly series: Series;
  readonly snapshot: Snapshot;
  readonly holdings: Holdings;
  readonly basis: Basis;
  readonly calendar: { readonly name: string; readonly version: string };
}

/** The table at a version, the newest unless one is named; undefined when nothing was ever committed to it. */
export async function findTable(house: House, series: Series, asOf?: number): Promise<Table | undefined> {
  const id = idOf(series);
  const snapshot = await readSnapshot(house.objects, id, asOf, house.seen.get(id));
  if (!snapshot) return undefined;
  if (asOf === undefined) house.seen.set(id, snapshot);
  const { configuration } = snapshot.metaData;
  return {
    series,
    snapshot,
    holdings: await readHoldings(house.objects, id, configuration[HOLDINGS_KEY]),
    basis: JSON.parse(configuration['tapekeep.basis'] ?? '{}') as Basis,
    calendar: JSON.parse(configuration['tapekeep.calendar'] ?? '{}') as Table['calendar'],
  };
}

export async function openTable(house: House, series: Series, asOf?: number): Promise<Table> {
  const table = await findTable(house, series, asOf);
  if (!table) throw fail('SERIES_UNKNOWN', { series: nameOf(series), folder: house.root });
  return table;
}

/** Every series in the data folder. */
export async function listSeries(house: House): Promise<Series[]> {
  const found: Series[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    if (depth === 4) {
      const series = parseId(path);
      if (series && (await house.objects.list(`${path}/_delta_log`)).length > 0) found.push(series);
      return;
    }
    for (const entry of await house.objects.list(path)) {
      if (entry.folder && !entry.name.startsWith('.')) await walk(path === '' ? entry.name : `${path}/${entry.name}`, depth + 1);
    }
  };
  await walk('', 0);
  return found;
}

/** The entries of the log, newest first. What was cleaned up behind a checkpoint is not there. */
export async function history(house: House, series: Series, most = Number.POSITIVE_INFINITY): Promise<LogEntry[]> {
  const id = idOf(series);
  const names = await listLog(house.objects, id);
  if (latestOf(names) < 0) throw fail('SERIES_UNKNOWN', { series: nameOf(series), folder: house.root });
  const wanted = [...names.versions].reverse().slice(0, most);
  return readEntries(house.objects, id, wanted);
}

export interface Wanted {
  readonly interval?: Interval;
  readonly columns?: readonly Column[];
}

/** The bars of a table in time order. Every file is checked by its SHA-256 before a byte of it is used. */
export async function readTable(house: House, table: Table, { interval, columns = COLUMNS }: Wanted = {}): Promise<pl.DataFrame> {
  const from = interval?.from ?? Number.NEGATIVE_INFINITY;
  const to = interval?.to ?? Number.POSITIVE_INFINITY;
  const files = [...table.snapshot.files.values()].filter(f => f.first < to && f.last >= from).sort((a, b) => a.first - b.first);
  const wanted = columns.includes('ts') ? columns : (['ts', ...columns] as const);
  const frames: pl.DataFrame[] = [];
  for (const file of files) frames.push(between(await readFile(house, table, file, wanted), file, from, to));
  const frame = frames.length > 0 ? pl.concat(frames, { how: 'vertical', rechunk: false }) : emptyFrame(wanted);
  const sorted = overlap(files) ? frame.sort('ts') : frame;
  return sorted.select(...columns);
}

async function readFile(house: House, table: Table, file: TableFile, columns: readonly Column[]): Promise<pl.DataFrame> {
  const path = `${idOf(table.series)}/${file.path}`;
  const bytes = await house.objects.read(path);
  if (file.sha256 !== null && (bytes.length !== file.bytes || sha256Of(bytes) !== file.sha256)) {
    throw fail('FILE_DAMAGED', { file: path, series: nameOf(table.series), reason: 'its SHA-256 is not the one in the log' });
  }
  return pl.readParquet(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { columns: [...columns] });
}

const emptyFrame = (columns: readonly Column[]): pl.DataFrame =>
  pl.DataFrame(
    Object.fromEntries(
      columns.map(c => [c, pl.Series(c, [], c === 'source' ? pl.Utf8 : c === 'trades' || c === 'ts' ? pl.Int64 : pl.Float64)]),
    ),
  );

const overlap = (files: readonly TableFile[]): boolean => files.some((f, i) => i > 0 && f.first <= (files[i - 1] as TableFile).last);

/** The rows of a file in [from, to). A file is in time order, so two bisections and a slice do it. */
function between(frame: pl.DataFrame, file: TableFile, from: number, to: number): pl.DataFrame {
  if (file.first >= from && file.last < to) return frame;
  const micros = frame.getColumn('ts').cast(pl.Int64).cast(pl.Float64).toTypedArray() as Float64Array;
  const start = lowerBound(micros, from * 1000);
  return frame.slice(start, lowerBound(micros, to * 1000) - start);
}

function lowerBound(values: Float64Array, at: number): number {
  let lo = 0;
  let hi = values.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((values[mid] as number) < at) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
