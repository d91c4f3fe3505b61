/** What a reading thread runs: one piece of a text at a time, into memory that it shares with whoever asked. */
import { parentPort } from 'node:worker_threads';
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

/** What is told of the rows: they are in the columns. */
export type ReadTold = Omit<ReadRows, keyof Columns> & { readonly count: number };

function run({ bytes, layout, line, columns, most }: ReadTask): ReadTold {
  const { bars, lines, moments, ...told } = readRows(bytes, layout, line, columns, most);
  return { ...told, count: lines.length };
}

parentPort?.on('message', (task: ReadTask) => parentPort?.postMessage(run(task)));
