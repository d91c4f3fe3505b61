/** What every step's attempt has in common: a beating heart, and failures by the codes of the table. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, type Duration } from '@temporalio/common';
import { fail, isTapekeepError, type TapekeepError } from '../model/errors.js';
import { REFUSALS } from '../model/stand-ins.js';

export type Beat = (details: unknown) => void;

/** What is over sooner need not have been heard of. */
const YOUNG_MS = 500;

/**
 * Runs one attempt. The heart beats from a timer, so that a slow disk is not taken for a dead worker, and whenever the
 * step has news. When the attempt is cancelled, it ends as cancelled, whatever the work threw on its way out.
 */
export async function attempt<T>(work: (signal: AbortSignal, beat: Beat) => Promise<T>): Promise<T> {
  const context = Context.current();
  let latest: unknown = context.info.heartbeatDetails;
  const beat: Beat = details => {
    latest = details;
    if (Date.now() - context.info.currentAttemptScheduledTimestampMs >= YOUNG_MS) context.heartbeat(details);
  };
  const pulse = setInterval(() => context.heartbeat(latest), (context.info.heartbeatTimeoutMs ?? 10_000) / 5);
  try {
    return await work(context.cancellationSignal, beat);
  } catch (error) {
    if (context.cancellationSignal.aborted) return (await context.cancelled) as never;
    throw asFailure(error, context.info.attempt);
  } finally {
    clearInterval(pulse);
  }
}

/** Somebody cancelled the load: only then may a step let go of what it has. A stopped worker, a pause or a reset is no reason. */
export const cancelRequested = (): boolean => Context.current().cancellationDetails?.cancelRequested === true;

/** What lasts longer than this is not sat out in a step: the workflow waits, durably, or turns to another source. */
const HANDED_ON_MS = 60_000;

const isHandedOn = ({ code, facts }: TapekeepError): boolean => code === 'BREAKER_OPEN' || Number(facts.waitMs) >= HANDED_ON_MS;

/** Whether another source may be turned to: this one is away for long, or does not serve us at all. */
export const isPassedBy = (error: unknown): boolean =>
  isTapekeepError(error) && (isHandedOn(error) || (REFUSALS as readonly string[]).includes(error.code));

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** Twice as long each time, and half more or less by chance: what failed together is not tried again together. */
const restAfter = (attempts: number): number =>
  Math.round(Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(attempts - 1, 10)) * (0.5 + Math.random()));

/** The one place where an error of ours becomes Temporal's: the failure type is the code, and the table says what may be retried. */
function asFailure(error: unknown, attempts: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const known: TapekeepError = isTapekeepError(error)
    ? error
    : fail('INTERNAL', { reason: String((error as Error)?.message ?? error) }, error);
  const waitMs = Number(known.facts.waitMs);
  return ApplicationFailure.create({
    type: known.code,
    message: known.message,
    nonRetryable: known.permanent || isHandedOn(known),
    details: [known.facts],
    cause: known,
    nextRetryDelay: (waitMs > 0 ? waitMs : restAfter(attempts)) as Duration,
    ...(waitMs > 0 && { category: ApplicationFailureCategory.BENIGN }),
  });
}
