/** Reading rows apart from the thread that asks: while one piece is read there, the one before it goes on its way here. */
import Tinypool from 'tinypool';
import { buffersOf, type ReadDone, type ReadTask, readTask } from './thread.js';

/** Handing over costs a tenth of a millisecond, and a thread is begun for the first: less than this is read at once. */
const WORTH_BYTES = 1 << 20;
/** So many imports are read at the same time; threads end after so long without work. */
const THREADS = 2;
const IDLE_MS = 30_000;

let pool: Tinypool | undefined;

/** `bytes` and `columns` are handed over: they come back in the answer. */
export async function readApart(task: ReadTask): Promise<ReadDone> {
  if (task.bytes.length < WORTH_BYTES) return readTask(task);
  pool ??= new Tinypool({
    filename: new URL('./thread.js', import.meta.url).href,
    runtime: 'worker_threads',
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  return pool.run(task, { transferList: buffersOf(task) as never }) as Promise<ReadDone>;
}
