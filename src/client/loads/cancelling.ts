/** A cancel on its way: what a signal asks for is said to the daemon until the daemon has heard it. */
import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_MS = 500;

export interface Cancellable {
  /** Aborted: what runs is cancelled; what was finished is kept. A text as its reason is told as why. */
  readonly signal?: AbortSignal | undefined;
  /** Hears that the daemon knows of the cancel: from then on it is carried out, whoever stays to see it. */
  readonly onCancelling?: (() => void) | undefined;
}

export interface Cancelling {
  /** To a server that may not have heard it: the one after the last. */
  again(): void;
  /** It is over: nothing is said any more. */
  end(): void;
}

export function cancelling({ signal, onCancelling }: Cancellable, cancel: (why: string) => Promise<unknown>): Cancelling {
  let over = false;
  const say = async (): Promise<void> => {
    for (; !over; await sleep(AGAIN_MS)) {
      const heard = await cancel(whyOf(signal)).then(
        () => true,
        () => false,
      );
      if (heard) return onCancelling?.();
    }
  };
  // What a listener throws is its own affair.
  const begin = (): void => void say().catch(() => {});
  signal?.addEventListener('abort', begin, { once: true });
  const again = (): void => {
    if (signal?.aborted) begin();
  };
  again();
  return {
    again,
    end() {
      over = true;
      signal?.removeEventListener('abort', begin);
    },
  };
}

const whyOf = (signal: AbortSignal | undefined): string => (typeof signal?.reason === 'string' ? signal.reason : 'the caller gave it up');
