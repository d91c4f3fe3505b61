/** Room on the disk: what work may need is compared with what is free before it begins, and the data folder has its bound. */
import { join } from 'node:path';
import { fail } from '../model/errors.js';
import type { Series } from '../model/series.js';
import type { House } from './house.js';
import { speaking, unlessGone } from './io.js';
import { bytesOf, rowsOf } from './log/snapshot.js';
import { findTable } from './table.js';

/** How long a count of the whole folder is good for. */
const COUNTED_MS = 60_000;
/** A page holds a bar as it came, uncompressed. */
const PAGE_BYTES = 90;
/** Where nothing is stored yet that could be measured. */
const USUAL_BYTES = 40;
/** After so long it is looked at again. */
const AGAIN_MS = 10_000;

/**
 * Raises DISK_LOW when so many bars of a series may not fit: their pages, their raw file, and the file that takes them in.
 * `atOnce`: how many of them are in staging at the same time.
 */
export async function requireRoom(house: House, series: Series, what: string, bars: number, atOnce = bars): Promise<void> {
  const stored = (await findTable(house, series))?.snapshot;
  const rows = stored ? rowsOf(stored) : 0;
  const bytes = rows > 0 && stored ? bytesOf(stored) / rows : USUAL_BYTES;
  await requireBytes(house, what, Math.ceil(bars * bytes + Math.min(bars, atOnce) * (bytes + PAGE_BYTES)));
}

/** Raises DISK_LOW when so many bytes may not fit. */
export async function requireBytes(house: House, what: string, needs: number): Promise<void> {
  const refuse = (room: string, setting: string) => fail('DISK_LOW', { what, needs: megabytes(needs), room, setting, waitMs: AGAIN_MS });
  const free = await freeBytes(house);
  if (free - needs < house.floorBytes)
    throw refuse(`${megabytes(free)} are free on the disk`, `disk.floor keeps ${megabytes(house.floorBytes)}`);
  if (house.mostBytes === null) return;
  const used = await usedBytes(house);
  if (used + needs > house.mostBytes)
    throw refuse(`the data folder holds ${megabytes(used)}`, `CACHE_MAX_SIZE_GB allows ${megabytes(house.mostBytes)}`);
}

export const freeBytes = (house: House): Promise<number> => speaking('stat', house.root, () => house.io.room(house.root));

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** All files of the data folder, counted anew every minute, or when it is asked for. */
export async function usedBytes(house: House, anew = false): Promise<number> {
  const known = house.used.get(house.root);
  if (known && !anew && house.now() - known.at < COUNTED_MS && house.now() >= known.at) return known.bytes;
  const bytes = await sizeOfTree(house, house.root);
  house.used.set(house.root, { bytes, at: house.now() });
  return bytes;
}

/** What goes while it is counted counts nothing. */
async function sizeOfTree(house: House, folder: string): Promise<number> {
  let bytes = 0;
  for (const { name, folder: isFolder } of (await unlessGone(house.io.list(folder))) ?? []) {
    const path = join(folder, name);
    bytes += isFolder ? await sizeOfTree(house, path) : ((await unlessGone(house.io.facts(path)))?.size ?? 0);
  }
  return bytes;
}
