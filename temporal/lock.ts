/**
 * One owner per data folder. The lock is a small log: files 1, 2, 3 … in a folder, the highest one names the owner.
 * Taking it is creating the next number, which only one process can; releasing it is marking one's own number.
 * The highest number is never removed, so a slow process can never step behind a faster one.
 */
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../src/model/errors.js';
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.js';

export interface LockOwner extends ProcessIdentity {
  readonly purpose: string;
  /** When it was taken, as people read it. */
  readonly since: string;
}

export interface Lock {
  release(): Promise<void>;
}

interface Entry extends LockOwner {
  readonly released?: true;
}

const locksFolder = (folder: string): string => join(folder, '.tapekeep', 'locks', 'folder');

/** Takes the data folder for this process until it releases it or dies. */
export const lockFolder = (folder: string, { purpose }: { purpose: string }): Promise<Lock> =>
  takeLock(locksFolder(folder), { purpose, of: folder });

/** Who has the data folder now, if anybody. */
export const folderOwner = async (folder: string): Promise<LockOwner | undefined> => (await look(locksFolder(folder))).owner;

/** The lock whose log lies in the folder `log`; `of` is what an error calls it. */
export async function takeLock(log: string, { purpose, of = log }: { purpose: string; of?: string }): Promise<Lock> {
  await mkdir(log, { recursive: true });
  const entry: Entry = { ...thisProcess(), purpose, since: new Date().toISOString() };
  for (;;) {
    const { highest, owner } = await look(log);
    if (owner) throw fail('FOLDER_LOCKED', { folder: of, pid: owner.pid, purpose: owner.purpose, since: owner.since });
    const mine = highest + 1;
    if (!(await create(log, mine, entry))) continue;
    // Somebody may have gone further while we looked at a number that has since been swept: theirs is higher.
    const numbers = await entries(log);
    if (numbers.at(-1) !== mine) {
      await rm(file(log, mine), { force: true });
      continue;
    }
    await sweep(log, mine);
    return { release: () => release(log, mine, entry) };
  }
}

async function look(log: string): Promise<{ highest: number; owner?: LockOwner }> {
  for (;;) {
    const highest = (await entries(log)).at(-1) ?? 0;
    if (highest === 0) return { highest };
    try {
      const entry = parse(await readFile(file(log, highest), 'utf8'));
      return entry && !entry.released && isAlive(entry) ? { highest, owner: entry } : { highest };
    } catch (error) {
      // Swept by a new owner between the two calls: look again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

async function entries(log: string): Promise<number[]> {
  const names = await readdir(log).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter(name => /^\d+\.json$/.test(name))
    .map(name => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/** An entry torn by a power cut belongs to a process that is gone. */
function parse(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Entry;
    return typeof entry.pid === 'number' && typeof entry.started === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

async function create(log: string, number: number, entry: Entry): Promise<boolean> {
  const temp = await written(log, number, entry);
  try {
    await link(temp, file(log, number));
    return true;
  } catch (error) {
    // EEXIST: another was first. ENOENT: another was first and has already swept up behind itself.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    await rm(temp, { force: true });
  }
}

async function release(log: string, number: number, entry: Entry): Promise<void> {
  await rename(await written(log, number, { ...entry, released: true }), file(log, number));
}

/** Whole and on the disk before it gets its name. */
async function written(log: string, number: number, entry: Entry): Promise<string> {
  const temp = join(log, `${number}.${process.pid}.${performance.now()}.tmp`);
  const handle = await open(temp, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(entry));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temp;
}

/** Earlier entries, and what processes left behind that died while they wrote one. */
async function sweep(log: string, mine: number): Promise<void> {
  for (const name of await readdir(log)) {
    const number = Number.parseInt(name, 10);
    if (number < mine || (number === mine && name.endsWith('.tmp'))) await rm(join(log, name), { force: true });
  }
}

const file = (log: string, number: number): string => join(log, `${number}.json`);
