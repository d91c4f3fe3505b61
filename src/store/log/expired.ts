/** Which versions have to stay, and what of the log goes behind a checkpoint when the others need not. */
import { idOf, type Series } from '../../model/series.js';
import { HOUR } from '../../model/timeframe.js';
import { bornOf, makeCheckpoint } from '../commit.js';
import type { House } from '../house.js';
import { openLoads } from '../loads.js';
import { checkpointPath, checksumPath, readCheckpoint } from './checkpoint.js';
import { entryPath } from './entry.js';
import { firstReadable, type LogNames, latestOf, listLog, readEntry } from './log.js';

/** How long versions stay: the newest so many, and all that were the newest within this time. */
export interface Keep {
  readonly versions: number;
  readonly ms: number;
  /** What no version names goes when it was seen so for this long: somebody may be reading it. */
  readonly graceMs: number;
}

/** The oldest version that has to stay. Found from the oldest on: a clock that went back lets nothing go. */
export async function oldestToKeep(house: House, series: Series, keep: Keep): Promise<number> {
  const id = idOf(series);
  const names = await listLog(house.objects, id);
  const last = latestOf(names) - Math.max(1, keep.versions) + 1;
  const sought = await soughtSince(house);
  const timeOf = async (version: number) => (await readEntry(house.objects, id, version)).commitInfo?.timestamp ?? Number.POSITIVE_INFINITY;
  let oldest = firstReadable(names);
  while (oldest < last && (await timeOf(oldest + 1)) <= Math.min(house.now() - keep.ms, sought)) oldest++;
  return oldest;
}

/** An open load looks for its own commits back to its birth: those stay until it is closed. */
async function soughtSince(house: House): Promise<number> {
  const { loads, unreadable } = await openLoads(house);
  const births = [...loads.map(({ load }) => load), ...unreadable].map(load => bornOf(load) ?? Number.NEGATIVE_INFINITY);
  return Math.min(Number.POSITIVE_INFINITY, ...births) - HOUR;
}

/**
 * The version from which on the log will be read: the newest checkpoint at or before the oldest version that has to stay.
 * It is older than the grace time, so that whoever listed the log before it was there has long read what he wanted.
 */
export async function baseFor(house: House, series: Series, oldest: number, keep: Keep): Promise<number> {
  const id = idOf(series);
  const names = await listLog(house.objects, id);
  const first = firstReadable(names);
  for (const version of names.checkpoints.filter(v => v > first && v <= oldest).reverse()) {
    const made = await house.objects.modified(checkpointPath(id, version));
    if (made === undefined || house.now() - made < keep.graceMs) continue;
    if (await readCheckpoint(house.objects, id, version)) return version;
  }
  return first;
}

/** Where no checkpoint lies between the first version and the oldest that has to stay, one is made: the next clean-up begins at it. */
export async function checkpointForCleanup(house: House, series: Series, oldest: number): Promise<void> {
  const names = await listLog(house.objects, idOf(series));
  const first = firstReadable(names);
  if (oldest === first) return;
  for (const version of names.checkpoints.filter(v => v > first && v <= oldest))
    if (await readCheckpoint(house.objects, idOf(series), version)) return;
  await makeCheckpoint(house, series, oldest);
}

/** Files of the log before the base, oldest first: broken off anywhere, what is left has no beginning and is passed by. */
export function logBefore(id: string, { versions, checkpoints }: LogNames, base: number): string[] {
  const entries = versions.filter(v => v < base).map(v => entryPath(id, v));
  return [...entries, ...checkpoints.filter(v => v < base).flatMap(v => [checkpointPath(id, v), checksumPath(id, v)])];
}
