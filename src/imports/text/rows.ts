/** Rows out of bytes: one pass, columns out, and every row that cannot be read kept with its line, its column and why. */
import { type Bars, emptyBars, sliceBars, VALUES, type Value } from '../../model/bars.js';
import type { Layout } from '../layout.js';
import { numberAt } from './numbers.js';
import { epochOf, stampReader } from './times.js';

export interface RefusedRow {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1; 0: the row as a whole. */
  readonly column: number;
  readonly reason: string;
  /** The row as it stands, cut when it is long. */
  readonly text: string;
}

/** What a stretch of a file holds. `ts` is a moment where the row said its offset, else what the wall clock showed. */
export interface ReadRows {
  readonly bars: Bars;
  /** Lines of the bars. */
  readonly lines: Float64Array;
  readonly moments: Uint8Array;
  readonly refused: readonly RefusedRow[];
  /** The first row that names another symbol. */
  readonly foreign: RefusedRow | undefined;
  /** Rows read: bars and refused ones. Empty lines are none. */
  readonly rows: number;
  /** The line that follows. */
  readonly next: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const MOST_FIELDS = 256;
const decoder = new TextDecoder();

/** Where the last whole row of a stretch ends; −1 when there is none. A line break between quotes ends no row. */
export function lastRowEnd(bytes: Uint8Array, quoted: boolean): number {
  if (!quoted) return bytes.lastIndexOf(LF) >= 0 ? bytes.lastIndexOf(LF) + 1 : bytes.lastIndexOf(CR, bytes.length - 2) + 1 || -1;
  let inside = false;
  let end = -1;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) inside = !inside;
    else if (bytes[i] === LF && !inside) end = i + 1;
  }
  return end;
}

/** Cuts a row into its fields. */
export class Fields {
  readonly from = new Int32Array(MOST_FIELDS);
  readonly to = new Int32Array(MOST_FIELDS);
  count = 0;
  /** Where the next row begins, and how many lines this one took. */
  next = 0;
  lines = 1;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly delimiter: number,
    private readonly quoted: boolean,
  ) {}

  read(start: number): void {
    const { bytes, delimiter } = this;
    this.count = 0;
    this.lines = 1;
    let i = start;
    let from = start;
    for (; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === delimiter) {
        this.put(from, i);
        from = i + 1;
      } else if (byte === LF || byte === CR) break;
      else if (byte === QUOTE && this.quoted && i === from) i = this.closing(i);
    }
    this.put(from, i);
    this.next = bytes[i] === CR && bytes[i + 1] === LF ? i + 2 : i + 1;
  }

  /** The quote that ends a field; two in a row are one that is meant. */
  private closing(open: number): number {
    const { bytes } = this;
    for (let i = open + 1; i < bytes.length; i++) {
      if (bytes[i] === LF) this.lines++;
      if (bytes[i] !== QUOTE) continue;
      if (bytes[i + 1] !== QUOTE) return i;
      i++;
    }
    return bytes.length - 1;
  }

  private put(from: number, to: number): void {
    if (this.count >= MOST_FIELDS) return;
    const { bytes } = this;
    let a = from;
    let b = to;
    while (a < b && bytes[a] === 32) a++;
    while (b > a && bytes[b - 1] === 32) b--;
    if (this.quoted && b - a >= 2 && bytes[a] === QUOTE && bytes[b - 1] === QUOTE) {
      a++;
      b--;
    }
    this.from[this.count] = a;
    this.to[this.count] = b;
    this.count++;
  }

  text(i: number): string {
    return decoder.decode(this.bytes.subarray(this.from[i], this.to[i]));
  }
}

/** Reads whole rows. `line` is the number of the first one. */
export function readRows(bytes: Uint8Array, layout: Layout, line: number, source: string): ReadRows {
  const most = rowsAtMost(bytes);
  const bars = emptyBars(most, [source]);
  const lines = new Float64Array(most);
  const moments = new Uint8Array(most);
  const refused: RefusedRow[] = [];
  const fields = new Fields(bytes, layout.delimiter.charCodeAt(0), layout.quoted);
  const rowAt = rowReader(bytes, layout, fields, bars, moments);
  let foreign: RefusedRow | undefined;
  let count = 0;
  let at = 0;
  let next = line;
  while (at < bytes.length) {
    fields.read(at);
    const start = at;
    at = fields.next;
    const own = next;
    next += fields.lines;
    if (fields.count === 1 && fields.from[0] === fields.to[0]) continue;
    const fault = rowAt(count);
    if (fault) refused.push({ line: own, ...fault, text: rowText(bytes, start, at) });
    else if (layout.symbol !== undefined && !foreign && fields.text(layout.symbol) !== layout.symbolIs) {
      const reason = `it names ${said(fields, layout.symbol)}, the first row ${JSON.stringify(layout.symbolIs)}`;
      foreign = { line: own, column: layout.symbol + 1, reason, text: rowText(bytes, start, at) };
      refused.push(foreign);
    } else lines[count++] = own;
  }
  return {
    bars: sliceBars(bars, 0, count),
    lines: lines.subarray(0, count),
    moments: moments.subarray(0, count),
    refused,
    foreign,
    rows: count + refused.length,
    next,
  };
}

function rowsAtMost(bytes: Uint8Array): number {
  let count = 1;
  for (const end of [LF, CR]) for (let at = bytes.indexOf(end); at >= 0; at = bytes.indexOf(end, at + 1)) count++;
  return count;
}

const MOST_TEXT = 400;
const rowText = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, Math.min(to, from + MOST_TEXT))).replace(/[\r\n]+$/, '');

type Fault = Pick<RefusedRow, 'column' | 'reason'>;

function rowReader(bytes: Uint8Array, layout: Layout, fields: Fields, bars: Bars, moments: Uint8Array): (row: number) => Fault | undefined {
  const { time, decimal } = layout;
  const columns = (Object.entries(layout.values) as [Value, number][])
    .filter(([value]) => VALUES.includes(value))
    .map(([value, column]) => ({ value, column, unit: value === 'volume' ? (layout.volumeUnit ?? 1) : 1, into: bars[value] }));
  const stamp = stampReader(time.order);
  const [first = 0, clock] = time.columns;
  const needed = Math.max(first, clock ?? 0, ...columns.map(({ column }) => column)) + 1;

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
      const { value, column, unit, into } = columns[i] as (typeof columns)[number];
      const number = numberAt(bytes, fields.from[column] as number, fields.to[column] as number, decimal);
      if (number === undefined) return { column: column + 1, reason: `${said(fields, column)} is no ${value}` };
      into[row] = number * unit;
    }
    if (Number.isNaN(bars.close[row])) return { column: (layout.values.close ?? 0) + 1, reason: 'the row states no close' };
    return undefined;
  };
}

const said = (fields: Fields, column: number): string => JSON.stringify(fields.text(column).slice(0, 40));

/** Whether all fields from one on are empty: a delimiter at the end of a row adds one. */
function isBlank(fields: Fields, from: number): boolean {
  for (let i = from; i < fields.count; i++) if (fields.from[i] !== fields.to[i]) return false;
  return true;
}
