/** Frame work that falls into parts which know nothing of each other, given to as many frame children as there are. */
import { dateOf, isIntraday, type Timeframe } from '../../model/timeframe.js';
import type { Candidate, Counts, Frames, Input, Merged, MergeJob, Validated, ValidateJob } from './jobs.js';

/** Bars that meet nothing are merged slice by slice: slices of different years may be worked on at the same time. */
export async function mergeInParts(frames: Pick<Frames, 'merge'>, job: MergeJob): Promise<Merged> {
  const groups = job.files.length > 0 || (job.corrected ?? []).length > 0 ? [] : groupsOf(job.inputs, job.timeframe);
  if (groups.length < 2) return frames.merge(job);
  const { everyRow, ...rest } = job;
  const parts = await Promise.all(
    groups.map((inputs, i) => frames.merge({ ...rest, inputs, ...(everyRow && { everyRow: i === 0 ? everyRow : { refused: [] } }) })),
  );
  const quarantine = parts.flatMap(part => part.quarantine ?? []);
  // One version has one file of rows that were set aside.
  if (quarantine.length > 1) return frames.merge(job);
  return {
    candidates: parts.flatMap(part => part.candidates),
    counts: parts.map(part => part.counts).reduce(plus),
    quarantine: quarantine[0] ?? null,
    refused: parts.flatMap(part => part.refused),
    overruled: parts.flatMap(part => part.overruled ?? []),
  };
}

/** Inputs in time order, those that reach into one slice together. */
function groupsOf(inputs: readonly Input[], timeframe: Timeframe): Input[][] {
  if (!isIntraday(timeframe)) return [];
  const groups: Input[][] = [];
  let year = Number.NEGATIVE_INFINITY;
  for (const input of inputs.filter(i => i.rows > 0).sort((a, b) => a.first - b.first)) {
    if (dateOf(input.first).year > year) groups.push([]);
    groups.at(-1)?.push(input);
    year = Math.max(year, dateOf(input.last).year);
  }
  return groups;
}

export const plus = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(Object.entries(a).map(([name, n]) => [name, n + b[name as keyof Counts]])) as unknown as Counts;

/** Files that no other reaches into are read back apart from each other. */
export async function validateInParts(frames: Pick<Frames, 'validate'>, job: ValidateJob): Promise<Validated> {
  const sorted = [...job.candidates].sort((a, b) => a.first - b.first);
  const apart = job.beside.length === 0 && sorted.every((c, i) => i === 0 || c.first > (sorted[i - 1] as Candidate).last);
  if (!apart) return frames.validate(job);
  const parts = await Promise.all(sorted.map(candidate => frames.validate({ ...job, candidates: [candidate] })));
  return { rows: parts.reduce((n, part) => n + part.rows, 0) };
}
