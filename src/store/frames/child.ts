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

export default async function run({ step, job }: Task): Promise<Reply> {
  try {
    return { done: await (frames[step] as (job: unknown) => Promise<unknown>)(job) };
  } catch (error) {
    if (isTapekeepError(error)) return { failed: { code: error.code, facts: error.facts } };
    return { failed: { code: 'INTERNAL', facts: { reason: String((error as Error)?.stack ?? error) } } };
  }
}
