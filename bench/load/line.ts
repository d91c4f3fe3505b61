/** What is measured of loads, and how a result is written. */
export type Bench = 'load' | 'load_nothing' | 'daemon_start' | 'progress_cost';

export interface Line {
  readonly bench: Bench;
  /** `limit` is the bare cost of the same, where there is one. */
  readonly peer: string;
  readonly n: number;
  readonly ms_median: number;
  readonly ms_min: number;
  readonly bytes: number;
  /** Of all processes that were measured together. */
  readonly rss_mb: number;
  /** Peak of the daemon's own process, and of its frame children taken together. */
  readonly worker_mb?: number;
  readonly frames_mb?: number;
  /** To the median of the peer `limit` beside it. */
  readonly ratio?: number;
}

const round = (n: number): number => Math.round(n * 100) / 100;

export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export interface Measured {
  readonly times: readonly number[];
  readonly bytes?: number;
  readonly rssMb?: number;
  readonly workerMb?: number;
  readonly framesMb?: number;
}

export function lineOf(bench: Bench, peer: string, n: number, { times, bytes = 0, rssMb, workerMb, framesMb }: Measured): Line {
  return {
    bench,
    peer,
    n,
    ms_median: round(medianOf(times)),
    ms_min: round(Math.min(...times)),
    bytes,
    rss_mb: Math.round(rssMb ?? (workerMb ?? 0) + (framesMb ?? 0)),
    ...(workerMb !== undefined && { worker_mb: Math.round(workerMb) }),
    ...(framesMb !== undefined && { frames_mb: Math.round(framesMb) }),
  };
}

export const withRatio = (line: Line, limit: Line): Line => ({ ...line, ratio: round(line.ms_median / limit.ms_median) });

const COLUMNS = ['bench', 'peer', 'n', 'ms_median', 'ms_min', 'bytes', 'rss_mb', 'worker_mb', 'frames_mb', 'ratio'] as const;
const WIDTHS = [14, 13, 9, 11, 11, 12, 8, 11, 11, 7];
const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i] as number) : String(cell).padStart(WIDTHS[i] as number))).join('');

export const HEAD = row(COLUMNS);
export const rowOf = (line: Line): string => row(COLUMNS.map(c => line[c] ?? '–'));
