/**
 * Numbers that look random and are a pure function of their place: the millionth can be had without the
 * first. Integers only, so that every machine gets the same.
 */

/** 32 bits, well mixed: neighbouring inputs give unrelated outputs, and no two the same one. */
export function mix(bits: number): number {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A key for all numbers that belong to `text` under `seed`. */
export function keyOf(seed: number, text: string): number {
  let key = mix(seed);
  for (let i = 0; i < text.length; i++) key = mix(key + Math.imul(text.charCodeAt(i) + 1, 0x9e3779b1));
  return key;
}

/** The key of one of many rows of numbers under a key. */
export const rowKey = (key: number, row: number): number => mix(key ^ mix(row + 1));

/** The bits at a place of a row. */
export const bitsAt = (row: number, index: number): number => mix(row + Math.imul(index, 0x9e3779b1));

/** 32 bits as a number in [0, 1). */
export const unitOf = (bits: number): number => (bits >>> 0) / 4_294_967_296;

/** 32 bits as a number around 0 of variance 1: the sum of two even ones, so never beyond ±2.45. */
export const spreadOf = (bits: number): number => (((bits >>> 16) + (bits & 0xffff)) / 65_536 - 1) * SPREAD;
const SPREAD = Math.sqrt(6);
