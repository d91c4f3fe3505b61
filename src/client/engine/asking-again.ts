/**
 * Calls that fail are repeated after a while, until nobody is there to answer or the connection is to be closed: one that is repeated on
 * a closed connection ends the program.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, defaultGrpcRetryOptions, type GrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

export interface AskingAgain {
  readonly interceptors: NonNullable<ConnectionOptions['interceptors']>;
  /** From now on nothing is repeated. Resolves when what was about to be repeated has been. */
  end(): Promise<void>;
}

/** A little more than a timer may be late. */
const LATE_MS = 50;

/** Nobody is at the address: whether somebody is again costs little to find out. For all else ten times are enough, ever more seldom. */
const UNAVAILABLE = 14;
const AT_MOST_AFTER_MS = 1_000;
const OFTEN = 24;
const A_FEW = 10;

const { delayFunction, retryableDecider } = defaultGrpcRetryOptions({ maxAttempts: OFTEN });
export const USUAL: GrpcRetryOptions = {
  // The SDK passes by a longest interval that it is given.
  delayFunction: (attempt, status) => Math.min(delayFunction(attempt, status), status.code === UNAVAILABLE ? AT_MOST_AFTER_MS : Infinity),
  retryableDecider: (attempt, status) => (status.code === UNAVAILABLE || attempt < A_FEW) && retryableDecider(attempt, status),
};

export function askingAgain(isGone = () => false, options = USUAL): AskingAgain {
  let over = false;
  let lastAt = 0;
  const interceptor = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !over && !isGone() && options.retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const delayMs = options.delayFunction(attempt, status);
      lastAt = Math.max(lastAt, performance.now() + delayMs);
      return delayMs;
    },
  });
  return {
    interceptors: [interceptor],
    async end() {
      over = true;
      // What was due long ago may not have had its turn: where the program stood still, it comes with the next timers.
      if (lastAt > 0) await sleep(Math.max(0, lastAt - performance.now()) + LATE_MS);
    },
  };
}
