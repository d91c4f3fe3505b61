/** Where an export goes: files that appear whole and together at the end, or, in a dry run, nowhere. */
import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fail } from '../../model/errors.js';
import { errnoOf, speaking } from '../../store/io.js';

export interface SinkFile {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export interface Written {
  readonly path: string;
  readonly bytes: number;
}

export interface Sink {
  /** Refused at once when there is such a file, unless it may be replaced. */
  file(path: string): Promise<SinkFile>;
  /** Gives all files their names. */
  publish(): Promise<void>;
  /** Leaves nothing of what was not published. */
  discard(): Promise<void>;
  readonly written: readonly Written[];
}

interface Options {
  readonly force: boolean;
  readonly dryRun: boolean;
}

export function sinkFor({ force, dryRun }: Options): Sink {
  const refuse = (path: string) => {
    if (!force && existsSync(path)) throw fail('FILE_EXISTS', { file: path });
  };
  return dryRun ? counting(refuse) : onDisk(refuse, force);
}

function counting(refuse: (path: string) => void): Sink {
  const written: { path: string; bytes: number }[] = [];
  return {
    written,
    async file(path) {
      refuse(path);
      const entry = { path, bytes: 0 };
      written.push(entry);
      return {
        async write(bytes) {
          entry.bytes += bytes.length;
        },
        end: async () => {},
      };
    },
    publish: async () => {},
    discard: async () => {},
  };
}

interface Draft {
  readonly path: string;
  readonly temp: string;
  bytes: number;
}

/** Temporary files lie beside the final ones, so that a rename is all it takes. */
function onDisk(refuse: (path: string) => void, force: boolean): Sink {
  const drafts: Draft[] = [];
  /** Folders that were made for this, the outermost of each. */
  const made: string[] = [];
  const makeFolder = async (folder: string): Promise<void> => {
    const first = await speaking('mkdir', folder, () => mkdir(folder, { recursive: true }));
    if (first !== undefined) made.push(first);
  };
  return {
    written: drafts,
    async file(path) {
      refuse(path);
      await makeFolder(dirname(path));
      const draft: Draft = { path, temp: join(dirname(path), `.${basename(path)}.${process.pid}-${randomUUID()}.tmp`), bytes: 0 };
      drafts.push(draft);
      const handle = await speaking('write', path, () => open(draft.temp, 'wx'));
      return {
        async write(bytes) {
          draft.bytes += bytes.length;
          await speaking('write', path, () => handle.writeFile(bytes));
        },
        end: () =>
          speaking('write', path, async () => {
            await handle.sync().finally(() => handle.close());
          }),
      };
    },
    async publish() {
      for (const { path, temp } of drafts) await speaking('rename', path, () => (force ? rename(temp, path) : nameNew(temp, path)));
    },
    async discard() {
      for (const { temp } of drafts) await rm(temp, { force: true });
      for (const folder of made.reverse()) await removeEmpty(folder);
    },
  };
}

/** A link fails where somebody was quicker; a disk that has no links is trusted to be ours alone. */
async function nameNew(temp: string, path: string): Promise<void> {
  try {
    await link(temp, path);
    await rm(temp);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' || existsSync(path)) throw fail('FILE_EXISTS', { file: path }, error);
    await rename(temp, path);
  }
}

/** Folders in which nothing came to lie. */
async function removeEmpty(folder: string): Promise<void> {
  const { readdir, rmdir } = await import('node:fs/promises');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
  await rmdir(folder).catch(() => {});
}

/** The data folder is the store's: nothing else is written there. */
export function refuseInside(data: string, out: string): void {
  const within = relative(realOf(data), realOf(out));
  if (within === '' || (!within.startsWith('..') && resolve(within) !== within))
    throw fail('USAGE', {
      reason: `${out} lies in the data folder, where only tables are. Name another place with --out; nothing was done`,
    });
}

/** The real path of what is there of a path, with the rest of it. */
function realOf(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  return dirname(full) === full ? full : join(realOf(dirname(full)), basename(full));
}
