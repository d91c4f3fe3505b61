/** What a reading thread runs: one piece of a text at a time. The memory that comes with it goes back with it. */
import Tinypool from 'tinypool';
import type { Layout } from '../layout.js';
import type { Columns } from './columns.js';
import { type ReadRows, readRows } from './rows.js';

export interface ReadTask {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly line: number;
  readonly columns: Columns;
  readonly most: number;
}

/** What was read, and what it was read from and into. */
export type ReadDone = Pick<ReadTask, 'bytes' | 'columns'> & { readonly read: ReadRows };

export const readTask = ({ bytes, layout, line, columns, most }: ReadTask): ReadDone => ({
  read: readRows(bytes, layout, line, columns, most),
  bytes,
  columns,
});

/** All of the memory that a piece is made of: some columns share theirs. */
export function buffersOf({ bytes, columns: { bars, lines, moments } }: Pick<ReadTask, 'bytes' | 'columns'>): ArrayBuffer[] {
  const views = [bytes, lines, moments, ...Object.values(bars).filter(column => ArrayBuffer.isView(column))];
  return [...new Set(views.map(view => view.buffer as ArrayBuffer))];
}

export default function run(task: ReadTask): unknown {
  const done = readTask(task);
  const moved = { [Tinypool.transferableSymbol]: buffersOf(done), [Tinypool.valueSymbol]: done };
  return Tinypool.move(moved as never);
}
