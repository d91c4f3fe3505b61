/** Keeps the data folder below its bound: raw files go first, then old versions, and never anything that the newest version names. */
import { join } from 'node:path';
import { idOf, type Series } from '../model/series.js';
import type { House } from './house.js';
import { unlessGone } from './io.js';
import { openLoads } from './loads.js';
import type { Keep } from './log/expired.js';
import { usedBytes } from './room.js';
import { removeTree } from './staging.js';
import { listSeries } from './table.js';
import { vacuum } from './vacuum.js';

export interface GivenUp {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Loads whose raw files went: a repair has to ask the source again. */
  readonly raw: readonly string[];
  /** Versions that cannot be read any more, by series. */
  readonly versions: readonly { readonly series: Series; readonly versions: number }[];
  /** Series that could not be vacuumed, and why. */
  readonly failed: readonly { readonly series: Series; readonly reason: string }[];
}

/** Files of old versions still have their grace time: what is above the bound after this goes at a later run. */
export async function keepBelow(house: House, mostBytes: number, { graceMs }: Keep): Promise<GivenUp> {
  const bytesBefore = await usedBytes(house, true);
  const raw: string[] = [];
  const versions: { series: Series; versions: number }[] = [];
  const failed: { series: Series; reason: string }[] = [];
  const isAbove = async () => (await usedBytes(house, true)) > mostBytes;
  let above = bytesBefore > mostBytes;
  for (const load of above ? await closedLoads(house) : []) {
    await removeTree(house, join(house.folders.raw, load));
    raw.push(load);
    above = await isAbove();
    if (!above) break;
  }
  for (const series of above ? await listSeries(house) : []) {
    try {
      const done = await vacuum(house, series, { versions: 1, ms: 0, graceMs });
      if (done.versions > 0) versions.push({ series, versions: done.versions });
    } catch (error) {
      failed.push({ series, reason: (error as Error).message });
    }
    if (!(await isAbove())) break;
  }
  versions.sort((a, b) => (idOf(a.series) < idOf(b.series) ? -1 : 1));
  return { bytesBefore, bytesAfter: await usedBytes(house, true), raw, versions, failed };
}

/** Loads with raw files that are over, the oldest first: an id begins with the time of its birth. */
async function closedLoads(house: House): Promise<string[]> {
  const { loads, unreadable } = await openLoads(house);
  const open = new Set([...loads.map(l => l.load), ...unreadable]);
  const found = (await unlessGone(house.io.list(house.folders.raw))) ?? [];
  return found.flatMap(({ name, folder }) => (folder && !open.has(name) ? [name] : [])).sort();
}
