/** Rows of any number, a batch at a time: in the memory of one, and the first is seen before the last is read. */
import type { Screen } from './screen.js';
import { type Column, cellsOf, lineOf, titlesOf, widthsOf } from './table.js';
import { jsonText } from './text.js';

type Batches<R> = Iterable<readonly R[]> | AsyncIterable<readonly R[]>;

/** A table whose widths are those of its first batch. Resolves to how many rows there were. */
export async function pourTable<R>(screen: Screen, columns: readonly Column<R>[], batches: Batches<R>): Promise<number> {
  let widths: number[] | undefined;
  let poured = 0;
  for await (const rows of batches) {
    const cells = cellsOf(columns, rows);
    if (!widths) {
      widths = widthsOf(columns, cells);
      screen.say(screen.paint.dim(lineOf(columns, widths, titlesOf(columns))));
    }
    const fixed = widths;
    await screen.pour(cells.map(row => `${lineOf(columns, fixed, row)}\n`).join(''));
    poured += rows.length;
  }
  return poured;
}

/** One array of JSON, a row a line; what follows it in the document is said by who pours it. */
export async function pourArray<R>(screen: Screen, batches: Batches<R>, told: (row: R) => unknown): Promise<void> {
  let before = '[\n';
  for await (const rows of batches) {
    await screen.pour(before + rows.map(row => jsonText(told(row))).join(',\n'));
    before = ',\n';
  }
  await screen.pour(before === ',\n' ? '\n]' : '[]');
}
