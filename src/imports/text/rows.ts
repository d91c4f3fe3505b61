/** Rows out of bytes: one pass, columns out, and every row that cannot be read kept with its line, its column and why. */
import type { Layout } from '../layout.js';
import { carefulReader, type Fault, neededFields, said } from './careful.js';
import { type Columns, columnsFor, firstRows } from './columns.js';
import { CR, Fields, LF, lineEnds } from './fields.js';
import { quickReader } from './quick.js';

export interface RefusedRow extends Fault {
  /** Counted from 1. */
  readonly line: number;
  /** The row as it stands; the beginning of one that is longer than any row of bars, and then the reason says so. */
  readonly text: string;
}

/** What a stretch of a file holds. `ts` is a moment where the row said its offset, else what the wall clock showed. */
export interface ReadRows extends Columns {
  readonly refused: readonly RefusedRow[];
  /** The first row that names another symbol. */
  readonly foreign: RefusedRow | undefined;
  /** Rows read: bars and refused ones. Empty lines are none. */
  readonly rows: number;
  /** No line end is behind the last row, and the last value that is read of it is shorter than others: it may go on. */
  readonly mayBeCut: boolean;
  /** The line that follows, and where it begins. */
  readonly next: number;
  readonly end: number;
}

/** Reads whole rows, at most so many, into columns that are there (and hold as many), or new ones. `line` is the number of the first one. */
export function readRows(
  bytes: Uint8Array,
  layout: Layout,
  line: number,
  source: string | Columns,
  most: number = Number.POSITIVE_INFINITY,
): ReadRows {
  const into = typeof source === 'string' ? columnsFor(Math.min(most, lineEnds(bytes) + 1), layout, source) : source;
  const refused: RefusedRow[] = [];
  const fields = new Fields(bytes, layout.delimiter.charCodeAt(0), layout.quoted);
  const quick = quickReader(bytes, layout, into);
  const careful = carefulReader(bytes, layout, fields, into);
  const { lines } = into;
  let foreign: RefusedRow | undefined;
  let count = 0;
  let at = 0;
  let next = line;
  while (at < bytes.length && count + refused.length < most) {
    const plain = quick.read(at, count, most - refused.length);
    if (plain > count) {
      while (count < plain) lines[count++] = next++;
      at = quick.end;
      continue;
    }
    fields.read(at);
    const start = at;
    at = fields.next;
    const own = next;
    next += fields.lines;
    if (fields.count === 1 && fields.from[0] === fields.to[0]) continue;
    const fault = careful(count);
    if (fault) refused.push(refusedRow(own, fault, bytes, start, at));
    else if (layout.symbol !== undefined && fields.text(layout.symbol) !== layout.symbolIs) {
      const reason = `it names ${said(fields, layout.symbol)}, the first row ${JSON.stringify(layout.symbolIs)}`;
      const other = refusedRow(own, { column: layout.symbol + 1, reason }, bytes, start, at);
      foreign ??= other;
      refused.push(other);
    } else lines[count++] = own;
  }
  if (layout.time.ofServer) into.moments.fill(0);
  const end = Math.min(at, bytes.length);
  const mayBeCut = end === bytes.length && endsWithin(bytes, layout, fields);
  return { ...firstRows(into, count), refused, foreign, rows: count + refused.length, mayBeCut, next, end };
}

/** The last value ends where the bytes do, without a line end, and is shorter than that of each of the rows before: many programs leave out the last line end, and their rows are whole. */
function endsWithin(bytes: Uint8Array, layout: Layout, fields: Fields): boolean {
  if (bytes.length === 0 || isLineEnd(bytes.at(-1))) return false;
  const begin = lineBefore(bytes, bytes.length);
  fields.read(begin);
  const last = fields.count - 1;
  if (last >= neededFields(layout) || fields.to[last] !== bytes.length || fields.from[last] === bytes.length) return false;
  const length = lengthOf(fields, last);
  let longer = 0;
  for (let start = begin, seen = 0; start > 0 && seen < ROWS_BESIDE; seen++) {
    start = lineBefore(bytes, start - 1);
    fields.read(start);
    if (fields.count - 1 !== last) continue;
    if (lengthOf(fields, last) <= length) return false;
    longer++;
  }
  return longer > 0;
}

const ROWS_BESIDE = 1_000;
const lengthOf = ({ from, to }: Fields, field: number): number => (to[field] as number) - (from[field] as number);

const isLineEnd = (byte: number | undefined): boolean => byte === LF || byte === CR;

/** Where the line begins that ends there. */
function lineBefore(bytes: Uint8Array, end: number): number {
  let begin = end;
  while (begin > 0 && !isLineEnd(bytes[begin - 1])) begin--;
  return begin;
}

/** A chart with a hundred studies has rows of two thousand. */
const MOST_TEXT = 1 << 14;
const decoder = new TextDecoder();

function refusedRow(line: number, fault: Fault, bytes: Uint8Array, from: number, to: number): RefusedRow {
  let end = Math.min(to, bytes.length);
  while (end > from && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--;
  const length = end - from;
  const text = decoder.decode(bytes.slice(from, Math.min(end, from + MOST_TEXT)));
  const cut = length > MOST_TEXT ? `; the row has ${length} bytes, of which the first ${MOST_TEXT} are kept` : '';
  return { line, ...fault, reason: fault.reason + cut, text };
}
