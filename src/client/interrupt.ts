/** Ctrl+C on somebody who waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EXITS } from './exits.js';
import type { Cancellable } from './loads/cancelling.js';

/** Who presses again wants to leave, but the cancel that is on its way takes some milliseconds. */
const HEARD_WITHIN_MS = 2_000;

/** Once: `first`. Again: `again`, and the process leaves; once more: it leaves whatever is under way. Returns how to stop listening. */
export function onInterrupt(first: () => void, again: () => void | Promise<void>): () => void {
  let times = 0;
  const leave = () => process.exit(EXITS.cancelled);
  const listener = async () => {
    times++;
    if (times === 1) return first();
    if (times === 2) await again();
    leave();
  };
  process.on('SIGINT', listener);
  return () => void process.removeListener('SIGINT', listener);
}

/** What somebody who left a job reads last. */
export const leftWords = (heard: boolean): string =>
  heard
    ? 'Left at once. The daemon cancels it; what was finished stays.'
    : 'Left before the daemon had heard of the cancel: what had begun goes on while a daemon runs.';

export interface Interruptible extends Required<Cancellable> {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** What the daemon does is cancelled by the first; by the second it is left to the daemon, and `left` tells whether that has heard of it. */
export function interruptible(first: () => void, left: (heard: boolean) => void): Interruptible {
  const interrupted = new AbortController();
  const heard = new AbortController();
  const release = onInterrupt(
    () => {
      first();
      interrupted.abort('Ctrl+C');
    },
    async () => {
      await sleep(HEARD_WITHIN_MS, undefined, { signal: heard.signal }).catch(() => {});
      left(heard.signal.aborted);
    },
  );
  return { signal: interrupted.signal, onCancelling: () => heard.abort(), release };
}
