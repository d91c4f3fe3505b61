/** A job from its order to its end, whatever happens to the daemon in between. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, isTapekeepError } from '../../model/errors.js';
import type { Job } from '../../model/job.js';
import type { Progress } from '../../model/progress.js';
import type { Store } from '../../store/index.js';
import type { Engine } from '../engine/engine.js';
import type { Reach } from '../engine/reach.js';
import { type Cancellable, cancelling } from '../loads/cancelling.js';

export interface FollowJob extends Cancellable {
  /** Hears how far it is. What it throws ends the listening, never the job. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a job kept that was cancelled before it was ordered. */
export const NOT_BEGUN = 'it had not begun';

/** Soon at first, then ever more seldom: a long job is not asked for hours at the pace of a short one, and no step says more than once a second how far it is. */
const FIRST_LOOK_MS = 200;
const LOOK_EVERY_MS = 1_000;

/** In the catalog before it is started: nothing sweeps what it stages, and a server that lost its memory can be told again. */
export async function startRecorded(engine: Engine, store: Store, job: Job<{ readonly id: string }>): Promise<void> {
  const { order } = job;
  await store.recordLoad({ load: order.id, order });
  try {
    await engine.jobs.start(job);
  } catch (error) {
    // What nobody answered may have arrived: it stays in the catalog, and the next daemon goes on with it.
    if (!isTapekeepError(error, 'ORDER_UNANSWERED')) await store.closeLoad(order.id);
    throw error;
  }
}

/** Then it is told that nobody answered. */
const ORDERED_AT_MOST = 3;

/** Gives an order until it is answered: its id is its own, so that one that arrived is found. Resolves to the engine that took it. */
export async function orderedFrom(reach: Reach, first: Engine, start: (engine: Engine) => Promise<void>): Promise<Engine> {
  for (let [at, left] = [first, ORDERED_AT_MOST - 1]; ; left--) {
    try {
      await start(at);
      return at;
    } catch (error) {
      if (left === 0 || !isTapekeepError(error, 'ORDER_UNANSWERED')) throw error;
      at = await reach.again(at).catch(() => Promise.reject(error));
    }
  }
}

/** Resolves when it is over. When the daemon it was ordered from ends, the next one is found or started. */
export async function followJob<Report>(
  reach: Reach,
  job: Job,
  follow: FollowJob,
  start: (engine: Engine) => Promise<void> = engine => engine.jobs.start(job),
): Promise<Report> {
  const { onProgress } = follow;
  const refuseCancelled = (): void => {
    if (follow.signal?.aborted) throw fail('LOAD_CANCELLED', { what: job.what, series: job.of, kept: NOT_BEGUN });
  };
  refuseCancelled();
  let engine = await reach.connect('start');
  // A daemon may have had to be started first.
  refuseCancelled();
  engine = await orderedFrom(reach, engine, start);
  const over = new AbortController();
  let percent = 0;
  const cancel = cancelling(follow, why => engine.jobs.cancel(job, why));
  const watching = onProgress && watch(onProgress);
  try {
    for (;;) {
      try {
        return await engine.jobs.end<Report>(job);
      } catch (error) {
        if ((error as { code?: string }).code !== 'SERVER_UNREACHABLE') throw error;
        engine = await orderedFrom(reach, await reach.again(engine), to => to.jobs.start(job));
        percent = 0;
        cancel.again();
      }
    }
  } finally {
    over.abort();
    cancel.end();
    await watching;
  }

  async function watch(hear: (progress: Progress) => void): Promise<void> {
    let pause = FIRST_LOOK_MS;
    for (let last = false; !last; pause = Math.min(LOOK_EVERY_MS, pause * 1.2)) {
      last = over.signal.aborted;
      const progress = await engine.jobs.progress(job).catch(() => undefined);
      try {
        // A step that ended between two questions is in neither answer.
        if (progress && progress.percent >= percent) hear(progress);
      } catch {
        return;
      }
      percent = Math.max(percent, progress?.percent ?? 0);
      if (!last) await sleep(pause, undefined, { signal: over.signal }).catch(() => {});
    }
  }
}
