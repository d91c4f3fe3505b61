/** Ctrl+C on somebody who waits. */
import { EXITS } from './exits.js';

/** Once: `first`. Again: `again`, and the process leaves at once. Returns how to stop listening. */
export function onInterrupt(first: () => void, again: () => void): () => void {
  let times = 0;
  const listener = () => {
    times++;
    if (times === 1) return first();
    again();
    process.exit(EXITS.cancelled);
  };
  process.on('SIGINT', listener);
  return () => void process.removeListener('SIGINT', listener);
}
