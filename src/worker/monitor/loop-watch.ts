/** Notices when the event loop stood still: nothing of the daemon went on meanwhile, no heartbeat, no answer. */
const LOOK_EVERY_MS = 250;
/** Shorter ones are told by the figures of node alone. */
const STALL_MS = 1_000;

export interface LoopWatch {
  /** The longest it stood still, in ms. */
  longest(): number;
  end(): void;
}

/** `monotonic` is a clock that nobody can set. */
export function watchLoop(monotonic: () => number, onStall: (ms: number) => void): LoopWatch {
  let longest = 0;
  let last = monotonic();
  const looks = setInterval(() => {
    const now = monotonic();
    const late = now - last - LOOK_EVERY_MS;
    last = now;
    if (late < STALL_MS) return;
    longest = Math.max(longest, late);
    onStall(late);
  }, LOOK_EVERY_MS);
  looks.unref();
  return { longest: () => longest, end: () => clearInterval(looks) };
}
