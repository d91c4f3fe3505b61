/** Frame children: processes that do the frame work, so that a crash in there is a failed attempt and not a dead worker. */
import { Tinypool } from 'tinypool';
import { type ErrorCode, fail } from '../../model/errors.js';
import { leanEnvironment } from '../lean.js';
import type { Reply, Step } from './child.js';
import type { Frames } from './jobs.js';

export interface PoolSettings {
  readonly children: number;
  /** Children end after this long without work: a library user's program can end, too. */
  readonly idleMs?: number;
}

/** With little in it that is collected, and much beside it, the collector would come again and again for nothing. */
const CHILD_FLAGS = ['--expose-gc', '--initial-old-space-size=64'];

export function frameChildren({ children, idleMs = 30_000 }: PoolSettings): Frames {
  const made = () =>
    new Tinypool({
      filename: new URL('./child.js', import.meta.url).href,
      runtime: 'child_process',
      execArgv: CHILD_FLAGS,
      env: leanEnvironment(process.env),
      minThreads: 0,
      maxThreads: children,
      idleTimeout: idleMs,
    }).on('error', leaveNobodyWaiting);
  let pool = made();
  let closed = false;
  /**
   * A child that had nothing to do is not missed, the next job starts another. But who waits for one that died, perhaps before it was ready,
   * would wait until somebody else comes: they fail as it did, and may try again.
   */
  function leaveNobodyWaiting(): void {
    if (closed || pool.threads.length > 0 || pool.queueSize === 0) return;
    const last = pool;
    pool = made();
    void last.destroy();
  }
  const run = async (step: Step, job: unknown): Promise<never> => {
    let reply: Reply;
    try {
      reply = (await pool.run({ step, job })) as Reply;
    } catch (error) {
      leaveNobodyWaiting();
      throw fail('FRAME_CRASHED', { step, reason: (error as Error).message }, error);
    }
    if ('failed' in reply) throw fail(reply.failed.code as ErrorCode, reply.failed.facts);
    return reply.done as never;
  };
  return {
    ready: async () => {
      if (!closed) await run('ready', null);
    },
    stage: job => run('stage', job),
    merge: job => run('merge', job),
    rebuild: job => run('rebuild', job),
    amend: job => run('amend', job),
    validate: job => run('validate', job),
    measure: job => run('measure', job),
    checkpoint: job => run('checkpoint', job),
    compact: job => run('compact', job),
    derive: job => run('derive', job),
    close: async () => {
      closed = true;
      // Nothing else keeps the program alive for children that take long to end, and then it would end in the middle.
      const alive = setInterval(() => {}, 1_000);
      try {
        await pool.destroy();
      } finally {
        clearInterval(alive);
      }
    },
  };
}
