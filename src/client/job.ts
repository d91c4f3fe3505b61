/** A job from its order to its end, whatever happens to the daemon in between. */
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

const LOOK_EVERY_MS = 200;

export async function followJob<Report>(reach: Reach, job: Job, { onProgress, signal }: FollowJob): Promise<Report> {
  if (signal?.aborted) throw fail('LOAD_CANCELLED', { what: job.what, series: job.of, kept: 'it had not begun' });
  let engine = await reach.connect('start');
  await engine.startJob(job);
  let over = false;
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
        await engine.startJob(job);
        if (signal?.aborted) cancel();
      }
    }
  } finally {
    over = true;
    signal?.removeEventListener('abort', cancel);
    await watching;
  }

  async function watch(hear: (progress: Progress) => void): Promise<void> {
    for (let last = false; !last; ) {
      last = over;
      const progress = await engine.progressOfJob(job).catch(() => undefined);
      try {
        if (progress) hear(progress);
      } catch {
        return;
      }
      if (!last) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
