/**
 * What is proved of a disk follows from what is on it alone: the clock is held, and nothing is left to chance but the
 * names of temporary files. So disks that are equal but for those are proved once, by however many faults they were reached.
 */
import { createHash } from 'node:crypto';
import type { Call } from './faulty-io.js';
import type { MemoryDisk } from './memory-disk.js';

const TEMPORARY = /\/\d+-[0-9a-f-]{36}\.tmp$/;
const named = (path: string): string => path.replace(TEMPORARY, '/*.tmp');

const digest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('base64');

/** Of a disk whose writers are all dead. */
export function printOf(disk: MemoryDisk): string {
  const files = disk.paths(/./).map(path => `${named(path)} ${digest(disk.bytes(path))}`);
  return digest(JSON.stringify([[...disk.folders].sort(), files.sort()]));
}

/** Of what a writer did to its disk, in order: reading and looking leave no trace. */
export function printOfChanges(calls: readonly Call[]): string {
  const drafts = new Map<string, number>();
  // Which temporary file it was, by when it came first: its name is by chance.
  const known = (path: string): string => {
    if (!TEMPORARY.test(path)) return path;
    if (!drafts.has(path)) drafts.set(path, drafts.size);
    return `${named(path)} ${drafts.get(path)}`;
  };
  const traceless = new Set(['read', 'list', 'facts', 'size', 'close']);
  const changes = calls
    .filter(({ op }) => !traceless.has(op))
    .map(({ op, path, to, bytes, failed, told }) => [op, known(path), to && known(to), bytes && digest(bytes), failed, told]);
  return digest(JSON.stringify(changes));
}

/** Proofs that were made, each with what came out; one that failed fails its test. */
export class Proved<T = void> {
  readonly #found = new Map<string, T>();

  async once(print: string, prove: () => Promise<T>): Promise<T> {
    if (!this.#found.has(print)) this.#found.set(print, await prove());
    return this.#found.get(print) as T;
  }

  /** How many different ones there were. */
  get size(): number {
    return this.#found.size;
  }
}
