/** Reading rows apart from the thread that asks: while one piece is read there, the one before it goes on its way here. */
import Tinypool from 'tinypool';
import { firstRows } from './columns.js';
import { type ReadRows, readRows } from './rows.js';
import type { ReadTask, ReadTold } from './thread.js';

/** Handing over costs a tenth of a millisecond, and a thread is begun for the first: less than this is read at once. */
const WORTH_BYTES = 1 << 20;
/** So many imports are read at the same time; threads end after so long without work. */
const THREADS = 2;
const IDLE_MS = 30_000;

let pool: Tinypool | undefined;

/** The columns are those of a room: what is not shared cannot be written to from there. */
export async function readApart(task: ReadTask): Promise<ReadRows> {
  const { bytes, layout, line, columns, most } = task;
  if (bytes.length < WORTH_BYTES) return readRows(bytes, layout, line, columns, most);
  pool ??= new Tinypool({
    filename: new URL('./thread.js', import.meta.url).href,
    runtime: 'worker_threads',
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  const { count, ...told } = (await pool.run(task)) as ReadTold;
  return { ...firstRows(columns, count), ...told };
}
