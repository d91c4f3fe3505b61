/** Bars to Arrow and back, column by column: no object per bar. */
import * as arrow from 'apache-arrow';
import { type Bars, COLUMNS, countOf, emptyBars, VALUES } from '../../model/bars.js';

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

function fromInt64(values: BigInt64Array, scale: number): Float64Array {
  const out = new Float64Array(values.length);
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
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i])) nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7));
  return { nullCount, nullBitmap };
}

const withoutNaN = (values: Float64Array): Float64Array => values.map(v => (Number.isNaN(v) ? 0 : v));

function sourceData(bars: Bars): arrow.Data<arrow.Utf8> {
  const names = bars.sources.map(name => new TextEncoder().encode(name));
  const n = countOf(bars);
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

function columnData(bars: Bars, column: (typeof COLUMNS)[number]): arrow.Data {
  const n = countOf(bars);
  if (column === 'ts') {
    return arrow.makeData({ type: new arrow.TimestampMicrosecond('UTC'), length: n, nullCount: 0, data: toInt64(bars.ts, 1000) });
  }
  if (column === 'source') return sourceData(bars);
  const { nullCount, nullBitmap } = validity(bars[column]);
  const data = nullCount > 0 ? withoutNaN(bars[column]) : bars[column];
  if (column === 'trades') return arrow.makeData({ type: new arrow.Int64(), length: n, nullCount, nullBitmap, data: toInt64(data, 1) });
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

/** Reads only columns that are there: a read of `ts` alone leaves the values NaN. */
export function fromArrow(table: arrow.Table): Bars {
  const bars = emptyBars(table.numRows, sourcesOf(table));
  let at = 0;
  for (const batch of table.batches) {
    batch.schema.fields.forEach((field, i) => {
      const data = batch.data.children[i] as arrow.Data;
      fill(bars, field.name, data, at);
    });
    at += batch.numRows;
  }
  return bars;
}

function fill(bars: Bars, name: string, data: arrow.Data, at: number): void {
  if (name === 'ts') bars.ts.set(fromInt64(numbers(data), 1000), at);
  else if (name === 'source') fillSource(bars, data as arrow.Data<arrow.Utf8>, at);
  else if ((VALUES as readonly string[]).includes(name)) {
    const column = bars[name as (typeof VALUES)[number]];
    column.set(name === 'trades' ? fromInt64(numbers(data), 1) : (data.values as Float64Array).subarray(0, data.length), at);
    if (data.nullCount > 0) blankNulls(column, data, at);
  }
}

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
  let start = 0;
  for (let i = 1; i <= data.length; i++) {
    if (i < data.length && sameBytes(bytes, offsets, start, i)) continue;
    visit(decoder.decode(bytes.subarray(offsets[start] as number, offsets[start + 1] as number)), start, i);
    start = i;
  }
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

function fillSource(bars: Bars, data: arrow.Data<arrow.Utf8>, at: number): void {
  if (data.length > 0) eachRun(data, (name, from, to) => bars.source.fill(bars.sources.indexOf(name), at + from, at + to));
}
