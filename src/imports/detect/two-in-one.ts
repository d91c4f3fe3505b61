/** Two series in one file that names neither: their rows have the same times, and say otherwise. */
import { fail } from '../../model/errors.js';
import type { ReadRows } from '../text/rows.js';

/** So many rows have a time that another row has, and say otherwise. */
const MOST_DOUBLE = 0.25;
const LEAST_DOUBLES = 10;

/** Two symbols without their names, or two prices of one: which of two rows is meant nobody can tell, nor what the others are of. */
export function refuseTwoInOne(file: string, pieces: readonly ReadRows[]): void {
  for (const [p, { bars, lines }] of pieces.entries()) {
    const seen = new Map<number, number>();
    const doubles: (readonly [number, number])[] = [];
    for (const [i, at] of bars.ts.entries()) {
      const other = seen.get(at) ?? i;
      if (other === i) seen.set(at, i);
      else if (bars.close[other] !== bars.close[i]) doubles.push([other, i]);
    }
    const [first] = doubles;
    if (!first || doubles.length < LEAST_DOUBLES || doubles.length < bars.ts.length * MOST_DOUBLE) continue;
    const where = p > 0 ? '' : `, first on line ${lines[first[0]]} and line ${lines[first[1]]}, column 1`;
    const reason = `${doubles.length} of ${bars.ts.length} rows have a time that another one has, and say otherwise${where}: it seems to hold two symbols, or two prices of one. One file holds one series`;
    throw fail('IMPORT_UNREADABLE', { file, reason });
  }
}
