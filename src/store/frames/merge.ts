/** New bars and the table's own, made into candidate files: new bars beside the old, rewritten files only where bars are replaced. */
import { addAll } from '../../model/add-all.js';
import { type Bar, type Bars, concatBars, countOf, emptyBars, takeBars, toRows } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { contains, type Interval, intersect, interval, isEmpty, toSet } from '../../model/interval.js';
import type { Io } from '../io.js';
import { type Chunk, type Chunks, chunksOf, within } from './chunks.js';
import { readSealed, writeByContent } from './files.js';
import { barsOf } from './frame.js';
import { plus } from './in-parts.js';
import { type Candidate, type Counts, type Held, type Merged, type MergeJob, NO_COUNTS, type QuarantinedBar, type Sealed } from './jobs.js';
import { judged, lostOf, refuseRestated } from './judge.js';
import { forgetWritten, keepWritten } from './just-written.js';
import { inOrder, inRuns, meet, withReplaced } from './merge-bars.js';
import { factsOf } from './pages.js';
import { readFrame } from './read-frame.js';
import { type SliceOfTime, slicesOf } from './slices.js';
import { type Lined, linesOf, withWhereabouts } from './whereabouts.js';
import { writeBars } from './write-parquet.js';

export async function merge(io: Io, job: MergeJob): Promise<Merged> {
  forgetWritten();
  const chunks = await chunksOf(io, job.inputs);
  const touched = new Map<string, Bars>();
  const candidates: Candidate[] = [];
  const aside: QuarantinedBar[] = [];
  const refused: Interval[] = [];
  const overruled: Bar[] = [];
  let counts = NO_COUNTS;
  const write = async (bars: Bars, replaces: string | null): Promise<void> => {
    const written = await writeByContent(io, job.outFolder, 'parquet', await writeBars(bars));
    keepWritten(written.file, bars);
    candidates.push({ ...written, ...factsOf(bars), replaces });
  };
  // What one slice needed is let go before the next one is read.
  const one = async (slice: SliceOfTime): Promise<void> => {
    const done = await mergeSlice(io, job, chunks, slice, touched);
    chunks.letGo(slice);
    addAll(aside, done.aside);
    addAll(refused, done.refused);
    addAll(overruled, done.overruled);
    counts = plus(counts, done.counts);
    for (const run of inRuns(done.news, job.sliceRows)) await write(run, null);
  };
  for (const slice of slicesOf(chunks.all, job.timeframe)) await one(slice);
  for (const [path, bars] of touched) await write(bars, path);
  const quarantine = await keptAside(io, job, aside);
  counts = { ...counts, quarantined: quarantine?.rows ?? 0 };
  return { candidates, counts, quarantine, refused: toSet(refused), overruled };
}

/** Bars that were set aside, and behind them the rows that were none. */
async function keptAside(io: Io, job: MergeJob, bars: readonly QuarantinedBar[]): Promise<Merged['quarantine']> {
  const refused = job.everyRow?.refused ?? [];
  const rows = bars.length + refused.reduce((n, lines) => n + lines.rows, 0);
  if (rows === 0) return null;
  const parts: Uint8Array[] = [new TextEncoder().encode(bars.map(bar => `${JSON.stringify(bar)}\n`).join(''))];
  for (const lines of refused) parts.push(await readSealed(io, lines));
  return { ...(await writeByContent(io, job.outFolder, 'jsonl', Buffer.concat(parts))), rows };
}

async function mergeSlice(io: Io, job: MergeJob, chunks: Chunks, slice: SliceOfTime, touched: Map<string, Bars>) {
  const due = chunks.all.filter(c => c.first < slice.to && c.last >= slice.from);
  const parts: Bars[] = [];
  for (const c of due) parts.push(within(await c.read(), c, slice));
  const came = parts.length === 1 ? (parts[0] as Bars) : concatBars(parts);
  const ordered = inOrder(came, job.rule);
  const { good: whole, aside: bad, refused } = judged(ordered.bars, job);
  const { good, overruled } = withoutCorrected(whole, job);
  const met = mayMeet(job, good) ? await meetTable(io, job, good, touched) : { ...UNMET, news: good };
  const lost = job.everyRow ? [...lostOf(takeBars(came, ordered.lost), 'double'), ...lostOf(met.losers, 'differs')] : [];
  const aside = await placed(io, job, [...bad, ...lost], due);
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
  return { news: met.news, counts, aside, refused, overruled };
}

/** Where in their file they stood. */
async function placed(
  io: Io,
  job: MergeJob,
  aside: readonly QuarantinedBar[],
  chunks: readonly Chunk[],
): Promise<readonly QuarantinedBar[]> {
  if (aside.length === 0 || !job.everyRow) return aside;
  const came: Lined[] = [];
  for (const { lines, read } of chunks) if (lines) came.push({ bars: await read(), lines: await linesOf(io, lines) });
  return withWhereabouts(aside, came, job.everyRow.columns ?? {});
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
  const apart: number[] = [];
  let open: number[] = [];
  for (let row = 0; row < countOf(news); row++) (contains(job.held, news.ts[row] as number) ? open : apart).push(row);
  let replaced = 0;
  let unchanged = 0;
  const kept: number[] = [];
  for (const held of open.length > 0 ? overlapping(job.files, news, open) : []) {
    const there = touched.get(held.path) ?? (await readHeld(io, held));
    const met = meet(news, open, there, job.rule);
    if (met.replacing.length > 0) {
      refuseRestated(there, takeBars(news, open), job);
      touched.set(held.path, withReplaced(there, news, met.replacing));
    }
    replaced += met.replacing.length;
    unchanged += met.unchanged;
    addAll(kept, met.kept);
    open = met.added;
  }
  const added = open.length > 0 ? [...apart, ...open].sort((a, b) => a - b) : apart;
  return { news: takeBars(news, added), replaced, unchanged, kept: kept.length, losers: takeBars(news, kept) };
}

const overlapping = (files: readonly Held[], news: Bars, rows: readonly number[]): readonly Held[] => {
  const first = news.ts[rows[0] ?? 0] as number;
  const last = news.ts[rows.at(-1) ?? 0] as number;
  return files.filter(f => f.first <= last && f.last >= first);
};

const readHeld = async (io: Io, sealed: Sealed): Promise<Bars> => barsOf(readFrame(await readSealed(io, sealed)));
