/**
 * Memory that a piece of a text is read from and into. It is shared with the thread that reads, not handed to and fro: for the collector, memory
 * that changes hands is new each time. Rooms are all of one size and used again, because a thread that makes no garbage lets go of none.
 */
import { VALUES, type Value } from '../../model/bars.js';
import type { Layout } from '../layout.js';
import type { Columns } from './columns.js';

/** Measured: twice as many are 26 MB more of a daemon, and no quicker. */
export const ROOM_ROWS = 65_536;
/** However long rows are. */
export const ROOM_BYTES = 8 << 20;

export interface Room {
  readonly bytes: Uint8Array;
  readonly columns: Columns;
  /** What no row states. */
  readonly nothing: Float64Array;
}

/** Kept for the next stretch, of so many imports at the same time; let go when there is none for long. */
const KEPT = 4;
const IDLE_MS = 30_000;
const free: Room[] = [];
let letGo: NodeJS.Timeout | undefined;

export const takeRoom = (): Room => free.pop() ?? newRoom();

/** Nobody reads from it or into it any more. */
export function giveBack(room: Room): void {
  if (free.length < KEPT) free.push(room);
  clearTimeout(letGo);
  letGo = setTimeout(() => free.splice(0), IDLE_MS).unref();
}

function newRoom(): Room {
  const numbers = () => new Float64Array(new SharedArrayBuffer(ROOM_ROWS * 8));
  const values = Object.fromEntries(VALUES.map(value => [value, numbers()])) as Record<Value, Float64Array>;
  const source = new Uint16Array(new SharedArrayBuffer(ROOM_ROWS * 2));
  const moments = new Uint8Array(new SharedArrayBuffer(ROOM_ROWS));
  const bars = { ts: numbers(), ...values, source, sources: [] };
  return {
    bytes: new Uint8Array(new SharedArrayBuffer(ROOM_BYTES)),
    columns: { bars, lines: numbers(), moments },
    nothing: numbers().fill(Number.NaN),
  };
}

/** The columns of a room for the values that a layout states. */
export function columnsIn({ columns, nothing }: Room, { values }: Layout, source: string): Columns {
  const unstated = Object.fromEntries(VALUES.filter(value => values[value] === undefined).map(value => [value, nothing]));
  return { ...columns, bars: { ...columns.bars, ...unstated, sources: [source] } };
}
