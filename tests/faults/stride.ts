/** `npm test` takes every so-manyth of what a long proof tries one after the other; `npm run soak -- faults` takes them all. */
export const WHOLE = process.env.TAPEKEEP_WHOLE === '1';

/** Prime, so that no phase of a write is passed by each time. */
export const STRIDE = WHOLE ? 1 : 3;

/** The last is among them. */
export const strided = <T>(all: readonly T[]): T[] => all.filter((_, i) => (all.length - 1 - i) % STRIDE === 0);
