import { ActivityFailure, ApplicationFailure, TemporalFailure } from '@temporalio/workflow';

/** The innermost cause says what happened; what is around it, where. */
export function innermost(error: Error): string {
  const { cause } = error as { cause?: unknown };
  return cause instanceof TemporalFailure ? innermost(cause) : error.message;
}

/** Why a part of a job ended early, as its report tells it. */
export function reasonOf(error: TemporalFailure): { code: string; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'INTERNAL') : 'INTERNAL';
  return { code, message: cause?.message ?? 'no reason was given' };
}
