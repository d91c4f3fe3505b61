/** A part of a file that lies on this disk, without decoding the rest. */
import pl from 'nodejs-polars';
import { COLUMNS, type Column } from '../../model/bars.js';
import { placeWhere } from '../../model/bisect.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Of one row group, which is decoded whole either way: a plan for it costs three times as much as reading it. */
const FEW = 100_000;

/** The rows of a file within the range: its times first, then only the row groups that hold those rows. */
export function rowGroups(local: string, columns: readonly Column[], range: Range): pl.DataFrame {
  const times = pl.readParquet(local, { columns: ['ts'] });
  const [start, end] = placeOf(times, range);
  if (times.height <= FEW) return pl.readParquet(local, { columns: [...columns] }).slice(start, end - start);
  const rows = pl.scanParquet(local).slice(start, end - start);
  return (columns === COLUMNS ? rows : rows.select(...columns)).collectSync();
}

/** A file is in time order: two bisections find the rows, and ask for a few times rather than for the column. */
export function placeOf(frame: pl.DataFrame, { from, to }: Range): [number, number] {
  const micros = frame.getColumn('ts').cast(pl.Int64);
  const before = (at: number) => placeWhere(frame.height, row => Number(micros.getIndex(row)) < at * 1000);
  return [before(from), before(to)];
}
