/** New bars and the table's own, made into candidate files: new bars beside the old, rewritten files only where bars are replaced. */
import { type Bar, type Bars, concatBars, countOf, emptyBars, sliceBars, takeBars, toRows } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { contains, type Interval, intersect, interval, isEmpty, toSet } from '../../model/interval.js';
import { dateOf, isIntraday, type Timeframe } from '../../model/timeframe.js';
import type { Io } from '../io.js';
import { readSealed, writeByContent } from './files.js';
import {
  type Candidate,
  type Counts,
  type Held,
  type Input,
  type Merged,
  type MergeJob,
  NO_COUNTS,
  type QuarantinedBar,
  type RefusedLine,
} from './jobs.js';
import { judged, lostOf, refuseRestated } from './judge.js';
import { inOrder, inRuns, meet, withReplaced } from './merge-bars.js';
import { factsOf, type PageFacts, readPages } from './pages.js';
import { readBars, writeBars } from './parquet.js';

/** A run of bars that came in together, read only when its slice is due. */
interface Chunk extends PageFacts {
  readonly read: () => Promise<Bars> | Bars;
}

const sliceFor = (timeframe: Timeframe) => (isIntraday(timeframe) ? (ts: number) => dateOf(ts).year : () => 0);

export async function merge(io: Io, job: MergeJob): Promise<Merged> {
  const found: Chunk[] = [];
  for (const input of job.inputs) found.push(...(await chunksOf(io, input)));
  const chunks = keepingLast(found);
  const touched = new Map<string, Bars>();
  const candidates: Candidate[] = [];
  const aside: QuarantinedBar[] = [];
  const refused: Interval[] = [];
  const overruled: Bar[] = [];
  let counts = NO_COUNTS;
  for (const slice of slicesOf(chunks, job)) {
    const done = await mergeSlice(io, job, chunks, slice, touched);
    candidates.push(...done.candidates);
    aside.push(...done.aside);
    refused.push(...done.refused);
    overruled.push(...done.overruled);
    counts = plus(counts, done.counts);
  }
  for (const [path, bars] of touched) candidates.push(await written(io, job, bars, path));
  const lines = job.everyRow?.refused ?? [];
  counts = { ...counts, quarantined: counts.quarantined + lines.length };
  return { candidates, counts, quarantine: await keptAside(io, job, [...aside, ...lines]), refused: toSet(refused), overruled };
}

async function keptAside(io: Io, job: MergeJob, bars: readonly (QuarantinedBar | RefusedLine)[]): Promise<Merged['quarantine']> {
  if (bars.length === 0) return null;
  const lines = bars.map(bar => `${JSON.stringify(bar)}\n`).join('');
  return { ...(await writeByContent(io, job.outFolder, 'jsonl', new TextEncoder().encode(lines))), rows: bars.length };
}

/** The slices that new bars fall in, as ranges of `ts`. */
function slicesOf(chunks: readonly Chunk[], job: MergeJob): { from: number; to: number }[] {
  const slice = sliceFor(job.timeframe);
  const years = new Set<number>();
  for (const c of chunks) if (c.rows > 0) for (let y = slice(c.first); y <= slice(c.last); y++) years.add(y);
  if (!isIntraday(job.timeframe)) return years.size > 0 ? [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }] : [];
  return [...years].sort((a, b) => a - b).map(year => ({ from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) }));
}

async function mergeSlice(
  io: Io,
  job: MergeJob,
  chunks: readonly Chunk[],
  slice: { from: number; to: number },
  touched: Map<string, Bars>,
) {
  const parts: Bars[] = [];
  for (const c of chunks) if (c.rows > 0 && c.first < slice.to && c.last >= slice.from) parts.push(within(await c.read(), slice));
  const came = parts.length === 1 ? (parts[0] as Bars) : concatBars(parts);
  const ordered = inOrder(came, job.rule);
  const { good: whole, aside: bad, refused } = judged(ordered.bars, job);
  const { good, overruled } = withoutCorrected(whole, job);
  const met = mayMeet(job, good) ? await meetTable(io, job, good, touched) : { ...UNMET, news: good };
  const aside = job.everyRow ? [...bad, ...lostOf(takeBars(came, ordered.lost), 'double'), ...lostOf(met.losers, 'differs')] : bad;
  const candidates: Candidate[] = [];
  for (const run of inRuns(met.news, job.sliceRows)) candidates.push(await written(io, job, run, null));
  const counts: Counts = {
    offered: countOf(came),
    added: countOf(met.news),
    replaced: met.replaced,
    unchanged: met.unchanged + ordered.equal,
    kept: met.kept + overruled.length,
    conflicts: ordered.unequal,
    compared: met.replaced + met.unchanged + met.kept + overruled.length,
    quarantined: aside.length,
  };
  return { candidates, counts, aside, refused, overruled };
}

