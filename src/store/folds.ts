/** Which files of a table are worth folding into slices of time: arithmetic on what the log says of them. */
import { dateOf, isIntraday, type Timeframe } from '../model/timeframe.js';
import type { Candidate } from './frames/jobs.js';
import type { TableFile } from './log/snapshot.js';

/** The calendar piece that one file of an intraday series holds. From a day up, one file holds all bars. */
export const SLICES = ['month', 'quarter', 'year'] as const;
export type Slice = (typeof SLICES)[number];

const MONTHS: Readonly<Record<Slice, number>> = { month: 1, quarter: 3, year: 12 };

export interface Layout {
  readonly timeframe: Timeframe;
  readonly slice: Slice;
  /** No file holds more rows than this. */
  readonly sliceRows: number;
}

export interface FileFold {
  readonly from: number;
  readonly to: number;
  readonly files: readonly TableFile[];
}

/** Files that were folded, and what they became. */
export interface Folded {
  readonly files: readonly TableFile[];
  readonly made: readonly Candidate[];
}

/** Files of slices that no file reaches out of. */
interface Group {
  readonly first: number;
  last: number;
  readonly files: TableFile[];
}

/**
 * `all` brings every file into its slice. `small` folds what is small beside the rest: a file is folded again only into one
 * that is much larger, so that each row is rewritten a few times in its life and not with every load.
 */
export function foldsOf(files: Iterable<TableFile>, layout: Layout, which: 'all' | 'small'): FileFold[][] {
  // What another program wrote, without a checksum or without rows, is left alone.
  const ours = [...files].filter(f => f.sha256 !== null && f.rows > 0);
  return groupsOf(ours, layout).flatMap(group => {
    const chosen = which === 'all' || group.first < group.last ? untidy(group, layout) : small(group.files, layout);
    return chosen.length > 0 ? [slicesOf(chosen, layout)] : [];
  });
}

function groupsOf(files: readonly TableFile[], layout: Layout): Group[] {
  const groups: Group[] = [];
  for (const file of [...files].sort((a, b) => a.first - b.first)) {
    const [first, last] = [sliceAt(file.first, layout), sliceAt(file.last, layout)];
    const group = groups.at(-1);
    if (group && first <= group.last) {
      group.files.push(file);
      group.last = Math.max(group.last, last);
    } else groups.push({ first, last, files: [file] });
  }
  return groups;
}

/** The number of the slice that holds `ts`. */
function sliceAt(ts: number, { timeframe, slice }: Layout): number {
  if (!isIntraday(timeframe)) return 0;
  const { year, month } = dateOf(ts);
  return Math.floor((year * 12 + month - 1) / MONTHS[slice]);
}

function startOf(number: number, { slice }: Layout): number {
  const month = number * MONTHS[slice];
  return Date.UTC(Math.floor(month / 12), month % 12);
}

const rowsIn = (files: readonly TableFile[]): number => files.reduce((n, f) => n + f.rows, 0);
const leastFiles = (files: readonly TableFile[], { sliceRows }: Layout): number => Math.ceil(rowsIn(files) / sliceRows);

const untidy = ({ first, last, files }: Group, layout: Layout): TableFile[] =>
  first === last && files.length <= leastFiles(files, layout) ? [] : files;

const MUCH = 4;

/** From the smallest on, as long as the next is not much larger than all before it together. */
function small(files: readonly TableFile[], layout: Layout): TableFile[] {
  const chosen: TableFile[] = [];
  let rows = 0;
  for (const file of [...files].sort((a, b) => a.rows - b.rows)) {
    if (chosen.length > 0 && file.rows > MUCH * rows) break;
    chosen.push(file);
    rows += file.rows;
  }
  return chosen.length > leastFiles(chosen, layout) ? chosen : [];
}

function slicesOf(files: readonly TableFile[], layout: Layout): FileFold[] {
  const [from, to] = [Math.min(...files.map(f => f.first)), Math.max(...files.map(f => f.last)) + 1];
  if (!isIntraday(layout.timeframe)) return [{ from, to, files }];
  const folds: FileFold[] = [];
  for (let n = sliceAt(from, layout); n <= sliceAt(to - 1, layout); n++) {
    const [start, end] = [startOf(n, layout), startOf(n + 1, layout)];
    const within = files.filter(f => f.first < end && f.last >= start);
    if (within.length > 0) folds.push({ from: start, to: end, files: within });
  }
  return folds;
}
