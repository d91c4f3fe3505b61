/** Waits for a condition, never for a while. */
import { setTimeout as sleep } from 'node:timers/promises';

/** A wait ends with its condition: the bound is for those that are in vain, on a machine that is ten times slower than a quiet one. */
export const WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 20;
/** Between two looks lies so many times what the last one took: waiting does not eat what is waited for. */
const REST = 4;
const MOST_REST_MS = 500;

/** The first answer that is not undefined; an error that tells what was waited for when there is none in time. A dear look is not taken often. */
export async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  what: () => string,
  withinMs = WITHIN_MS,
  everyMs = LOOK_EVERY_MS,
): Promise<T> {
  for (const deadline = performance.now() + withinMs; ; ) {
    const began = performance.now();
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what()}`);
    await sleep(Math.max(everyMs, restAfter(performance.now() - began)));
  }
}

export const restAfter = (tookMs: number): number => Math.min(REST * tookMs, MOST_REST_MS);
