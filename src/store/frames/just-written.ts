/**
 * Bars that this process has just written: their quality is counted next, and they need not be read again for that. Files are named by
 * their content: what is known here by such a name is what a reader would find. Another process, or one that was started anew, reads.
 */
import { type Bars, countOf, notStated } from '../../model/bars.js';

/** 48 bytes each. The files of a longer merge are read again from the second year on. */
const MOST_ROWS = 600_000;

let written = new Map<string, Bars>();
let rows = 0;

/** Another merge begins, or all has been counted. */
export function forgetWritten(): void {
  written = new Map();
  rows = 0;
}

export function keepWritten(file: string, bars: Bars): void {
  const count = countOf(bars);
  if (rows + count > MOST_ROWS) return;
  rows += count;
  written.set(file, { ...bars, turnover: notStated(count), trades: notStated(count) });
}

export const justWritten = (file: string): Bars | undefined => written.get(file);
