/** A part of a file that lies on this disk, without decoding the rest. */
import pl from 'nodejs-polars';
import { COLUMNS, type Column } from '../../model/bars.js';
import { placeWhere } from '../../model/bisect.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The rows of a file within the range: its times first, then only the row groups that hold those rows. */
export function rowGroups(local: string, columns: readonly Column[], range: Range): pl.DataFrame {
  const [start, end] = placeOf(pl.readParquet(local, { columns: ['ts'] }), range);
  const rows = pl.scanParquet(local).slice(start, end - start);
  return (columns === COLUMNS ? rows : rows.select(...columns)).collectSync();
}

/** A file is in time order: two bisections find the rows, and ask for a few times rather than for the column. */
export function placeOf(frame: pl.DataFrame, { from, to }: Range): [number, number] {
  const micros = frame.getColumn('ts').cast(pl.Int64);
  const before = (at: number) => placeWhere(frame.height, row => Number(micros.getIndex(row)) < at * 1000);
  return [before(from), before(to)];
}
