/** Files of whole calendar pieces, in UTC, that a source lays down for the past, and which of them serve a gap. */
import type { Calendar } from './calendar.js';
import { type Interval, type IntervalSet, interval } from './interval.js';
import { barStart, nextBar, type Timeframe } from './timeframe.js';

export interface Archive {
  /** What it is called in a plan: archive-month. */
  readonly part: string;
  readonly covers: 'month' | 'day';
  readonly timeframes: readonly Timeframe[];
  /** How long after the end of a piece its file may take. */
  readonly lagMs: number;
}

/** One that was read, by the checksum that was proved: sources correct their files later. */
export interface ArchiveFile {
  readonly name: string;
  readonly sha256: string;
}

export interface ArchivedPiece extends Interval {
  readonly part: string;
  readonly bars: number;
}

/** The file, its checksum, and a page to hold it against. */
export const REQUESTS_OF_A_FILE = 3;

/** The pieces of the gaps that files serve, the largest files first. A file is worth its requests where it spares more than one page. */
export function archivedIn(
  gaps: IntervalSet,
  archives: readonly Archive[],
  timeframe: Timeframe,
  calendar: Calendar,
  pageBars: number,
  now: number,
): ArchivedPiece[] {
  const [archive, ...smaller] = archives;
  if (!archive) return [];
  const { part, covers, lagMs } = archive;
  const step = covers === 'month' ? '1mo' : '1d';
  const out: ArchivedPiece[] = [];
  let rest: Interval[] = [];
  const leave = (left: Interval): void => {
    const last = rest.at(-1);
    if (last && last.to === left.from) rest = [...rest.slice(0, -1), interval(last.from, left.to)];
    else rest.push(left);
  };
  for (const gap of gaps) {
    for (let start = barStart(gap.from, step); start < gap.to; start = nextBar(start, step)) {
      const end = nextBar(start, step);
      const within = interval(Math.max(start, gap.from), Math.min(end, gap.to));
      const bars = end + lagMs <= now && archive.timeframes.includes(timeframe) ? calendar.count(within, timeframe) : 0;
      if (bars > pageBars) out.push({ ...within, part, bars });
      else leave(within);
    }
  }
  return [...out, ...archivedIn(rest, smaller, timeframe, calendar, pageBars, now)].sort((a, b) => a.from - b.from);
}

/** Neighbours of one part as one, up to so many bars; a file alone may have more. */
export function grouped(pieces: readonly ArchivedPiece[], mostBars: number): (ArchivedPiece & { readonly files: number })[] {
  const out: (ArchivedPiece & { files: number })[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last && last.part === piece.part && last.to === piece.from && last.bars + piece.bars <= mostBars)
      out[out.length - 1] = { ...last, to: piece.to, bars: last.bars + piece.bars, files: last.files + 1 };
    else out.push({ ...piece, files: 1 });
  }
  return out;
}
