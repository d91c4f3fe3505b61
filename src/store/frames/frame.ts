/** Polars frames as columns of bars, and back. */
import * as arrow from 'apache-arrow';
import pl from 'nodejs-polars';
import { type Bars, COLUMNS, notStated, VALUES, type Value } from '../../model/bars.js';
import { fromInt64, toArrow, viewArrow } from './arrow.js';

const NUMBERS = COLUMNS.filter(column => column !== 'source');

export interface Numbers {
  /** Without the names of their sources. Columns that are not stated are shared: nobody writes into them. */
  readonly bars: Bars;
  /** How many values of a column are not stated. */
  readonly nulls: (column: 'ts' | Value) => number;
}

/** A polars series costs half a millisecond before it tells anything, an Arrow buffer three copies of all there is. */
const MANY = 50_000;

export const numbersOf = (frame: pl.DataFrame): Numbers => (frame.height < MANY ? overArrow(frame) : columnByColumn(frame));

function overArrow(frame: pl.DataFrame): Numbers {
  const numbers = frame.select(...NUMBERS.filter(column => frame.columns.includes(column)));
  const table = arrow.tableFromIPC(numbers.writeIPC());
  return { bars: viewArrow(table), nulls: column => table.getChild(column)?.nullCount ?? frame.height };
}

function columnByColumn(frame: pl.DataFrame): Numbers {
  const { height } = frame;
  const nulls = new Map<string, number>();
  const column = (name: 'ts' | Value): Float64Array => {
    const series = frame.columns.includes(name) ? frame.getColumn(name) : undefined;
    const missing = series?.nullCount() ?? height;
    nulls.set(name, missing);
    if (!series || missing === height) return notStated(height);
    if (name === 'ts')
      return fromInt64((missing > 0 ? series.cast(pl.Int64).fillNull('zero') : series.cast(pl.Int64)).toTypedArray(), 1000);
    if (missing === 0 && name !== 'trades') return series.toTypedArray() as Float64Array;
    const filled = frame.select(pl.col(name).cast(pl.Float64).fillNull(pl.lit(Number.NaN))).getColumn(name);
    return filled.toTypedArray() as Float64Array;
  };
  const ts = column('ts');
  const values = Object.fromEntries(VALUES.map(value => [value, column(value)])) as Record<Value, Float64Array>;
  return { bars: { ts, ...values, source: new Uint16Array(height), sources: [] }, nulls: name => nulls.get(name) ?? 0 };
}

/** The names go apart from the numbers: polars has its own kind of text. */
export function barsOf(frame: pl.DataFrame): Bars {
  const column = frame.getColumn('source');
  const sources = column.unique(true).toArray() as (string | null)[];
  const source = new Uint16Array(frame.height);
  if (sources.length > 1) {
    const places = new Map(sources.map((name, i) => [name, i]));
    (column.toArray() as (string | null)[]).forEach((name, i) => {
      source[i] = places.get(name) as number;
    });
  }
  const { bars, nulls } = numbersOf(frame);
  const own = (value: Value) => (nulls(value) === frame.height ? notStated(frame.height).slice() : bars[value]);
  const values = Object.fromEntries(VALUES.map(value => [value, own(value)])) as Record<Value, Float64Array>;
  return { ts: bars.ts, ...values, source, sources: sources.map(name => name ?? '') };
}

export const frameOf = (bars: Bars): pl.DataFrame => pl.readIPC(Buffer.from(arrow.tableToIPC(toArrow(bars), 'file')));
