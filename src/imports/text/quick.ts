/**
 * Most rows of most files are digits, points and delimiters: those are read in one pass, without cutting fields out first.
 * A row with anything else in it is left alone: the careful reader says what it is.
 */
import { VALUES, type Value } from '../../model/bars.js';
import { type Layout, scaleOf } from '../layout.js';
import type { Columns } from './columns.js';
import { CR, LF, MOST_FIELDS, QUOTE } from './fields.js';
import { epochOf, stampReader } from './times.js';

const MINUS = 45;
const ZERO = 48;
const POINT = 46;
const COMMA = 44;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);
/** So many digits fit a small integer, twice as many are read as two. */
const HALF = 9;
const MOST_DIGITS = 2 * HALF;

const TEXT = 0;
const EPOCH = 1;
const NUMBER = 2;
const SYMBOL = 3;

export interface QuickReader {
  /** Reads rows from a byte on into those of the columns from one on, up to a last one or to a row that is not plain. How many the columns have then. */
  read(start: number, row: number, most: number): number;
  /** Where it stopped. */
  readonly end: number;
}

export function quickReader(bytes: Uint8Array, layout: Layout, { bars, moments }: Columns): QuickReader {
  if (!isSimple(layout)) return NEVER;
  const delimiter = layout.delimiter.charCodeAt(0);
  const point = layout.decimal === '.' ? POINT : COMMA;
  const plan = planOf(layout, bars);
  const last = layout.fields - 1;
  const close = layout.values.close ?? -1;
  const symbol = new TextEncoder().encode(layout.symbolIs ?? '');
  const stampAt = stampPlacer(bytes, layout, bars.ts, moments);
  const [date = 0, clock = -1] = layout.time.columns;
  const found = new Float64Array(4);
  const reader = { end: 0, read };
  return reader;

  // One function on purpose, and what it uses at hand: rows, fields or digits handed on between functions cost more than reading them.
  function read(start: number, row: number, most: number): number {
    const { roles, into, times, by } = plan;
    const { ts } = bars;
    const { length } = bytes;
    reader.end = start;
    for (let i = start; row < most && i < length; row++) {
      for (let c = 0; c <= last; c++) {
        const role = roles[c] as number;
        if (role === NUMBER || role === EPOCH) {
          const negative = bytes[i] === MINUS;
          if (negative) i++;
          const from = i;
          let part = 0;
          let digit = (bytes[i] as number) - ZERO;
          for (; digit >= 0 && digit <= 9; digit = (bytes[++i] as number) - ZERO) part = (Math.imul(part, 10) + digit) | 0;
          let digits = i - from;
          let whole = digits > HALF ? longNumber(bytes, from, i) : part;
          let decimals = 0;
          if (digit === point - ZERO) {
            const behind = ++i;
            part = 0;
            digit = (bytes[i] as number) - ZERO;
            for (; digit >= 0 && digit <= 9; digit = (bytes[++i] as number) - ZERO) part = (Math.imul(part, 10) + digit) | 0;
            decimals = i - behind;
            digits += decimals;
            if (digits <= MOST_DIGITS)
              whole = whole * (POWERS[decimals] as number) + (decimals > HALF ? longNumber(bytes, behind, i) : part);
          }
          if (digits === 0) {
            // Nothing between two delimiters is not stated; a sign or a point alone is odd.
            if (i !== from || negative || role === EPOCH || c === close) return row;
            (into[c] as Float64Array)[row] = Number.NaN;
          } else {
            if (digits > MOST_DIGITS || whole > Number.MAX_SAFE_INTEGER) return row;
            const size = decimals > 0 ? whole / (POWERS[decimals] as number) : whole;
            const value = negative ? -size : size;
            if (role === EPOCH) {
              const moment = epochOf(value);
              if (moment === undefined) return row;
              ts[row] = moment;
              moments[row] = 1;
            } else (into[c] as Float64Array)[row] = (value * (times[c] as number)) / (by[c] as number);
          }
        } else {
          const from = i;
          for (; i < length; i++) {
            const byte = bytes[i];
            if (byte === delimiter || byte === LF || byte === CR) break;
            if (byte === QUOTE) return row;
          }
          if (role === SYMBOL && !isText(bytes, from, i, symbol)) return row;
          if (c === date) found.set([from, i]);
          else if (c === clock) found.set([from, i], 2);
        }
        if (c < last && bytes[i++] !== delimiter) return row;
      }
      if (stampAt && !stampAt(found, row)) return row;
      if (bytes[i] === LF) i++;
      else if (bytes[i] === CR) i += bytes[i + 1] === LF ? 2 : 1;
      else if (i < length) return row;
      reader.end = i;
    }
    return row;
  }
}

const NEVER: QuickReader = { end: 0, read: (_, row) => row };

/** Eighteen digits at most, as two halves; more come out wrong, and are refused for their number. */
function longNumber(bytes: Uint8Array, from: number, to: number): number {
  const cut = to - HALF;
  let high = 0;
  for (let i = from; i < cut; i++) high = (Math.imul(high, 10) + (bytes[i] as number) - ZERO) | 0;
  let low = 0;
  for (let i = cut; i < to; i++) low = (Math.imul(low, 10) + (bytes[i] as number) - ZERO) | 0;
  return high * (POWERS[HALF] as number) + low;
}

/** Reads a time in words, and a time of day beside it. */
function stampPlacer(bytes: Uint8Array, { time }: Layout, ts: Float64Array, moments: Uint8Array) {
  if (time.form === 'epoch') return undefined;
  const stamp = stampReader(time);
  const hasClock = time.columns.length > 1;
  return (found: Float64Array, row: number): boolean => {
    const [from, to, clockFrom, clockTo] = found as unknown as [number, number, number, number];
    const read = stamp(bytes, from, to, hasClock ? [clockFrom, clockTo] : undefined);
    if (!read) return false;
    ts[row] = read.at;
    moments[row] = read.isMoment ? 1 : 0;
    return true;
  };
}

/** Each column is for one thing, all are within a row, and a decimal mark ends no field. */
function isSimple({ time, values, symbol, fields, decimal, delimiter }: Layout): boolean {
  const columns = [...time.columns, ...Object.values(values), ...(symbol === undefined ? [] : [symbol])];
  return (
    decimal !== delimiter && fields <= MOST_FIELDS && new Set(columns).size === columns.length && columns.every(column => column < fields)
  );
}

/** What each column of the file is for. */
function planOf(layout: Layout, bars: Columns['bars']) {
  const { time, fields, symbol } = layout;
  const roles = new Uint8Array(fields).fill(TEXT);
  const into: (Float64Array | undefined)[] = Array(fields).fill(undefined);
  const times = new Float64Array(fields).fill(1);
  const by = new Float64Array(fields).fill(1);
  for (const [value, column] of Object.entries(layout.values) as [Value, number][]) {
    if (!VALUES.includes(value)) continue;
    roles[column] = NUMBER;
    into[column] = bars[value];
    [times[column], by[column]] = scaleOf(layout, value);
  }
  if (symbol !== undefined) roles[symbol] = SYMBOL;
  if (time.form === 'epoch') roles[time.columns[0] as number] = EPOCH;
  return { roles, into, times, by };
}

function isText(bytes: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text[i]) return false;
  return true;
}
