/** The folder of a backup: laid out like a data folder, so that whatever reads tables reads the copies. */
import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fail } from '../../model/errors.js';
import { type Io, speaking, unlessGone } from '../io.js';
import { localStore, type ObjectStore } from '../object-store.js';

export interface Place {
  readonly folder: string;
  readonly objects: ObjectStore;
}

/** Beside the tables: what was copied and proved, and files that are being written. */
export const BESIDE = '.tapekeep';

/** A place to write to; in a dry run nothing is made. Neither of the two folders may lie in the other: a copy of the copy would never end. */
export async function openPlace(io: Io, data: string, folder: string, dryRun = false): Promise<Place> {
  if (!isAbsolute(folder)) throw fail('BACKUP_UNFIT', { folder, reason: 'its path does not begin at the root' });
  const [place, root] = [await realOf(folder), await realOf(data)];
  if (isWithin(place, root) || isWithin(root, place))
    throw fail('BACKUP_UNFIT', { folder, reason: 'it and the data folder lie in each other' });
  const temp = join(place, BESIDE, 'temp');
  await refuseLinks(place, `${BESIDE}/temp`);
  if (!dryRun) await speaking('mkdir', temp, () => io.makeFolder(temp));
  return { folder: place, objects: localStore(place, temp, io) };
}

/** A place to read from; nothing is made. */
export async function readPlace(io: Io, folder: string): Promise<Place> {
  const place = await realOf(folder);
  return { folder: place, objects: localStore(place, join(place, BESIDE, 'temp'), io) };
}

/** A link below the folder would lead what is written somewhere else. */
export async function refuseLinks(folder: string, path: string): Promise<void> {
  let at = folder;
  for (const part of path.split('/')) {
    at = join(at, part);
    const facts = await speaking('stat', at, () => unlessGone(lstat(at)));
    if (!facts) return;
    if (!facts.isDirectory()) throw fail('BACKUP_UNFIT', { folder, reason: `${at} is no folder of its own` });
  }
}

const isWithin = (inner: string, outer: string): boolean => {
  const path = relative(outer, inner);
  return path === '' || (!path.startsWith('..') && !isAbsolute(path));
};

/** The real path of what is there of a path, with the rest of it. */
async function realOf(path: string): Promise<string> {
  const full = resolve(path);
  const real = await unlessGone(realpath(full));
  if (real !== undefined) return real;
  return dirname(full) === full ? full : join(await realOf(dirname(full)), relative(dirname(full), full));
}
