/** MetaTrader tells the ticks of each bar and, where its market has one, what was traded: else that is always 0. */
import type { Look } from '../look.js';

export function volumeTold({ heading, rows }: Look, real: string, ticks: string): { readonly volume: number; readonly words: string } {
  const column = heading?.indexOf(real) ?? -1;
  // A row that lacks a field says something else there.
  if (rows.some(row => row.length === heading?.length && Number(row[column]) > 0))
    return { volume: column, words: 'the volume is the traded one' };
  return { volume: heading?.indexOf(ticks) ?? -1, words: 'the traded volume is always 0: the volume is the number of ticks' };
}
