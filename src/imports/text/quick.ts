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

const TEXT = 0;
const EPOCH = 1;
const NUMBER = 2;
const SYMBOL = 3;

/** Reads the row at a byte into a row of the columns, and tells where the next one begins; −1: it is not plain. */
export type QuickReader = (start: number, row: number) => number;

export function quickReader(bytes: Uint8Array, layout: Layout, { bars, moments }: Columns): QuickReader {
  if (!isSimple(layout)) return () => -1;
  const delimiter = layout.delimiter.charCodeAt(0);
  const point = layout.decimal === '.' ? POINT : COMMA;
  const { roles, into, times, by } = plan(layout, bars);
  const last = roles.length - 1;
  const close = layout.values.close ?? -1;
  const symbol = new TextEncoder().encode(layout.symbolIs ?? '');
  const stampAt = stampPlacer(bytes, layout, bars.ts, moments);
  const [date = 0, clock = -1] = layout.time.columns;
  const found = new Float64Array(4);

  // One function on purpose: what is handed on between functions for each field costs more than reading it.
  return (start, row) => {
    let i = start;
    for (let c = 0; c <= last; c++) {
      const role = roles[c] as number;
      if (role === NUMBER || role === EPOCH) {
        const negative = bytes[i] === MINUS;
        if (negative) i++;
        const from = i;
        let high = 0;
        let low = 0;
        let digits = 0;
        let pointAt = -1;
        for (; ; i++) {
          const byte = bytes[i] as number;
          const digit = byte - ZERO;
          if (digit >= 0 && digit <= 9) {
            if (digits === HALF) {
              high = low;
              low = 0;
            }
            low = (Math.imul(low, 10) + digit) | 0;
            digits++;
          } else if (byte === point && pointAt < 0) pointAt = i;
          else break;
        }
        if (digits === 0) {
          // Nothing between two delimiters is not stated; a sign or a point alone is odd.
          if (i !== from || negative || role === EPOCH || c === close) return -1;
          (into[c] as Float64Array)[row] = Number.NaN;
        } else {
          const whole = digits > HALF ? high * (POWERS[digits - HALF] as number) + low : low;
          if (digits > 2 * HALF || whole > Number.MAX_SAFE_INTEGER) return -1;
          const value = pointAt < 0 ? whole : whole / (POWERS[i - pointAt - 1] as number);
          if (role === EPOCH) {
            const moment = epochOf(negative ? -value : value);
            if (moment === undefined) return -1;
            bars.ts[row] = moment;
            moments[row] = 1;
          } else (into[c] as Float64Array)[row] = ((negative ? -value : value) * (times[c] as number)) / (by[c] as number);
        }
      } else {
        const from = i;
        for (; i < bytes.length; i++) {
          const byte = bytes[i];
          if (byte === delimiter || byte === LF || byte === CR) break;
          if (byte === QUOTE) return -1;
        }
        if (role === SYMBOL && !isText(bytes, from, i, symbol)) return -1;
        if (c === date) found.set([from, i]);
        else if (c === clock) found.set([from, i], 2);
      }
      if (c < last && bytes[i++] !== delimiter) return -1;
    }
    if (stampAt && !stampAt(found, row)) return -1;
    if (bytes[i] === LF) return i + 1;
    if (bytes[i] === CR) return bytes[i + 1] === LF ? i + 2 : i + 1;
    return i >= bytes.length ? i : -1;
  };
}

/** Reads a time in words, and a time of day beside it. */
function stampPlacer(bytes: Uint8Array, { time }: Layout, ts: Float64Array, moments: Uint8Array) {
  if (time.form === 'epoch') return undefined;
  const stamp = stampReader(time.order);
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
function plan(layout: Layout, bars: Columns['bars']) {
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
