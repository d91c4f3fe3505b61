// Given to every test process: what properties try is fixed by PROPERTIES_SEED, so a run that fails fails by the change at hand.
// Without it (node --test on a file) each run tries other values.
import { existsSync, readFileSync } from 'node:fs';

/** What all runs of npm test try; others are for npm run soak -- fuzz to find. */
export const SEED = 20_261_121;

/** What node and its processes need for a run with this seed. */
export const seeded = seed => ({ flags: [`--import=${import.meta.url}`], env: { PROPERTIES_SEED: String(seed) } });

const FAST_CHECK = /from 'fast-check'/;

/** Whether a file, source or compiled, holds properties. */
export const holdsProperties = path => FAST_CHECK.test(readFileSync(path, 'utf8'));

/** A seed as a person writes it. */
export function seedOf(text) {
  const seed = Number(text);
  if (text === '' || !Number.isInteger(seed) || Math.abs(seed) > 0x7fffffff)
    throw new Error(`a seed is a whole number of 32 bits, not ${text}`);
  return seed;
}

const [, started = ''] = process.argv;
const { PROPERTIES_SEED } = process.env;
// Most test processes have none: fast-check is only loaded where it is used.
if (PROPERTIES_SEED !== undefined && started.endsWith('.js') && existsSync(started) && holdsProperties(started)) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ seed: seedOf(PROPERTIES_SEED) });
}
