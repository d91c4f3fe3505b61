/** Rows of numbers straight out of bytes: of a JSON list of lists, or of CSV. No object is made for a row, no text for a cell. */
import { Decimals, numberIn } from './number.js';

/** Column by column; what is no number is NaN. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
}

/** Why there is no table. */
export type Torn = 'truncated' | 'malformed';

class Grid {
  rows = 0;
  columns: Float64Array[];
  constructor(width: number, expected: number) {
    this.columns = Array.from({ length: width }, () => new Float64Array(Math.max(16, expected)));
  }
  /** The next row's place. */
  next(): number {
    if (this.rows === this.columns[0]?.length) this.columns = this.columns.map(longer);
    return this.rows++;
  }
  done = (): Table => ({ rows: this.rows, columns: this.columns.map(column => column.subarray(0, this.rows)) });
}

function longer(column: Float64Array): Float64Array {
  const more = new Float64Array(column.length * 2);
  more.set(column);
  return more;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Behind the cell of a list: a quoted one ends with its quote. */
const ends = (byte: number | undefined, quoted: boolean): boolean =>
  quoted ? byte === QUOTE : byte === COMMA || byte === CLOSE || isSpace(byte);

const isSpace = (byte: number | undefined): boolean => byte === SPACE || byte === LF || byte === CR || byte === TAB;

/** `[[1, "2.5", …], …]`: the first `width` cells of each row; a row with fewer is torn. */
export function readListOfLists(bytes: Uint8Array, width: number): Table | Torn {
  const grid = new Grid(width, bytes.length >> 7);
  const decimals = new Decimals(bytes);
  let i = 0;
  const skip = (): void => {
    while (isSpace(bytes[i])) i += 1;
  };
  const torn = (): Torn => (i >= bytes.length ? 'truncated' : 'malformed');
  const take = (byte: number): boolean => {
    skip();
    if (bytes[i] !== byte) return false;
    i += 1;
    return true;
  };
  if (!take(OPEN)) return torn();
  if (take(CLOSE)) return end(grid, bytes, i);
  do {
    if (!take(OPEN)) return torn();
    const row = grid.next();
    let cell = 0;
    do {
      skip();
      const quoted = bytes[i] === QUOTE;
      const from = quoted ? i + 1 : i;
      if (bytes[i] === OPEN) return 'malformed';
      const value = decimals.at(from);
      i = decimals.end;
      const plain = !Number.isNaN(value) && ends(bytes[i], quoted);
      while (i < bytes.length && !ends(bytes[i], quoted)) i += 1;
      if (i >= bytes.length) return 'truncated';
      if (cell < width) (grid.columns[cell] as Float64Array)[row] = plain ? value : numberIn(bytes, from, i);
      cell += 1;
      if (quoted) i += 1;
    } while (take(COMMA));
    if (!take(CLOSE)) return torn();
    if (cell < width) return 'malformed';
  } while (take(COMMA));
  return take(CLOSE) ? end(grid, bytes, i) : torn();
}

function end(grid: Grid, bytes: Uint8Array, from: number): Table | Torn {
  for (let i = from; i < bytes.length; i++) if (!isSpace(bytes[i])) return 'malformed';
  return grid.done();
}

/** Lines of at least `width` numbers with commas between them, with a line of names above them or without. The last line may lack its end. */
export function readCsv(bytes: Uint8Array, width: number): Table | Torn {
  const size = bytes.length;
  const decimals = new Decimals(bytes);
  let i = startsWithNames(bytes) ? lineEnd(bytes, 0) + 1 : 0;
  const line = Math.max(SHORT_LINE, lineEnd(bytes, i) - i);
  const grid = new Grid(width, Math.ceil((size / line) * SPARE));
  while (i < size) {
    if (bytes[i] === LF || bytes[i] === CR) {
      i += 1;
      continue;
    }
    const row = grid.next();
    const { columns } = grid;
    for (let cell = 0; cell < width; cell++) {
      const column = columns[cell] as Float64Array;
      const from = i;
      const value = decimals.at(from);
      i = decimals.end;
      const byte = bytes[i];
      if (!Number.isNaN(value) && (byte === COMMA || byte === LF || byte === CR || i === size)) column[row] = value;
      else {
        while (i < size && bytes[i] !== COMMA && bytes[i] !== LF) i += 1;
        column[row] = numberIn(bytes, from, bytes[i - 1] === CR ? i - 1 : i);
      }
      if (bytes[i] === COMMA) i += 1;
      else if (cell < width - 1) return i >= size ? 'truncated' : 'malformed';
    }
    i = lineEnd(bytes, i) + 1;
  }
  return grid.done();
}

/** Room is made for as many rows as there would be if most were a little shorter than the first, and for more when it is not enough. */
const SPARE = 1.05;
/** What the first line says is believed down to so many bytes. */
const SHORT_LINE = 40;

const startsWithNames = (bytes: Uint8Array): boolean => {
  const first = bytes[0] as number;
  return (first >= 0x41 && first <= 0x5a) || (first >= 0x61 && first <= 0x7a) || first === QUOTE;
};

function lineEnd(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(LF, from);
  return at < 0 ? bytes.length : at;
}
