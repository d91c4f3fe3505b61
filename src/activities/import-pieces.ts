/** A stretch of a text, piece by piece: rows become bars in memory that is used again for the next piece. */
import {
  columnsFor,
  firstLine,
  type Placed,
  placeRows,
  type ReadRows,
  readRows,
  rowsBegin,
  type Source,
  stretchOf,
} from '../imports/index.js';
import type { Calendar } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import type { ImportOrder, Place } from '../model/import.js';
import type { LookNote } from './import-look.js';

export interface Piece {
  readonly read: ReadRows;
  /** Good until the next piece is asked for. */
  readonly placed: Placed;
  /** The byte of the text behind it; null: there is nothing. */
  readonly next: number | null;
}

/** As many rows as a row group of a table has. */
const PIECE_ROWS = 131_072;
/** However long rows are. */
const MOST_BYTES = 16 << 20;
/** Rows that are no bars weigh more than bars: where they come in masses, a stretch has no more than about this. */
const MOST_REFUSED = 100_000;

export async function* piecesOf(
  { batchBars }: ImportOrder,
  source: Source,
  { text, detected, rowBytes }: LookNote,
  { calendar, now }: { readonly calendar: Calendar; readonly now: number },
  from: Place | null,
): AsyncGenerator<Piece> {
  const { layout, timeframe, zone, stamp, dialect } = detected;
  if (!timeframe || !zone || !stamp) throw fail('INTERNAL', { reason: 'what is open has to be answered first' });
  const rowsAtOnce = Math.min(PIECE_ROWS, batchBars);
  // A little more than they should have: rows at the end that are too many are read with the next piece.
  const bytes = Buffer.allocUnsafeSlow(Math.min(MOST_BYTES, Math.ceil(rowsAtOnce * rowBytes * 1.02) + 4096));
  const columns = columnsFor(rowsAtOnce, layout, `import:${dialect}`);
  let at: number | null = from?.at ?? (await rowsBegin(source, layout));
  let line = from?.line ?? firstLine(layout);
  for (let rows = 0, refused = 0; at !== null && rows < batchBars && refused < MOST_REFUSED; ) {
    const stretch = await stretchOf(source, layout, at, bytes);
    const read: ReadRows = readRows(stretch.bytes, layout, line, columns, Math.min(rowsAtOnce, batchBars - rows));
    if (read.foreign) {
      const { line: where, column, reason } = read.foreign;
      const says = `line ${where}, column ${column}, is of another symbol: ${reason}. One file holds one series`;
      throw fail('IMPORT_UNREADABLE', { file: text.place, reason: says });
    }
    const placed = placeRows(read, { zone, stamp, timeframe, calendar, now });
    at = read.end < stretch.bytes.length ? at + read.end : stretch.next;
    line = read.next;
    rows += read.rows;
    refused += read.refused.length + placed.refused.length;
    yield { read, placed, next: at };
  }
}
