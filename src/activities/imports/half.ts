/** What may be half a bar: the newest row of a program that writes bars while they run, and a row that may be cut where a text ends. */
import { type RefusedRow, rowAsRead } from '../../imports/index.js';
import { type Bars, countOf, takeBars } from '../../model/bars.js';
import type { Place } from '../../model/import.js';
import { outermost } from './ends.js';
import type { Piece } from './pieces.js';

export interface Whole {
  readonly bars: Bars;
  readonly lines: Float64Array;
  /** The rows that are set aside. */
  readonly half: readonly RefusedRow[];
}

const CUT =
  'the file ends here without a line end, and the last value is shorter than those of the rows before it: it may be cut; --keep-last takes it';
const RUNNING = 'the newest row may have been written while its bar was running; --keep-last takes it';

export function withoutHalf(piece: Piece, mayRun: boolean, before: Place | null): Whole {
  const { bars, lines } = piece.placed;
  const cut = cutRow(piece);
  const running = mayRun ? runningAt(piece, before) : undefined;
  if (cut === undefined && running === undefined) return { bars, lines, half: [] };
  const rows = Array.from(bars.ts.keys());
  const isHalf = (row: number): boolean => row === cut || bars.ts[row] === running;
  const half = rows.filter(isHalf).map(row => ({
    line: lines[row] as number,
    column: 0,
    reason: row === cut ? CUT : RUNNING,
    text: rowAsRead(bars, row),
  }));
  const kept = rows.filter(row => !isHalf(row));
  return { bars: takeBars(bars, kept), lines: Float64Array.from(kept, row => lines[row] as number), half };
}

function cutRow({ read, placed, next }: Piece): number | undefined {
  const last = placed.lines.length - 1;
  return next === null && read.mayBeCut && placed.lines[last] === read.next - 1 ? last : undefined;
}

/** The open of the newest bar of the file, where this piece has it: at its end, at its beginning where rows fall, or anywhere in a file of one piece. */
function runningAt({ placed: { bars, descending }, next }: Piece, before: Place | null): number | undefined {
  const rows = countOf(bars);
  const [oldest, row] = outermost(bars.ts);
  const newest = bars.ts[row];
  const [isFirst, isLast] = [before === null || before.first === null, next === null];
  // A file of a single bar says too little of itself.
  if (rows === 0 || newest === undefined || (isFirst && isLast && bars.ts[oldest] === newest)) return undefined;
  if (isFirst) return descending || isLast ? newest : undefined;
  return isLast && !descending && newest > (before?.last ?? newest) ? newest : undefined;
}
