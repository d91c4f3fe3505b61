import { ActivityFailure, ApplicationFailure, type TemporalFailure } from '@temporalio/workflow';

/** Why a part of a job ended early, as its report tells it. */
export function reasonOf(error: TemporalFailure): { code: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'INTERNAL') : 'INTERNAL';
  return { code, message: cause?.message ?? 'no reason was given' };
}
