/**
 * An order-free print of rows: their number, and the sum of a hash of each over every column as it is stored, bit by bit,
 * with nulls told apart. Rows that were cut otherwise or brought into another order have the same print, others have not.
 */
import * as arrow from 'apache-arrow';
import type pl from 'nodejs-polars';
import { COLUMNS } from '../../model/bars.js';
import { fail } from '../../model/errors.js';

const NUMBERS = COLUMNS.filter(column => column !== 'source');
const TWO_32 = 2 ** 32;

/** Two hashes of 32 bits for each row, side by side. */
class Lanes {
  readonly a: Int32Array;
  readonly b: Int32Array;
  constructor(rows: number) {
    this.a = new Int32Array(rows).fill(0x2f6e2b1);
    this.b = new Int32Array(rows).fill(0x51ab4e3);
  }

  take(row: number, word: number): void {
    this.a[row] = mixed(this.a[row] as number, word, 0xcc9e2d51);
    this.b[row] = mixed(this.b[row] as number, word, 0x85ebca6b);
  }
}

function mixed(hash: number, word: number, factor: number): number {
  let k = Math.imul(word, factor);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads every bit over all others, so that sums of hashes are as good as the hashes. */
function spread(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const NULL = 0x6e756c6c;

export class RowPrint {
  rows = 0;
  #a = 0;
  #b = 0;

  /** Takes rows with all columns of a table. */
  add(frame: pl.DataFrame): void {
    const lanes = new Lanes(frame.height);
    const table = arrow.tableFromIPC(frame.select(...NUMBERS).writeIPC());
    for (const column of NUMBERS) takeNumbers(lanes, table.getChild(column)?.data ?? []);
    takeSources(lanes, frame);
    for (let row = 0; row < frame.height; row++) {
      this.#a = (this.#a + spread(lanes.a[row] as number)) % TWO_32;
      this.#b = (this.#b + spread(lanes.b[row] as number)) % TWO_32;
    }
    this.rows += frame.height;
  }

  get text(): string {
    const hex = (n: number) => n.toString(16).padStart(8, '0');
    return `${this.rows}:${hex(this.#a)}${hex(this.#b)}`;
  }
}

function takeNumbers(lanes: Lanes, parts: readonly arrow.Data[]): void {
  let row = 0;
  for (const part of parts) {
    const values = part.values as Float64Array | BigInt64Array;
    if (values.BYTES_PER_ELEMENT !== 8) throw fail('INTERNAL', { reason: `a column holds ${part.type}` });
    const halves = new Int32Array(values.buffer, values.byteOffset, 2 * part.length);
    for (let i = 0; i < part.length; i++, row++) {
      if (part.nullCount > 0 && isNull(part, i)) lanes.take(row, NULL);
      else {
        lanes.take(row, halves[2 * i] as number);
        lanes.take(row, halves[2 * i + 1] as number);
      }
    }
  }
}

function isNull({ nullBitmap, offset }: arrow.Data, i: number): boolean {
  const bit = offset + i;
  return ((nullBitmap[bit >> 3] as number) & (1 << (bit & 7))) === 0;
}

/** Most files have one source: only where there are several, names are taken row by row. */
function takeSources(lanes: Lanes, frame: pl.DataFrame): void {
  const column = frame.getColumn('source');
  const names = column.unique(true).toArray() as (string | null)[];
  const words = new Map(names.map(name => [name, wordsOf(name)]));
  const all = names.length > 1 ? (column.toArray() as (string | null)[]) : undefined;
  for (let row = 0; row < frame.height; row++)
    for (const word of words.get((all ?? names)[all ? row : 0] as string | null) as number[]) lanes.take(row, word);
}

/** A name as words, its length first: none is the beginning of another. */
function wordsOf(name: string | null): number[] {
  if (name === null) return [NULL];
  const bytes = new TextEncoder().encode(name);
  return [bytes.length, ...Array.from(bytes)];
}
