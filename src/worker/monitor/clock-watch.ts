/** Notices when the clock of the machine is set while the daemon runs: compared with one that only ever goes on. */
const LOOK_EVERY_MS = 5_000;
/** What a time server corrects bit by bit is no jump. */
const BACK_MS = 1_000;
/** A machine that sleeps comes back with a clock that is ahead. */
const AHEAD_MS = 60_000;

export interface Clocks {
  readonly wall: () => number;
  readonly monotonic: () => number;
}

/** `onJump` hears by how many ms the clock jumped: below 0, it was set back. */
export function watchClock({ wall, monotonic }: Clocks, onJump: (ms: number) => void): () => void {
  let before = wall() - monotonic();
  const look = (): void => {
    const offset = wall() - monotonic();
    const jump = offset - before;
    before = offset;
    if (jump <= -BACK_MS || jump >= AHEAD_MS) onJump(jump);
  };
  const looks = setInterval(look, LOOK_EVERY_MS);
  looks.unref();
  return () => clearInterval(looks);
}
