/** Rows of any number, a batch at a time: in the memory of one, and the first is seen before the last is read. */
import type { Screen } from './screen.js';
import { type Column, cellsOf, fitting, leftOutWords, lineOf, titlesOf, widthsOf } from './table.js';
import { jsonText } from './text.js';

type Batches<R> = Iterable<readonly R[]> | AsyncIterable<readonly R[]>;

/** A table whose columns and widths are those of its first batch. Resolves to how many rows there were. */
export async function pourTable<R>(screen: Screen, columns: readonly Column<R>[], batches: Batches<R>): Promise<number> {
  let first: { shown: readonly Column<R>[]; widths: number[] } | undefined;
  let poured = 0;
  for await (const rows of batches) {
    const shown: readonly Column<R>[] = first?.shown ?? fitting(columns, rows, screen.room);
    const cells = cellsOf(shown, rows);
    const widths = first?.widths ?? widthsOf(shown, cells);
    if (!first) screen.say(screen.paint.dim(lineOf(shown, widths, titlesOf(shown))));
    first ??= { shown, widths };
    await screen.pour(cells.map(row => `${lineOf(shown, widths, row)}\n`).join(''));
    poured += rows.length;
  }
  if (first) for (const line of leftOutWords(columns, first.shown)) screen.say(screen.paint.dim(line));
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
