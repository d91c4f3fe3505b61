/** What the parts of the store share: the tables' place, the staging beside them, the seam, the clock and the frame work. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fail } from '../model/errors.js';
import type { Folded, Slice } from './folds.js';
import type { Frames } from './frames/jobs.js';
import { type Io, realIo, speaking, unlessGone } from './io.js';
import type { LogEntry } from './log/entry.js';
import type { Snapshot } from './log/snapshot.js';
import { localStore, type ObjectStore } from './object-store.js';

export interface StoreSettings {
  /** The data folder. */
  readonly root: string;
  readonly frames: Frames;
  readonly now: () => number;
  readonly io?: Io;
  /** Where tables live; the data folder's own disk unless a test says otherwise. */
  readonly objects?: ObjectStore;
  readonly checkpointEvery?: number;
  readonly sliceRows?: number;
  /** What one file of an intraday series holds after compaction. */
  readonly slice?: Slice;
  /** A second place that has to hold a version before the next one is committed. */
  readonly backup?: string;
  /** Free space that no load may use up, and the most that the data folder may hold. */
  readonly floorBytes?: number;
  readonly mostBytes?: number | null;
  /** Only to be read: nothing is made, not even a folder. */
  readonly reading?: boolean;
}

export interface House {
  readonly root: string;
  readonly objects: ObjectStore;
  readonly io: Io;
  readonly frames: Frames;
  readonly now: () => number;
  readonly checkpointEvery: number;
  readonly sliceRows: number;
  readonly slice: Slice;
  readonly floorBytes: number;
  readonly mostBytes: number | null;
  readonly backup: string | undefined;
  readonly folders: Folders;
  /** What was read and proved before; a version never changes. */
  readonly seen: Map<string, Snapshot>;
  readonly entries: Map<string, LogEntry>;
  /** How much the data folder held when it was last counted. */
  readonly used: Map<string, { readonly bytes: number; readonly at: number }>;
  /** What compactions under way have folded, by their order. */
  readonly folded: Map<string, Folded>;
  /** Files proved by their SHA-256 a short while ago, and the stamp they had. */
  readonly proved: Map<string, { readonly stamp: string; readonly until: number }>;
}

/** All that is not a table lies here, on the same disk as the tables. */
export interface Folders {
  readonly staging: string;
  readonly temp: string;
  readonly pages: string;
  readonly raw: string;
  readonly candidates: string;
  /** Raw files of bars that were refused. */
  readonly quarantine: string;
  readonly loads: string;
}

export const foldersOf = (root: string): Folders => {
  const staging = join(root, '.tapekeep');
  const below = (name: string) => join(staging, name);
  return {
    staging,
    temp: below('temp'),
    pages: below('pages'),
    raw: below('raw'),
    candidates: below('candidates'),
    quarantine: below('quarantine'),
    loads: below('loads'),
  };
};

export async function openHouse(settings: StoreSettings): Promise<House> {
  const io = settings.io ?? realIo;
  const folders = foldersOf(settings.root);
  if (!settings.reading) {
    for (const folder of Object.values(folders)) await speaking('mkdir', folder, () => io.makeFolder(folder));
    await refuseOtherDisk(io, settings.root, folders);
  }
  return {
    root: settings.root,
    objects: settings.objects ?? localStore(settings.root, folders.temp, io),
    io,
    frames: settings.frames,
    now: settings.now,
    checkpointEvery: settings.checkpointEvery ?? 100,
    sliceRows: settings.sliceRows ?? 1_048_576,
    slice: settings.slice ?? 'year',
    floorBytes: settings.floorBytes ?? 0,
    mostBytes: settings.mostBytes ?? null,
    backup: settings.backup,
    folders,
    seen: new Map(),
    entries: new Map(),
    used: new Map(),
    folded: new Map(),
    proved: new Map(),
  };
}

/** A name can only be given by link(2) within one disk. */
async function refuseOtherDisk(io: Io, root: string, folders: Folders): Promise<void> {
  const { device } = await speaking('stat', root, () => io.facts(root));
  for (const folder of Object.values(folders)) {
    if ((await speaking('stat', folder, () => io.facts(folder))).device !== device) throw fail('STAGING_ELSEWHERE', { folder });
  }
}

/** A load's own folder; its id comes from outside, so it is checked before it becomes a path. */
export function folderOfLoad(parent: string, load: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(load)) throw fail('USAGE', { reason: `${JSON.stringify(load.slice(0, 80))} is not the id of a load` });
  return join(parent, load);
}

export const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Of a file that may be gone, or never was. */
export const readIfThere = (house: House, file: string): Promise<Uint8Array | undefined> =>
  speaking('read', file, () => unlessGone(house.io.read(file)));
