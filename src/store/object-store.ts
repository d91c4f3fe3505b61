/**
 * Where tables live: a small port that a local disk, memory and (later) S3 can all keep. Paths are relative,
 * with slashes, and made by us from escaped names.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fail } from '../model/errors.js';
import { type Entry, type Io, realIo, speaking, unlessGone } from './io.js';
import { linkIfAbsent, putIfAbsent, replaceFile } from './publish.js';

export interface ObjectStore {
  /** The bytes, or FILE_MISSING. */
  read(path: string): Promise<Uint8Array>;
  size(path: string): Promise<number | undefined>;
  /** When it was last written; undefined: it is not there. */
  modified(path: string): Promise<number | undefined>;
  /** What lies directly in a folder, by name; a folder that is not there is empty. */
  list(folder: string): Promise<Entry[]>;
  /** Whole and durable under this name, unless somebody was first. */
  putIfAbsent(path: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  /** The same for a finished, durable file of this machine's staging folder. */
  adopt(localFile: string, path: string): Promise<'created' | 'exists'>;
  /** Overwrites: only for hints that can be made again, and in place of a damaged file named by its content. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  /** Ends when what is seen under this name is durable: whoever put it may have died before the last sync. */
  settle(path: string): Promise<void>;
  /** A file of this machine with the object's bytes, for a reader that wants a file name. */
  localFile(path: string): Promise<string>;
}

/** Tables on a local disk. `staging` must be on the same disk: names are given by link(2). */
export function localStore(root: string, staging: string, io: Io = realIo): ObjectStore {
  const top = resolve(root);
  const at = (path: string) => join(top, path);
  const made = new Set<string>([top]);
  // A new folder is only there after a power loss when its parent was synced. That it is there now proves nothing:
  // the process that made it may have died before the sync.
  const makeDurably = async (folder: string): Promise<void> => {
    if (made.has(folder)) return;
    await makeDurably(dirname(folder));
    await io.makeFolder(folder);
    await io.syncFolder(dirname(folder));
    made.add(folder);
  };
  const inside = folderGuard(top, io, folder => made.delete(folder));
  const ready = async (path: string): Promise<void> => {
    await inside(dirname(at(path)), true);
    await speaking('mkdir', dirname(at(path)), () => makeDurably(dirname(at(path))));
  };
  const within = async (path: string): Promise<string> => {
    await inside(dirname(at(path)));
    return at(path);
  };
  return {
    read: async path => {
      const file = await within(path);
      return speaking('read', file, () => io.read(file));
    },
    size: async path => (await speaking('stat', at(path), () => unlessGone(io.facts(at(path)))))?.size,
    modified: async path => (await speaking('stat', at(path), () => unlessGone(io.facts(at(path)))))?.modified,
    async list(folder) {
      await inside(at(folder));
      return listFolder(io, at(folder));
    },
    async putIfAbsent(path, bytes) {
      await ready(path);
      return putIfAbsent(io, staging, at(path), bytes);
    },
    async adopt(localFile, path) {
      await ready(path);
      return linkIfAbsent(io, localFile, at(path));
    },
    async put(path, bytes) {
      await ready(path);
      await replaceFile(io, staging, at(path), bytes);
    },
    async remove(path) {
      const file = await within(path);
      await speaking('remove', file, () => io.remove(file));
    },
    async settle(path) {
      await ready(path);
      await speaking('sync', at(path), () => io.syncFolder(dirname(at(path))));
    },
    localFile: within,
  };
}

/** How long a reader takes a folder that was looked at for what it was; a writer looks each time. */
const LOOKED_MS = 1_000;

/**
 * Nothing is followed out of the data folder: a folder below it that is a link is refused, for reading as for writing.
 * One that was removed is told of, so that it is made again.
 */
function folderGuard(top: string, io: Io, gone: (folder: string) => void): (folder: string, anew?: boolean) => Promise<void> {
  const looked = new Map<string, number>();
  const look = async (folder: string, anew = false): Promise<void> => {
    if (folder === top) return;
    if (!anew && performance.now() - (looked.get(folder) ?? Number.NEGATIVE_INFINITY) < LOOKED_MS) return;
    await look(dirname(folder), anew);
    const kind = await io.kind?.(folder);
    if (kind === 'link')
      throw fail('DISK_REFUSED', { op: 'open', file: folder, reason: 'it is a link, and nothing is followed out of the data folder' });
    if (kind === 'nothing') gone(folder);
    else looked.set(folder, performance.now());
  };
  return look;
}

async function listFolder(io: Io, folder: string): Promise<Entry[]> {
  const entries = (await speaking('list', folder, () => unlessGone(io.list(folder)))) ?? [];
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Tables in memory: for tests, under the same contract as the disk. */
export function memoryStore(): ObjectStore & { close(): Promise<void> } {
  const objects = new Map<string, Uint8Array>();
  let copies: string | undefined;
  const read = async (path: string) => {
    const bytes = objects.get(path);
    if (!bytes) throw fail('FILE_MISSING', { file: path });
    return bytes;
  };
  const putNew = async (path: string, bytes: Uint8Array) => {
    if (objects.has(path)) return 'exists' as const;
    objects.set(path, Uint8Array.from(bytes));
    return 'created' as const;
  };
  return {
    read: async path => Uint8Array.from(await read(path)),
    size: async path => objects.get(path)?.length,
    modified: async path => (objects.has(path) ? 0 : undefined),
    async list(folder) {
      const below = [...objects.keys()].filter(p => folder === '' || p.startsWith(`${folder}/`));
      const names = new Map<string, Entry>();
      for (const path of below) {
        const [name, ...rest] = path.slice(folder === '' ? 0 : folder.length + 1).split('/') as [string, ...string[]];
        names.set(name, { name, folder: rest.length > 0 });
      }
      return [...names.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    putIfAbsent: putNew,
    adopt: async (localFile, path) => putNew(path, await speaking('read', localFile, () => realIo.read(localFile))),
    async put(path, bytes) {
      objects.set(path, Uint8Array.from(bytes));
    },
    async remove(path) {
      await read(path);
      objects.delete(path);
    },
    settle: async () => {},
    async localFile(path) {
      const bytes = await read(path);
      copies ??= await mkdtemp(join(tmpdir(), 'tapekeep-memory-'));
      const copy = join(copies, path);
      await mkdir(dirname(copy), { recursive: true });
      await writeFile(copy, bytes);
      return copy;
    },
    async close() {
      if (copies) await rm(copies, { recursive: true, force: true });
    },
  };
}
