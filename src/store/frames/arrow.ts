/** Bars to Arrow and back, column by column: no object per bar. */
import * as arrow from 'apache-arrow';
import { type Bars, COLUMNS, countOf, notStated, VALUES, type Value } from '../../model/bars.js';

const TWO_32 = 2 ** 32;

export const BAR_SCHEMA = new arrow.Schema([
  new arrow.Field('ts', new arrow.TimestampMicrosecond('UTC'), false),
  ...VALUES.map(v => new arrow.Field(v, v === 'trades' ? new arrow.Int64() : new arrow.Float64(), true)),
  new arrow.Field('source', new arrow.Utf8(), true),
]);

/** 64-bit integers from doubles without a BigInt each: the two halves are written apart. */
function toInt64(values: Float64Array, scale: number): BigInt64Array {
  const out = new BigInt64Array(values.length);
  const halves = new Int32Array(out.buffer);
  for (let i = 0; i < values.length; i++) {
    const v = (values[i] as number) * scale;
    const high = Math.floor(v / TWO_32);
    halves[2 * i] = (v - high * TWO_32) | 0;
    halves[2 * i + 1] = high;
  }
  return out;
}

/** And back, into `out`. */
export function fromInt64(values: BigInt64Array, scale: number, out = new Float64Array(values.length)): Float64Array {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = ((halves[2 * i + 1] as number) * TWO_32 + ((halves[2 * i] as number) >>> 0)) / scale;
  }
  return out;
}

/** Which values are there: NaN means not stated. */
function validity(values: Float64Array): { nullCount: number; nullBitmap: Uint8Array | null } {
  let nullCount = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) nullCount++;
  if (nullCount === 0) return { nullCount, nullBitmap: null };
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  if (nullCount === values.length) return { nullCount, nullBitmap };
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i])) nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7));
  return { nullCount, nullBitmap };
}

/** Zero where nothing is stated. */
const filled = (values: Float64Array, nullCount: number): Float64Array =>
  nullCount === 0 ? values : values.map(v => (Number.isNaN(v) ? 0 : v));

/** Zeros that nobody writes to: columns that a source does not state are the same memory. */
let zeros = new ArrayBuffer(0);

function zerosFor(count: number): ArrayBuffer {
  if (zeros.byteLength < count * 8) zeros = new ArrayBuffer(count * 8);
  return zeros;
}

function sourceData(bars: Bars): arrow.Data<arrow.Utf8> {
  const n = countOf(bars);
  const [only] = bars.sources;
  if (only !== undefined && bars.sources.length === 1) return oneSource(only, n);
  const names = bars.sources.map(name => new TextEncoder().encode(name));
  const valueOffsets = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) valueOffsets[i + 1] = (valueOffsets[i] as number) + (names[bars.source[i] as number] as Uint8Array).length;
  const data = new Uint8Array(valueOffsets[n] as number);
  eachSource(bars, (source, from, to) => {
    const [start, end] = [valueOffsets[from] as number, valueOffsets[to] as number];
    repeat(names[source] as Uint8Array, data.subarray(start, end));
  });
  return arrow.makeData({ type: new arrow.Utf8(), length: n, nullCount: 0, valueOffsets, data });
}

/** Rows of one source follow each other. */
function eachSource({ source }: Bars, visit: (source: number, from: number, to: number) => void): void {
  for (let from = 0, i = 1; i <= source.length; i++) {
    if (i < source.length && source[i] === source[from]) continue;
    visit(source[from] as number, from, i);
    from = i;
  }
}

/** Fills the room with one text after the other, by doubling what is there. */
function repeat(text: Uint8Array, room: Uint8Array): void {
  if (room.length > 0) room.set(text);
  for (let done = text.length; done < room.length; done *= 2) room.copyWithin(done, 0, Math.min(done, room.length - done));
}

/** A name again and again. Pieces of one import follow each other with the same one: it is written once, and nobody writes to it. */
let repeated = { name: '', count: -1, offsets: new Int32Array(0), data: new Uint8Array(0) };

function oneSource(name: string, length: number): arrow.Data<arrow.Utf8> {
  if (repeated.name !== name || repeated.count < length) repeated = repeatedBy(name, length);
  const { offsets, data } = repeated;
  const valueOffsets = offsets.subarray(0, length + 1);
  return arrow.makeData({ type: new arrow.Utf8(), length, nullCount: 0, valueOffsets, data: data.subarray(0, valueOffsets[length]) });
}

function repeatedBy(name: string, count: number): typeof repeated {
  const bytes = new TextEncoder().encode(name);
  const offsets = new Int32Array(count + 1);
  for (let i = 1; i <= count; i++) offsets[i] = i * bytes.length;
  const data = new Uint8Array(count * bytes.length);
  repeat(bytes, data);
  return { name, count, offsets, data };
}

function columnData(bars: Bars, column: (typeof COLUMNS)[number]): arrow.Data {
  const n = countOf(bars);
  if (column === 'ts') {
    return arrow.makeData({ type: new arrow.TimestampMicrosecond('UTC'), length: n, nullCount: 0, data: toInt64(bars.ts, 1000) });
  }
  if (column === 'source') return sourceData(bars);
  const { nullCount, nullBitmap } = validity(bars[column]);
  if (column === 'trades') {
    const data = nullCount === n ? new BigInt64Array(zerosFor(n), 0, n) : toInt64(filled(bars.trades, nullCount), 1);
    return arrow.makeData({ type: new arrow.Int64(), length: n, nullCount, nullBitmap, data });
  }
  const data = nullCount === n ? new Float64Array(zerosFor(n), 0, n) : filled(bars[column], nullCount);
  return arrow.makeData({ type: new arrow.Float64(), length: n, nullCount, nullBitmap, data });
}

