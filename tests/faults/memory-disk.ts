/** A disk in memory under the same seam as the real one, link by link: crash states open on it in no time. */
import { dirname } from 'node:path';
import type { Draft, Entry, Io } from '../../src/store/io.js';
import { errnoError } from './faulty-io.js';

interface Inode {
  bytes: Uint8Array;
}

/** Names of files and what they are; two names may be one file. */
export class MemoryDisk {
  /** What is said to be free; nothing is counted against it. */
  free = Number.POSITIVE_INFINITY;

  constructor(
    readonly files = new Map<string, Inode>(),
    readonly folders = new Set<string>(['/']),
  ) {}

  /** A disk of its own with the same content; two names of one file stay one file. */
  copy(): MemoryDisk {
    const twins = new Map<Inode, Inode>();
    const twin = (inode: Inode): Inode => {
      const known = twins.get(inode) ?? { bytes: inode.bytes };
      twins.set(inode, known);
      return known;
    };
    return new MemoryDisk(new Map([...this.files].map(([path, inode]) => [path, twin(inode)])), new Set(this.folders));
  }

  /** Temporary files carry the pid of their process; those of a simulated death get one that nobody has. */
  bury(pid: number): this {
    for (const [path, inode] of [...this.files]) {
      if (!path.includes(`/${pid}-`)) continue;
      this.files.delete(path);
      this.files.set(path.replace(`/${pid}-`, '/999999999-'), inode);
    }
    return this;
  }

  /** The paths whose names fit, in order. */
  paths(fits: RegExp): string[] {
    return [...this.files.keys()].filter(path => fits.test(path)).sort();
  }

  bytes(path: string): Uint8Array {
    return this.#file(path, 'read').bytes;
  }

  put(path: string, bytes: Uint8Array): void {
    for (let folder = dirname(path); !this.folders.has(folder); folder = dirname(folder)) this.folders.add(folder);
    this.files.set(path, { bytes });
  }

  #file(path: string, op: string): Inode {
    const inode = this.files.get(path);
    if (inode) return inode;
    throw errnoError(this.folders.has(path) ? 'EISDIR' : 'ENOENT', op, path);
  }

  #free(path: string, op: string): void {
    if (!this.folders.has(dirname(path))) throw errnoError('ENOENT', op, path);
    if (this.files.has(path) || this.folders.has(path)) throw errnoError('EEXIST', op, path);
  }

  #below(folder: string): Entry[] {
    const start = folder === '/' ? '/' : `${folder}/`;
    const direct = (path: string) => path.startsWith(start) && path !== folder && !path.slice(start.length).includes('/');
    const named = (folder: boolean) => (path: string) => ({ name: path.slice(start.length), folder });
    return [...[...this.files.keys()].filter(direct).map(named(false)), ...[...this.folders].filter(direct).map(named(true))];
  }

  io(): Io {
    return {
      read: async path => Uint8Array.from(this.#file(path, 'read').bytes),
      create: async path => {
        this.#free(path, 'create');
        const inode: Inode = { bytes: new Uint8Array() };
        this.files.set(path, inode);
        return draftOn(inode);
      },
      syncFolder: async path => this.#there(path, 'syncFolder'),
      link: async (from, to) => {
        const inode = this.#file(from, 'link');
        this.#free(to, 'link');
        this.files.set(to, inode);
      },
      rename: async (from, to) => {
        const inode = this.#file(from, 'rename');
        this.#there(dirname(to), 'rename');
        this.files.delete(from);
        this.files.set(to, inode);
      },
      remove: async path => {
        this.#file(path, 'remove');
        this.files.delete(path);
      },
      removeFolder: async path => {
        this.#there(path, 'removeFolder');
        if (this.#below(path).length > 0) throw errnoError('ENOTEMPTY', 'removeFolder', path);
        this.folders.delete(path);
      },
      list: async path => {
        this.#there(path, 'list');
        return this.#below(path);
      },
      facts: async path => {
        const folder = this.folders.has(path);
        return { size: folder ? 0 : this.#file(path, 'facts').bytes.length, modified: 0, device: 1, folder };
      },
      room: async () => this.free,
      makeFolder: async path => {
        for (let folder = path; !this.folders.has(folder); folder = dirname(folder)) this.folders.add(folder);
      },
    };
  }

  #there(folder: string, op: string): void {
    if (!this.folders.has(folder)) throw errnoError('ENOENT', op, folder);
  }
}

const draftOn = (inode: Inode): Draft => ({
  async write(bytes) {
    inode.bytes = Buffer.concat([inode.bytes, bytes]);
    return bytes.length;
  },
  sync: async () => {},
  size: async () => inode.bytes.length,
  close: async () => {},
});
