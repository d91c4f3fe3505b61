/** A stretch of a text, piece by piece: rows become bars in memory that is used again for the next piece. */
import {
  columnsIn,
  firstLine,
  giveBack,
  isTwice,
  type Layout,
  type Placed,
  type Placing,
  placeRows,
  type ReadRows,
  type RefusedRow,
  ROOM_BYTES,
  ROOM_ROWS,
  type Room,
  readApart,
  readRows,
  rowsBegin,
  type Source,
  stretchOf,
  takeRoom,
  wallClock,
} from '../../imports/index.js';
import type { Calendar } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import type { ImportOrder, Place } from '../../model/import.js';
import { isIntraday } from '../../model/timeframe.js';
import type { LookNote } from './look.js';

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

/** Rows that are no bars weigh more than bars: where they come in masses, a stretch has no more than about so many, of so many bytes. */
const MOST_REFUSED = 25_000;
const USUAL_TEXT = 400;
const weightOf = (refused: readonly RefusedRow[]): number => refused.reduce((sum, { text }) => sum + 1 + text.length / USUAL_TEXT, 0);

export async function* piecesOf(
  { batchBars }: ImportOrder,
  source: Source,
  { text, detected, rowBytes }: LookNote,
  { calendar, now }: { readonly calendar: Calendar; readonly now: number },
  from: Place | null,
): AsyncGenerator<Piece> {
  const { layout, timeframe, zone, stamp, dialect } = detected;
  if (!timeframe || !zone || !stamp) throw fail('INTERNAL', { reason: 'what is open has to be answered first' });
  const rowsAtOnce = Math.min(ROOM_ROWS, batchBars);
  // A little more than they should have: rows at the end that are too many are read with the next piece.
  const bytesAtOnce = Math.min(ROOM_BYTES, Math.ceil(rowsAtOnce * rowBytes * 1.02) + 4096);
  const reading = async (at: number, line: number, most: number, room: Room): Promise<Reading> => {
    const stretch = await stretchOf(source, layout, at, line, room.bytes.subarray(0, bytesAtOnce));
    const columns = columnsIn(room, layout, `import:${dialect}`);
    const read = await readApart({ bytes: stretch.bytes, layout, line, columns, most: Math.min(rowsAtOnce, most) });
    return { read, next: read.end < stretch.bytes.length ? at + read.end : stretch.next, room };
  };
  const begin = from?.at ?? (await rowsBegin(source, layout));
  // Two take turns: what is in one goes on its way while the other is read into.
  const rooms: readonly [Room, Room] = [takeRoom(), takeRoom()];
  let coming: Promise<Reading> | undefined = reading(begin, from?.line ?? firstLine(layout), batchBars, rooms[0]);
  let before: Placing['before'] = from;
  try {
    for (let rows = 0, refused = 0; coming && refused < MOST_REFUSED; ) {
      const { read, next, room }: Reading = await coming;
      if (read.foreign) throw foreign(text.place, read.foreign);
      rows += read.rows;
      const other: Room = room === rooms[0] ? rooms[1] : rooms[0];
      coming = next === null || rows >= batchBars ? undefined : reading(next, read.next, batchBars - rows, other);
      coming?.catch(() => {});
      const behind = next === null || !isIntraday(timeframe) ? undefined : await stampsBehind(source, layout, zone, read, next);
      const column = (layout.time.columns[0] ?? 0) + 1;
      const placed = placeRows(read, { zone, stamp, timeframe, calendar, now, column, before, ...(behind && { behind }) });
      const last = placed.bars.ts.at(-1);
      if (last !== undefined) before = { first: last, last, descending: placed.descending };
      refused += weightOf(read.refused) + weightOf(placed.refused);
      yield { read, placed, next };
    }
  } finally {
    await coming?.catch(() => {});
    for (const room of rooms) giveBack(room);
  }
}

/** Far more than the rows of an hour. */
const BEHIND_BYTES = 1 << 19;

/** Of a piece that ends where the clock shows an hour twice, the stamps that follow: without them nobody can tell which of the two it ends in. */
async function stampsBehind(source: Source, layout: Layout, zone: string, read: ReadRows, next: number): Promise<Float64Array | undefined> {
  const last = read.bars.ts.at(-1);
  if (last === undefined || read.moments.at(-1) === 1 || !isTwice(wallClock(zone), last)) return undefined;
  const { bytes } = await stretchOf(source, layout, next, read.next, BEHIND_BYTES);
  return readRows(bytes, layout, read.next, '').bars.ts;
}

function foreign(file: string, { line, column, reason }: RefusedRow): Error {
  return fail('IMPORT_UNREADABLE', {
    file,
    reason: `line ${line}, column ${column}, is of another symbol: ${reason}. One file holds one series`,
  });
}