export function toArrow(bars: Bars): arrow.Table {
  const struct = arrow.makeData({
    type: new arrow.Struct(BAR_SCHEMA.fields),
    length: countOf(bars),
    nullCount: 0,
    children: COLUMNS.map(column => columnData(bars, column)),
  });
  return new arrow.Table(BAR_SCHEMA, new arrow.RecordBatch(BAR_SCHEMA, struct));
}

/** Bars as they are handed on. */
export const streamOf = (bars: Bars): Uint8Array => arrow.tableToIPC(toArrow(bars), 'stream');

/** Reads only columns that are there: a read of `ts` alone leaves the values NaN. */
export const fromArrow = (table: arrow.Table): Bars =>
  barsOf(
    table,
    values => values.slice(),
    rows => notStated(rows).slice(),
  );

/** The same without a copy where a column is in one piece: whoever changes the bars changes the table, and its memory must stay. */
export const viewArrow = (table: arrow.Table): Bars => barsOf(table, values => values, notStated);

type Own = (values: Float64Array) => Float64Array;

function barsOf(table: arrow.Table, own: Own, blank: (rows: number) => Float64Array): Bars {
  const { numRows: rows } = table;
  const sources = sourcesOf(table);
  const source = new Uint16Array(rows);
  if (sources.length > 1) eachPiece(table, 'source', (data, at) => fillSource(source, sources, data as arrow.Data<arrow.Utf8>, at));
  const values = Object.fromEntries(VALUES.map(value => [value, valuesOf(table, value, own, blank)])) as Record<Value, Float64Array>;
  return { ts: timesOf(table), ...values, source, sources };
}

function eachPiece(table: arrow.Table, name: string, visit: (data: arrow.Data, at: number) => void): void {
  let at = 0;
  for (const data of table.getChild(name)?.data ?? []) {
    visit(data, at);
    at += data.length;
  }
}

function timesOf(table: arrow.Table): Float64Array {
  const ts = new Float64Array(table.numRows);
  eachPiece(table, 'ts', (data, at) => fromInt64(numbers(data), 1000, ts.subarray(at, at + data.length)));
  return ts;
}

function valuesOf(table: arrow.Table, value: Value, own: Own, blank: (rows: number) => Float64Array): Float64Array {
  const column = table.getChild(value);
  if (!column || column.nullCount === column.length) return blank(table.numRows);
  const [only, ...more] = column.data;
  if (only && more.length === 0 && only.nullCount === 0 && value !== 'trades') return own(doubles(only));
  const values = new Float64Array(table.numRows);
  eachPiece(table, value, (data, at) => {
    if (value === 'trades') fromInt64(numbers(data), 1, values.subarray(at, at + data.length));
    else values.set(doubles(data), at);
    if (data.nullCount > 0) blankNulls(values, data, at);
  });
  return values;
}

const doubles = (data: arrow.Data): Float64Array => (data.values as Float64Array).subarray(0, data.length);
const numbers = (data: arrow.Data): BigInt64Array => (data.values as BigInt64Array).subarray(0, data.length);

function blankNulls(column: Float64Array, data: arrow.Data, at: number): void {
  const bits = data.nullBitmap;
  for (let i = 0; i < data.length; i++) {
    const bit = data.offset + i;
    if (((bits[bit >> 3] as number) & (1 << (bit & 7))) === 0) column[at + i] = Number.NaN;
  }
}

/** Bars of one source follow each other: a name is decoded only where its bytes differ from those before. */
function eachRun(data: arrow.Data<arrow.Utf8>, visit: (name: string, from: number, to: number) => void): void {
  const offsets = data.valueOffsets;
  const bytes = data.values as Uint8Array;
  const decoder = new TextDecoder();
  const length = (offsets[1] as number) - (offsets[0] as number);
  if (isOneName(data, length)) {
    visit(decoder.decode(bytes.subarray(offsets[0] as number, offsets[1] as number)), 0, data.length);
    return;
  }
  let start = 0;
  for (let i = 1; i <= data.length; i++) {
    if (i < data.length && sameBytes(bytes, offsets, start, i)) continue;
    visit(decoder.decode(bytes.subarray(offsets[start] as number, offsets[start + 1] as number)), start, i);
    start = i;
  }
}

/** All are as long as the first, and the bytes are the same when they are moved by one name. */
function isOneName({ valueOffsets: offsets, values, length: count }: arrow.Data<arrow.Utf8>, length: number): boolean {
  for (let i = 1; i <= count; i++) if ((offsets[i] as number) - (offsets[i - 1] as number) !== length) return false;
  const bytes = (values as Uint8Array).subarray(offsets[0] as number, offsets[count] as number);
  return Buffer.compare(bytes.subarray(length), bytes.subarray(0, bytes.length - length)) === 0;
}

function sameBytes(bytes: Uint8Array, offsets: Int32Array, a: number, b: number): boolean {
  const fromA = offsets[a] as number;
  const fromB = offsets[b] as number;
  const length = (offsets[a + 1] as number) - fromA;
  if ((offsets[b + 1] as number) - fromB !== length) return false;
  for (let k = 0; k < length; k++) if (bytes[fromA + k] !== bytes[fromB + k]) return false;
  return true;
}

function sourcesOf(table: arrow.Table): string[] {
  const names = new Set<string>();
  for (const data of table.getChild('source')?.data ?? [])
    if (data.length > 0) eachRun(data as arrow.Data<arrow.Utf8>, name => names.add(name));
  return [...names];
}

function fillSource(source: Uint16Array, sources: readonly string[], data: arrow.Data<arrow.Utf8>, at: number): void {
  if (data.length > 0) eachRun(data, (name, from, to) => source.fill(sources.indexOf(name), at + from, at + to));
}
