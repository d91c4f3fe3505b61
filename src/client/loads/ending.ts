/** How a load ended, in our words: a report, or an error of the table. */
import {
  ApplicationFailure,
  CancelledFailure,
  ServiceError,
  TerminatedFailure,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { type ErrorCode, errors, type Facts, fail, type TapekeepError } from '../../model/errors.js';
import type { Job } from '../../model/job.js';
import type { LoadReport, LoadStatus } from '../../model/load.js';
import { nameOf, type Series } from '../../model/series.js';

export type Ending = { readonly report: LoadReport } | { readonly error: TapekeepError };

/** `status` asks the load itself, which answers when it is over, too. */
export async function endingOf(
  series: Series,
  result: () => Promise<LoadReport>,
  status: () => Promise<LoadStatus | undefined>,
): Promise<Ending> {
  try {
    return { report: await result() };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { error: fail('LOAD_UNKNOWN', { load: nameOf(series) }) };
    if (isUnreachable(error)) return { error: fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: error.message }, error) };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause;
    if (cause instanceof CancelledFailure) return cancelled(series, (await status())?.report);
    if (cause instanceof TerminatedFailure)
      return { error: fail('LOAD_FAILED', { series: nameOf(series), reason: 'somebody terminated it' }) };
    return { error: errorOf(series, cause) };
  }
}

/** Nobody answers, or this program itself has closed the connection, which gRPC tells by an error without a code. */
const isUnreachable = (error: unknown): error is Error =>
  error instanceof ServiceError || (error instanceof Error && error.message === 'Channel has been shut down');

/** The same of a job: its report, or an error of the table. */
export async function endOfJob<Report>(
  { what, of: series, kept = 'what was finished stays' }: Job,
  result: () => Promise<Report>,
): Promise<Report> {
  try {
    return await result();
  } catch (error) {
    if (isUnreachable(error)) throw fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: error.message }, error);
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (error.cause instanceof CancelledFailure) throw fail('LOAD_CANCELLED', { what, series, kept });
    if (error.cause instanceof TerminatedFailure) throw fail('LOAD_FAILED', { what, series, reason: 'somebody terminated it' });
    throw errorOf(series, error.cause);
  }
}

/** Temporal hands on nothing that a cancelled workflow says at its end: what it kept has to be asked for. */
function cancelled(series: Series, report: LoadReport | undefined): Ending {
  if (report?.outcome === 'cancelled') return { report };
  return { error: fail('LOAD_CANCELLED', { series: nameOf(series), kept: 'what was finished is in the table' }) };
}

/** The failure type is the code, its first detail the facts. */
export function errorOf(series: Series | string, failure: Error | undefined): TapekeepError {
  for (let at: Error | undefined = failure; at; at = at.cause as Error | undefined) {
    if (at instanceof ApplicationFailure && at.type && at.type in errors) {
      return fail(at.type as ErrorCode, { ...((at.details?.[0] ?? {}) as Facts) }, failure);
    }
  }
  return fail(
    'LOAD_FAILED',
    { series: typeof series === 'string' ? series : nameOf(series), reason: failure?.message ?? 'no reason was given' },
    failure,
  );
}
