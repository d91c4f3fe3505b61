/** A job from its order to its end, whatever happens to the daemon in between. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../model/errors.js';
import type { Job } from '../model/job.js';
import type { Progress } from '../model/progress.js';
import { whyOf } from './follow.js';
import type { Reach } from './reach.js';

export interface FollowJob {
  /** Hears how far it is. What it throws ends the listening, never the job. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted: the job is cancelled. What was finished stays. */
  readonly signal?: AbortSignal;
}

/** Soon at first, then ever more seldom: a long job is not asked for hours at the pace of a short one, and no step says more than once a second how far it is. */
const FIRST_LOOK_MS = 200;
const LOOK_EVERY_MS = 1_000;

export async function followJob<Report>(reach: Reach, job: Job, { onProgress, signal }: FollowJob): Promise<Report> {
  if (signal?.aborted) throw fail('LOAD_CANCELLED', { what: job.what, series: job.of, kept: 'it had not begun' });
  let engine = await reach.connect('start');
  await engine.startJob(job);
  const over = new AbortController();
  let percent = 0;
  const cancel = () => void engine.cancelJob(job, whyOf(signal)).catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  const watching = onProgress && watch(onProgress);
  try {
    for (;;) {
      try {
        return await engine.endOfJob<Report>(job);
      } catch (error) {
        if ((error as { code?: string }).code !== 'SERVER_UNREACHABLE') throw error;
        // The daemon it was ordered from is gone: the next one goes on with it.
        engine = await reach.again(engine);
        percent = 0;
        await engine.startJob(job);
        if (signal?.aborted) cancel();
      }
    }
  } finally {
    over.abort();
    signal?.removeEventListener('abort', cancel);
    await watching;
  }

  async function watch(hear: (progress: Progress) => void): Promise<void> {
    let pause = FIRST_LOOK_MS;
    for (let last = false; !last; pause = Math.min(LOOK_EVERY_MS, pause * 1.2)) {
      last = over.signal.aborted;
      const progress = await engine.progressOfJob(job).catch(() => undefined);
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
