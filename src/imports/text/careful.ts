/** The careful reader of a row: any way of writing that is known, and words for what is none. */
import { VALUES, type Value } from '../../model/bars.js';
import { type Layout, scaleOf } from '../layout.js';
import type { Columns } from './columns.js';
import type { Fields } from './fields.js';
import { numberAt } from './numbers.js';
import { epochOf, stampReader } from './times.js';

export interface Fault {
  /** Counted from 1; 0: the row as a whole. */
  readonly column: number;
  readonly reason: string;
}

/** The fields up to the last one that is read. */
export const neededFields = ({ time, values }: Layout): number => Math.max(...time.columns, ...Object.values(values)) + 1;

/** Reads the fields that were cut into a row of the columns; or says what is wrong with them. */
export function carefulReader(
  bytes: Uint8Array,
  layout: Layout,
  fields: Fields,
  { bars, moments }: Columns,
): (row: number) => Fault | undefined {
  const { time, decimal } = layout;
  const columns = (Object.entries(layout.values) as [Value, number][])
    .filter(([value]) => VALUES.includes(value))
    .map(([value, column]) => ({ value, column, scale: scaleOf(layout, value), into: bars[value] }));
  const stamp = stampReader(time);
  const [first = 0, clock] = time.columns;
  const needed = Math.max(neededFields(layout), layout.least ?? 0);

  const timeOf = (row: number): Fault | undefined => {
    const from = fields.from[first] as number;
    const to = fields.to[first] as number;
    if (time.form === 'epoch') {
      const value = numberAt(bytes, from, to, '.');
      const at = value === undefined ? undefined : epochOf(value);
      if (at === undefined)
        return { column: first + 1, reason: `${said(fields, first)} is no time in seconds, milliseconds, micro- or nanoseconds` };
      bars.ts[row] = at;
      moments[row] = 1;
      return undefined;
    }
    const clockField = clock === undefined ? undefined : ([fields.from[clock] as number, fields.to[clock] as number] as const);
    const read = stamp(bytes, from, to, clockField);
    if (!read)
      return { column: first + 1, reason: `${said(fields, first)}${clock === undefined ? '' : ` ${said(fields, clock)}`} is no time` };
    bars.ts[row] = read.at;
    moments[row] = read.isMoment ? 1 : 0;
    return undefined;
  };

  return row => {
    if (fields.count < needed)
      return { column: fields.count, reason: `the row has ${fields.count} fields, ${layout.fields} were expected` };
    if (fields.count > layout.fields && !isBlank(fields, layout.fields))
      return { column: layout.fields + 1, reason: `the row has ${fields.count} fields, ${layout.fields} were expected` };
    const fault = timeOf(row);
    if (fault) return fault;
    for (let i = 0; i < columns.length; i++) {
      const { value, column, scale, into } = columns[i] as (typeof columns)[number];
      const number = numberAt(bytes, fields.from[column] as number, fields.to[column] as number, decimal);
      if (number === undefined) return { column: column + 1, reason: `${said(fields, column)} is no ${value}` };
      into[row] = (number * scale[0]) / scale[1];
    }
    if (Number.isNaN(bars.close[row])) return { column: (layout.values.close ?? 0) + 1, reason: 'the row states no close' };
    return undefined;
  };
}

export const said = (fields: Fields, column: number): string => JSON.stringify(fields.text(column).slice(0, 40));

/** Whether all fields from one on are empty: a delimiter at the end of a row adds one. */
function isBlank(fields: Fields, from: number): boolean {
  for (let i = from; i < fields.count; i++) if (fields.from[i] !== fields.to[i]) return false;
  return true;
}
