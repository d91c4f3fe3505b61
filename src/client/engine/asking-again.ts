/** Calls that fail are repeated after a while, until the connection is to be closed: one that is repeated on a closed connection ends the program. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

export interface AskingAgain {
  readonly interceptors: NonNullable<ConnectionOptions['interceptors']>;
  /** From now on nothing is repeated. Resolves when what was about to be repeated has been. */
  end(): Promise<void>;
}

/** A little more than a timer may be late. */
const LATE_MS = 50;

export function askingAgain(options = defaultGrpcRetryOptions()): AskingAgain {
  let over = false;
  let lastAt = 0;
  const interceptor = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !over && options.retryableDecider(attempt, status),
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
