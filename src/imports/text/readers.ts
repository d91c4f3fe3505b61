/** Threads that read rows: begun when they are asked for, used again, and ended when they idle. One that dies fails what it was at, nothing more. */
import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { fail } from '../../model/errors.js';

/** Answers with what the program of a thread posts. */
export type Readers<Task, Told> = (task: Task) => Promise<Told>;

/** As many threads as tasks at the same time; idle ones keep no program from ending. */
export function readers<Task, Told>(program: URL, idleMs: number, resourceLimits: ResourceLimits = {}): Readers<Task, Told> {
  const idle: Worker[] = [];
  let letGo: NodeJS.Timeout | undefined;
  const begin = (): Worker => {
    const thread = new Worker(program, { resourceLimits });
    thread.once('exit', () => {
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
    });
    // Whoever asked hears of it; of an idle thread nobody has to.
    return thread.on('error', () => {});
  };
  return async task => {
    clearTimeout(letGo);
    const thread = idle.pop() ?? begin();
    thread.ref();
    try {
      thread.postMessage(task);
      const told = await toldBy<Told>(thread);
      idle.push(thread);
      return told;
    } catch (error) {
      // It may not write into memory that somebody else has next.
      await thread.terminate();
      throw fail('FRAME_CRASHED', { step: 'the reading of rows', reason: (error as Error).message }, error);
    } finally {
      thread.unref();
      letGo = setTimeout(() => idle.splice(0).forEach(each => void each.terminate()), idleMs).unref();
    }
  };
}

/** An answer, or the end of the thread: what is thrown there, memory that runs out and an exit are all one. */
async function toldBy<Told>(thread: Worker): Promise<Told> {
  const over = new AbortController();
  const { signal } = over;
  const end = async (): Promise<never> => {
    const [code] = await once(thread, 'exit', { signal });
    throw new Error(`its thread ended with code ${code}`);
  };
  try {
    const ended = end();
    ended.catch(() => {});
    const [told] = (await Promise.race([once(thread, 'message', { signal }), ended])) as [Told];
    return told;
  } finally {
    over.abort();
  }
}