/** What a person corrected stays as it is; what came for it is remembered. */
function withoutCorrected(bars: Bars, { corrected = [] }: MergeJob): { good: Bars; overruled: readonly Bar[] } {
  const kept = new Set(corrected.filter(ts => bars.ts[lowerBound(bars.ts, ts)] === ts));
  if (kept.size === 0) return { good: bars, overruled: [] };
  const rows = Array.from(bars.ts.keys());
  const isKept = (row: number) => kept.has(bars.ts[row] as number);
  return {
    good: takeBars(
      bars,
      rows.filter(row => !isKept(row)),
    ),
    overruled: toRows(takeBars(bars, rows.filter(isKept))),
  };
}

const UNMET = { replaced: 0, unchanged: 0, kept: 0, losers: emptyBars() };

const mayMeet = (job: MergeJob, { ts }: Bars): boolean =>
  ts.length > 0 && !isEmpty(intersect(job.held, [interval(ts[0] as number, (ts.at(-1) as number) + 1)]));

/** Sorts new bars into those the table lacks and those it has; files with replaced bars end up in `touched`. */
async function meetTable(io: Io, job: MergeJob, news: Bars, touched: Map<string, Bars>) {
  let open: readonly number[] = Array.from(news.ts.keys());
  const apart = open.filter(row => !contains(job.held, news.ts[row] as number));
  let replaced = 0;
  let unchanged = 0;
  const kept: number[] = [];
  if (apart.length < open.length) {
    open = open.filter(row => contains(job.held, news.ts[row] as number));
    for (const held of overlapping(job.files, news, open)) {
      const there = touched.get(held.path) ?? (await readHeld(io, held));
      const met = meet(news, open, there, job.rule);
      if (met.replacing.length > 0) {
        refuseRestated(there, takeBars(news, open), job);
        touched.set(held.path, withReplaced(there, news, met.replacing));
      }
      replaced += met.replacing.length;
      unchanged += met.unchanged;
      kept.push(...met.kept);
      open = met.added;
    }
  } else open = [];
  const added = [...apart, ...open].sort((a, b) => a - b);
  return { news: takeBars(news, added), replaced, unchanged, kept: kept.length, losers: takeBars(news, kept) };
}

const overlapping = (files: readonly Held[], news: Bars, rows: readonly number[]): readonly Held[] => {
  const first = news.ts[rows[0] ?? 0] as number;
  const last = news.ts[rows.at(-1) ?? 0] as number;
  return files.filter(f => f.first <= last && f.last >= first);
};

const readHeld = async (io: Io, held: Held): Promise<Bars> => readBars(await readSealed(io, held));

async function written(io: Io, job: MergeJob, bars: Bars, replaces: string | null): Promise<Candidate> {
  return { ...(await writeByContent(io, job.outFolder, 'parquet', writeBars(bars))), ...factsOf(bars), replaces };
}

async function chunksOf(io: Io, input: Input): Promise<Chunk[]> {
  if (input.kind === 'raw')
    return [{ rows: input.rows, first: input.first, last: input.last, read: async () => readBars(await readSealed(io, input)) }];
  return [...readPages(await readSealed(io, input), true)].map(page => ({ ...page.facts, read: page.bars }));
}

/** The chunk read last is kept: where a slice ends in the middle of a chunk, the next one begins with it. */
function keepingLast(chunks: readonly Chunk[]): Chunk[] {
  let last: { readonly of: Chunk; readonly bars: Bars } | undefined;
  const read = async (chunk: Chunk): Promise<Bars> => {
    if (last?.of !== chunk) last = { of: chunk, bars: await chunk.read() };
    return last.bars;
  };
  return chunks.map(chunk => ({ ...chunk, read: () => read(chunk) }));
}

/** The bars of one slice: a view where they lie together, as they do in an answer that is in order. */
function within(bars: Bars, slice: { from: number; to: number }): Bars {
  const rows: number[] = [];
  const { ts } = bars;
  let start = 0;
  while (start < ts.length && !isIn(slice, ts[start] as number)) start++;
  let end = start;
  while (end < ts.length && isIn(slice, ts[end] as number)) end++;
  for (let i = end; i < ts.length; i++) if (isIn(slice, ts[i] as number)) rows.push(i);
  if (rows.length === 0) return sliceBars(bars, start, end);
  return concatBars([sliceBars(bars, start, end), takeBars(bars, rows)]);
}

const isIn = (slice: { from: number; to: number }, ts: number): boolean => ts >= slice.from && ts < slice.to;

const plus = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(Object.entries(a).map(([name, n]) => [name, n + b[name as keyof Counts]])) as unknown as Counts;
