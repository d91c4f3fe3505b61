/** How a load ended, in our words: a report, or an error of the table. */
import { ApplicationFailure, CancelledFailure, TerminatedFailure, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { type ErrorCode, errors, type Facts, fail, type TapekeepError } from '../model/errors.js';
import type { LoadReport } from '../model/load.js';
import { nameOf, type Series } from '../model/series.js';

export type Ending = { readonly report: LoadReport } | { readonly error: TapekeepError };

export async function endingOf(series: Series, result: () => Promise<LoadReport>): Promise<Ending> {
  try {
    return { report: await result() };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { error: fail('LOAD_UNKNOWN', { load: nameOf(series) }) };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause;
    if (cause instanceof CancelledFailure) return cancelled(series, cause);
    if (cause instanceof TerminatedFailure)
      return { error: fail('LOAD_FAILED', { series: nameOf(series), reason: 'somebody terminated it' }) };
    return { error: errorOf(series, cause) };
  }
}

/** A cancelled load tells in its failure what it kept. */
function cancelled(series: Series, cause: CancelledFailure): Ending {
  const [report] = (cause.details ?? []) as (LoadReport | undefined)[];
  return report ? { report } : { error: fail('LOAD_CANCELLED', { series: nameOf(series), kept: 'it had not begun' }) };
}

/** The failure type is the code, its first detail the facts. */
export function errorOf(series: Series, failure: Error | undefined): TapekeepError {
  for (let at: Error | undefined = failure; at; at = at.cause as Error | undefined) {
    if (at instanceof ApplicationFailure && at.type && at.type in errors) {
      return fail(at.type as ErrorCode, { ...((at.details?.[0] ?? {}) as Facts) }, failure);
    }
  }
  return fail('LOAD_FAILED', { series: nameOf(series), reason: failure?.message ?? 'no reason was given' }, failure);
}
