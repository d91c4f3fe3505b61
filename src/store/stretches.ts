/** Bars of a table a stretch of time at a time: memory stays the same however many there are. */
import { type Bars, countOf, sliceBars } from '../model/bars.js';
import { type Interval, interval } from '../model/interval.js';
import type { House } from './house.js';
import type { TableFile } from './log/snapshot.js';
import type { Table } from './table.js';

export type Extent = Pick<TableFile, 'first' | 'last' | 'rows'>;

/** Rows that are read at once, unless told otherwise. */
const STRETCH = 100_000;

/** Cuts an interval where files begin, so that each part holds about so many rows. Files may overlap: a part reads all that reach into it. */
export function stretches(files: readonly Extent[], wanted: Interval, most = STRETCH): Interval[] {
  const reached = files.filter(f => f.first < wanted.to && f.last >= wanted.from);
  const cuts = [wanted.from];
  let rows = 0;
  for (const file of [...reached].sort((a, b) => a.first - b.first)) {
    if (rows >= most && file.first > (cuts.at(-1) as number)) {
      cuts.push(file.first);
      rows = 0;
    }
    const pieces = Math.ceil(file.rows / most);
    for (let i = 1; i < pieces; i++) {
      const cut = Math.floor(file.first + ((file.last - file.first) * i) / pieces);
      if (cut > (cuts.at(-1) as number) && cut < wanted.to) cuts.push(cut);
    }
    rows += file.rows / pieces;
  }
  const ends = [...cuts.slice(1), wanted.to];
  return cuts.map((from, i) => interval(from, ends[i] as number)).filter(({ from, to }) => to > from);
}

export interface Reach {
  readonly interval?: Interval;
  /** No more bars at once than this. */
  readonly most?: number;
}

/** In time order. Where a file has holes, more may be read at once than are given. */
export async function* barsIn(house: House, table: Table, { interval: wanted = EVER, most = STRETCH }: Reach = {}): AsyncGenerator<Bars> {
  const { readTable } = await import('./read.js');
  const { barsOf } = await import('./frames/frame.js');
  for (const stretch of stretches([...table.snapshot.files.values()], wanted, most)) {
    const bars = barsOf(await readTable(house, table, { interval: stretch }));
    for (let at = 0; at < countOf(bars); at += most) yield sliceBars(bars, at, Math.min(at + most, countOf(bars)));
  }
}

export const EVER: Interval = interval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
