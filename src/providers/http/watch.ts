/** Watches one exchange: for the caller's cancel, for silence, for a trickle, for the whole time. */
import { Broken } from './broken.js';

export interface Patience {
  readonly connectMs: number;
  /** From the request to the head of the answer. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  readonly totalMs: number;
  /** A body that comes slower than this, once `graceMs` are over, never ends. */
  readonly leastBytesPerSecond: number;
  readonly graceMs: number;
}

export const PATIENCE: Patience = {
  connectMs: 10_000,
  headersMs: 30_000,
  idleMs: 20_000,
  totalMs: 180_000,
  leastBytesPerSecond: 1_024,
  graceMs: 15_000,
};

export interface Watch {
  /** Fires when the exchange has to end. */
  readonly signal: AbortSignal;
  /** The head of the answer is there. */
  answered(): void;
  /** More of the body is there: `bytes` so far. */
  arrived(bytes: number): void;
  end(): void;
  /** Why it was ended; undefined: not by us. */
  why(): unknown;
}

export function createWatch(patience: Patience, cancel: AbortSignal): Watch {
  const controller = new AbortController();
  let bodySince = 0;
  const stop = (why: unknown): void => {
    if (!controller.signal.aborted) controller.abort(why);
  };
  const after = (ms: number, what: string) => setTimeout(() => stop(new Broken('NETWORK_FAILED', `${what} ${ms / 1_000} s`)), ms);
  const onCancel = (): void => stop(cancel.reason);
  cancel.addEventListener('abort', onCancel, { once: true });
  const whole = after(patience.totalMs, 'the answer was not complete within');
  const head = after(patience.headersMs, 'no answer within');
  let idle: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    answered() {
      clearTimeout(head);
      bodySince = performance.now();
      idle = after(patience.idleMs, 'nothing more came for');
    },
    arrived(bytes) {
      idle?.refresh();
      const ms = performance.now() - bodySince;
      if (ms > patience.graceMs && (bytes / ms) * 1_000 < patience.leastBytesPerSecond)
        stop(new Broken('NETWORK_FAILED', `it came at less than ${patience.leastBytesPerSecond} bytes a second`));
    },
    end() {
      for (const timer of [whole, head, idle]) clearTimeout(timer);
      cancel.removeEventListener('abort', onCancel);
    },
    why: () => (controller.signal.aborted ? controller.signal.reason : undefined),
  };
}
