/** Rows of a Parquet or feather file, some thousand at a time. */
import pl from 'nodejs-polars';
import { VALUES } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { DAY } from '../../model/timeframe.js';
import { placesOf } from './columns.js';
import { type Row, RUN } from './rows.js';

export function* frameRows(file: string, kind: 'parquet' | 'feather'): Generator<Row> {
  for (let start = 0; ; start += RUN) {
    const frame = reading(file, () => (kind === 'parquet' ? pl.scanParquet(file) : pl.scanIPC(file)).slice(start, RUN).collectSync());
    const places = placesOf(frame.columns);
    if (!places) throw fail('LEGACY_UNREADABLE', { file, reason: `it has the columns ${frame.columns.slice(0, 20).join(', ')}` });
    const nameAt = (place: number): string => frame.columns[place] as string;
    const ts = reading(file, () => momentsOf(frame.getColumn(nameAt(places.ts))));
    const source = places.source < 0 ? [] : (frame.getColumn(nameAt(places.source)).cast(pl.Utf8).toArray() as (string | null)[]);
    const columns = VALUES.map(name => [name, places.values[name]] as const).filter(([, place]) => place >= 0);
    const values = new Map(columns.map(([name, place]) => [name, reading(file, () => numbersOf(frame.getColumn(nameAt(place))))]));
    for (let row = 0; row < frame.height; row++) {
      yield {
        ts: ts[row],
        source: source[row],
        value(name) {
          const value = values.get(name)?.[row] ?? Number.NaN;
          return Math.abs(value) === Number.POSITIVE_INFINITY ? undefined : value;
        },
      };
    }
    if (frame.height < RUN) return;
  }
}

function reading<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fail('LEGACY_UNREADABLE', { file, reason: (error as Error).message.split('\n')[0] }, error);
  }
}

const numbersOf = (column: pl.Series): ArrayLike<number | null> => column.cast(pl.Float64).toArray() as (number | null)[];

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1 };

/** A column of moments counts in the unit of its type; text and plain numbers are read as in a CSV file. */
function momentsOf(column: pl.Series): ArrayLike<string | number | null> {
  const type = String(column.dtype);
  const unit = /Datetime\((ns|us|ms)/.exec(type)?.[1];
  const scale = unit ? (UNIT_MS[unit] as number) : /\(Date\)/.test(type) ? DAY : undefined;
  if (scale === undefined) return column.toArray() as (string | number | null)[];
  const counts = column.cast(pl.Int64).toArray() as (number | bigint | null)[];
  // As text: a moment of 1970 is not to be taken for seconds.
  return counts.map(n => (n === null ? null : new Date(Math.round(Number(n) * scale)).toISOString()));
}
