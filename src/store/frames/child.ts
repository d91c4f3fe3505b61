/** What a frame child runs: one job at a time, named by its step. Errors go back as plain facts. */
import { type ErrorCode, type Facts, isTapekeepError } from '../../model/errors.js';
import { inlineFrames } from './inline.js';
import type { Frames } from './jobs.js';

const frames = inlineFrames();

export type Step = Exclude<keyof Frames, 'close'>;
export interface Task {
  readonly step: Step;
  readonly job: unknown;
}
export type Reply = { readonly done: unknown } | { readonly failed: { readonly code: ErrorCode; readonly facts: Facts } };

/** Work that took so long was on much data, and a look for what is dead costs little beside it. */
const LONG_MS = 50;

/**
 * Columns and files are few and big, most of them outside of what the collector counts: by itself it comes when hundreds of megabytes are dead.
 * It is called once the answer is on its way.
 */
function tidyAfter(tookMs: number): void {
  if (tookMs > LONG_MS) setImmediate(() => globalThis.gc?.());
}

export default async function run({ step, job }: Task): Promise<Reply> {
  const began = performance.now();
  try {
    return { done: await (frames[step] as (job: unknown) => Promise<unknown>)(job) };
  } catch (error) {
    if (isTapekeepError(error)) return { failed: { code: error.code, facts: error.facts } };
    return { failed: { code: 'INTERNAL', facts: { reason: String((error as Error)?.stack ?? error) } } };
  } finally {
    tidyAfter(performance.now() - began);
  }
}
