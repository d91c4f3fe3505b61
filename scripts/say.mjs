// One line for what is being done, then how long it took. What is skipped is not mentioned.
const CLOCK_FROM_MS = 1000;

export const elapsed = startMs => {
  const ms = Date.now() - startMs;
  return ms < CLOCK_FROM_MS ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
};

export const say = text => console.error(`tapekeep: ${text}`);

/** Runs one step and says what it is and how long it took; a failed step says so too. */
export async function step(what, run) {
  const start = Date.now();
  say(`${what} …`);
  try {
    const result = await run();
    say(`${what}: done in ${elapsed(start)}`);
    return result;
  } catch (error) {
    say(`${what}: failed after ${elapsed(start)}`);
    throw error;
  }
}

/** Ends a script: a failure that already explained itself is not printed twice. */
export function leave(error) {
  if (error?.explained !== true) console.error(error instanceof Error ? error.message : error);
  process.exitCode = error?.exitCode ?? 1;
}
