/** Reading rows apart from the thread that asks: while one piece is read there, the one before it goes on its way here. */
import { firstRows } from './columns.js';
import { readers } from './readers.js';
import { type ReadRows, readRows } from './rows.js';
import type { ReadTask, ReadTold } from './thread.js';

/** Handing over costs a tenth of a millisecond, and a thread is begun for the first: less than this is read at once. */
const WORTH_BYTES = 1 << 20;
const IDLE_MS = 30_000;

const inThread = readers<ReadTask, ReadTold>(new URL('./thread.js', import.meta.url), IDLE_MS);

/** The columns are those of a room: what is not shared cannot be written to from there. */
export async function readApart(task: ReadTask): Promise<ReadRows> {
  const { bytes, layout, line, columns, most } = task;
  if (bytes.length < WORTH_BYTES) return readRows(bytes, layout, line, columns, most);
  const { count, ...told } = await inThread(task);
  return { ...firstRows(columns, count), ...told };
}
