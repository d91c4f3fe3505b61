/** A stretch of a text, piece by piece: rows become bars in memory that is used again for the next piece. */
import {
  type Columns,
  columnsFor,
  firstLine,
  type Placed,
  placeRows,
  type ReadRows,
  type RefusedRow,
  readApart,
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

interface Reading extends Pick<Piece, 'read' | 'next'> {
  readonly room: Room;
}

/** Memory that a piece is read from and into. */
interface Room {
  readonly memory: Uint8Array;
  readonly columns: Columns;
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
  const bytes = Math.min(MOST_BYTES, Math.ceil(rowsAtOnce * rowBytes * 1.02) + 4096);
  const newRoom = (): Room => ({ memory: Buffer.allocUnsafeSlow(bytes), columns: columnsFor(rowsAtOnce, layout, `import:${dialect}`) });
  const reading = async (at: number, line: number, most: number, { memory, columns }: Room): Promise<Reading> => {
    const stretch = await stretchOf(source, layout, at, memory);
    const { length, buffer } = stretch.bytes;
    const done = await readApart({ bytes: stretch.bytes, layout, line, columns, most: Math.min(rowsAtOnce, most) });
    return {
      read: done.read,
      next: done.read.end < length ? at + done.read.end : stretch.next,
      room: { memory: buffer === memory.buffer ? new Uint8Array(done.bytes.buffer) : memory, columns: done.columns },
    };
  };
  let spare: Room | undefined;
  let coming: Promise<Reading> | undefined = reading(
    from?.at ?? (await rowsBegin(source, layout)),
    from?.line ?? firstLine(layout),
    batchBars,
    newRoom(),
  );
  try {
    for (let rows = 0, refused = 0; coming && refused < MOST_REFUSED; ) {
      const { read, next, room }: Reading = await coming;
      if (read.foreign) throw foreign(text.place, read.foreign);
      rows += read.rows;
      // The next piece is read while this one goes on its way.
      coming = next === null || rows >= batchBars ? undefined : reading(next, read.next, batchBars - rows, spare ?? newRoom());
      coming?.catch(() => {});
      const placed = placeRows(read, { zone, stamp, timeframe, calendar, now });
      refused += read.refused.length + placed.refused.length;
      yield { read, placed, next };
      spare = room;
    }
  } finally {
    await coming?.catch(() => {});
  }
}

function foreign(file: string, { line, column, reason }: RefusedRow): Error {
  return fail('IMPORT_UNREADABLE', {
    file,
    reason: `line ${line}, column ${column}, is of another symbol: ${reason}. One file holds one series`,
  });
}
