/**
 * The seam to the disk: every file operation of the store goes through an `Io`, so that a test can count,
 * delay, break or kill at each one. `realIo` is a thin pass-through; `speaking` turns errno into our codes.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { open, readdir, statfs, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type ErrorCode, fail } from '../model/errors.js';

/** A new file being written. Nothing is durable before `sync`. */
export interface Draft {
  /** Writes some or all of the bytes and says how many: a short write is an answer. */
  write(bytes: Uint8Array): Promise<number>;
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface FileFacts {
  readonly size: number;
  readonly modified: number;
  readonly device: number;
  readonly folder: boolean;
  /** Another after any change to the file, even one that keeps its size and sets its time back. Not every disk has it. */
  readonly stamp?: string;
}

export interface Entry {
  readonly name: string;
  readonly folder: boolean;
}

export interface Io {
  read(path: string): Promise<Uint8Array>;
  /** Creates a file that must not exist, and never follows a link. */
  create(path: string): Promise<Draft>;
  syncFolder(path: string): Promise<void>;
  /** The one atomic "if absent" of a local disk: it fails with EEXIST when the name is taken. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  list(folder: string): Promise<Entry[]>;
  facts(path: string): Promise<FileFacts>;
  /** Of the name itself: what it points to is not looked at. A disk without links need not tell. */
  kind?(path: string): Promise<'folder' | 'file' | 'link' | 'nothing'>;
  makeFolder(path: string): Promise<void>;
  /** How many bytes are free on the disk of a folder. */
  room(folder: string): Promise<number>;
}

const sync = promisify(fsync);

/** What only touches names and memory is done at once: through the thread pool it costs several times as much. Syncs and big writes wait there. */
const draftOn = (file: number): Draft => {
  let open = true;
  return {
    write: async bytes => (bytes.length <= PAGE_BYTES ? writeSync(file, bytes) : (await writing(file, bytes)).bytesWritten),
    sync: () => sync(file),
    size: async () => fstatSync(file).size,
    // After a close, even one that failed, the number may be another file's.
    async close() {
      if (open) {
        open = false;
        closeSync(file);
      }
    },
  };
};

const writing = promisify(write);

/** A page of a source is not yet big: it goes to memory of the system, not to the disk. */
const PAGE_BYTES = 262_144;

/** Through the thread pool a small file costs five times its reading, and a busy machine keeps it waiting: it is read at once. */
const SMALL_BYTES = 65_536;

function readSmall(path: string): Uint8Array | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    return size > 0 && size <= SMALL_BYTES ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

/** In one piece: `readFile` goes through the thread pool for every half megabyte. */
async function readBig(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

export const realIo: Io = {
  read: async path => readSmall(path) ?? readBig(path),
  create: async path => draftOn(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW)),
  async syncFolder(path) {
    const folder = openSync(path, 'r');
    try {
      await sync(folder);
    } finally {
      closeSync(folder);
    }
  },
  link: async (from, to) => linkSync(from, to),
  rename: async (from, to) => renameSync(from, to),
  remove: unlink,
  removeFolder: async path => rmdirSync(path),
  // Whoever walks through many folders lets others have a turn at each.
  list: async folder => (await readdir(folder, { withFileTypes: true })).map(e => ({ name: e.name, folder: e.isDirectory() })),
  async facts(path) {
    const s = statSync(path, { bigint: true });
    const stamp = [s.dev, s.ino, s.size, s.mtimeNs, s.ctimeNs].join('-');
    return { size: Number(s.size), modified: Number(s.mtimeMs), device: Number(s.dev), folder: s.isDirectory(), stamp };
  },
  async kind(path) {
    const s = lstatSync(path, { throwIfNoEntry: false });
    if (!s) return 'nothing';
    return s.isSymbolicLink() ? 'link' : s.isDirectory() ? 'folder' : 'file';
  },
  async makeFolder(path) {
    mkdirSync(path, { recursive: true });
  },
  async room(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

export const errnoOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const REFUSED: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ENAMETOOLONG: 'the name is too long',
  EXDEV: 'that is another disk',
  ELOOP: 'the links there go round in a ring',
  ENOTDIR: 'something on the way there is no folder',
  EISDIR: 'that is a folder',
};

/** Any failure of the disk, by our code. What is already one of ours passes. */
export function diskFault(error: unknown, op: string, file: string): Error {
  const errno = errnoOf(error);
  if (!errno || !/^E[A-Z0-9]+$/.test(errno)) return error as Error;
  const code: ErrorCode =
    errno === 'ENOENT' ? 'FILE_MISSING' : FULL.has(errno) ? 'DISK_FULL' : REFUSED[errno] ? 'DISK_REFUSED' : 'DISK_FAILED';
  return fail(code, { op, file, reason: REFUSED[errno] ? `${REFUSED[errno]} (${errno})` : errno }, error);
}

/** Runs one disk operation; a failure comes out as one of our codes. */
export async function speaking<T>(op: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFault(error, op, file);
  }
}

/** What is gone already need not be looked at or removed. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
