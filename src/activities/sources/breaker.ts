/**
 * When a source that fails is left alone: arithmetic alone. After so many failures in a row it rests; then one request at
 * a time tries it, and the first answer ends the rest for all.
 */
import type { ErrorCode } from '../../model/errors.js';

export interface BreakerRules {
  /** So many failures in a row. */
  readonly failures: number;
  readonly restMs: number;
  /** The rest doubles, up to here, each time that the source still fails. */
  readonly longestMs: number;
}

export interface Breaker {
  readonly failures: number;
  /** Since when it rests, and for how long; null: it is asked as usual. */
  readonly since: number | null;
  readonly restMs: number;
  /** When somebody was let through to try it. */
  readonly triedAt: number | null;
  readonly why: string;
}

export const CLOSED: Breaker = { failures: 0, since: null, restMs: 0, triedAt: null, why: '' };

/** What a source does that is not well itself. Limits have times of their own; a key or a symbol is ours to mend. */
const FAILURES: readonly ErrorCode[] = ['NETWORK_FAILED', 'PROVIDER_DOWN', 'ANSWER_TRUNCATED', 'ANSWER_MALFORMED'];
/** A refusal in good order is an answer. */
const ANSWERS: readonly ErrorCode[] = ['KEY_REFUSED', 'PLAN_TOO_SMALL', 'SYMBOL_UNKNOWN', 'REQUEST_REFUSED'];

/** Who was let through and is not heard of any more is not waited for. */
const TRY_MS = 60_000;
/** How long the others wait before they ask again whether it went well. */
const LOOK_MS = 5_000;

/** After a request: `code` is what it failed with, null when it was answered. */
export function heard(breaker: Breaker, rules: BreakerRules, now: number, code: ErrorCode | null): Breaker {
  if (code === null || ANSWERS.includes(code)) return CLOSED;
  // It says nothing of the source; who tried it is back.
  if (!FAILURES.includes(code)) return breaker.triedAt === null ? breaker : { ...breaker, triedAt: null };
  const failures = breaker.failures + 1;
  if (breaker.since === null) {
    const opens = failures >= rules.failures;
    return { ...breaker, failures, why: code, ...(opens && { since: now, restMs: rules.restMs }) };
  }
  // Requests that were under way when it began to rest come to the same end.
  if (restOf(breaker, now) > 0) return { ...breaker, failures };
  return { failures, since: now, restMs: Math.min(breaker.restMs * 2, rules.longestMs), triedAt: null, why: code };
}

/** How long it rests. A clock that was set back makes it no longer than it was meant to be. */
export const restOf = ({ since, restMs }: Breaker, now: number): number =>
  since === null ? 0 : Math.max(0, Math.min(restMs, since + restMs - now));

/** Somebody would ask: 0, go; else wait so long. When the rest is over, one at a time is let through. */
export function knock(breaker: Breaker, now: number): readonly [Breaker, number] {
  const rest = restOf(breaker, now);
  if (breaker.since === null || rest > 0) return [breaker, rest];
  const { triedAt } = breaker;
  const under = triedAt !== null && triedAt <= now && now < triedAt + TRY_MS;
  return under ? [breaker, LOOK_MS] : [{ ...breaker, triedAt: now }, 0];
}
