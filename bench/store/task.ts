/** What is measured, by whom, and how a result is written. */
export const BENCHES = ['create', 'bytes', 'read_day', 'read_all', 'verify', 'append1k', 'replace500', 'insert10k', 'open1000'] as const;
export type Bench = (typeof BENCHES)[number];

/** `limit` is the bare cost of the same: bytes made durable, or polars reading the same files. */
export type Peer = 'tapekeep' | 'limit';

export interface Task {
  readonly bench: Bench;
  readonly n: number;
  /** Holds the table that `create` made; later tasks of the same n go on with it. */
  readonly root: string;
  readonly runs: number;
  /** Of the table that `open1000` opens; other systems always make a thousand. */
  readonly commits: number;
}

/** Times of the runs, and how many bytes one run wrote or read. */
export interface Measured {
  readonly times: readonly number[];
  readonly bytes: number;
}

/** Questions that a peer has no answer to are left out. */
export type Answers = Partial<Record<Bench, (task: Task) => Promise<Measured>>>;

export interface Line {
  readonly bench: Bench;
  readonly peer: string;
  readonly n: number;
  readonly ms_median: number;
  readonly ms_min: number;
  readonly bytes: number;
  readonly rss_mb: number;
}

const round = (ms: number): number => Math.round(ms * 100) / 100;

export function lineOf({ bench, n }: Task, peer: string, { times, bytes }: Measured, rssMb: number): Line {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? Number.NaN;
  return { bench, peer, n, ms_median: round(median), ms_min: round(sorted[0] ?? Number.NaN), bytes, rss_mb: Math.round(rssMb) };
}

/** One warm-up, then the runs. `prepare` is not measured. */
export async function timed<T>(runs: number, prepare: (run: number) => Promise<T> | T, work: (ready: T) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const ready = await prepare(run);
    const start = performance.now();
    await work(ready);
    if (run > 0) times.push(performance.now() - start);
  }
  return times;
}
