/** Removes from staging what no open load and no version needs. Never by age alone, and never anything in a table. */
import { join } from 'node:path';
import type { House } from './house.js';
import { type Entry, errnoOf, speaking, unlessGone } from './io.js';
import { openLoads } from './loads.js';
import { removeTree } from './staging.js';
import { history, listSeries } from './table.js';

export interface Swept {
  readonly removed: readonly string[];
  readonly bytes: number;
}

export const sweep = (house: House): Promise<Swept> => speaking('sweep', house.folders.staging, () => sweepStaging(house));

async function sweepStaging(house: House): Promise<Swept> {
  const { temp, pages, candidates, raw } = house.folders;
  // Seen before the open loads are: the folder of a load that is recorded from now on is not among them.
  const found = await Promise.all([pages, candidates, raw].map(async parent => ({ parent, loads: await foldersIn(house, parent) })));
  const { loads, unreadable } = await openLoads(house);
  const open = new Set([...loads.map(l => l.load), ...unreadable]);
  const named = await rawOfVersions(house);
  const tally = new Tally(house);
  await sweepTemp(house, temp, tally);
  for (const { parent, load } of found.flatMap(f => f.loads.map(load => ({ parent: f.parent, load })))) {
    const folder = join(parent, load);
    if (open.has(load)) await sweepTemp(house, folder, tally);
    else if (parent === raw) await sweepRaw(house, folder, named, tally);
    else await tally.tree(folder);
  }
  return { removed: tally.removed, bytes: tally.bytes };
}

/** The raw files that a version's lineage names: a repair begins with them. */
async function rawOfVersions(house: House): Promise<Set<string>> {
  const named = new Set<string>();
  for (const series of await listSeries(house)) {
    for (const entry of await history(house, series)) {
      for (const raw of entry.commitInfo?.tapekeep?.lineage.raw ?? []) named.add(raw.sha256);
    }
  }
  return named;
}

/** Temporary files of processes that are gone. */
async function sweepTemp(house: House, folder: string, tally: Tally): Promise<void> {
  for (const { name } of await listed(house, folder)) {
    const pid = /^(\d+)-.*\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await tally.file(join(folder, name));
  }
}

async function sweepRaw(house: House, folder: string, named: ReadonlySet<string>, tally: Tally): Promise<void> {
  let kept = 0;
  for (const { name } of await listed(house, folder)) {
    if (named.has(name.slice(0, 64)) && name.endsWith('.parquet')) kept++;
    else await tally.file(join(folder, name));
  }
  if (kept === 0) await unlessGone(house.io.removeFolder(folder));
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** Two may sweep at once, a daemon that starts and a program: what the other removed is as it should be. */
const listed = async (house: House, folder: string): Promise<Entry[]> => (await unlessGone(house.io.list(folder))) ?? [];

const foldersIn = async (house: House, parent: string): Promise<string[]> =>
  (await listed(house, parent)).filter(e => e.folder).map(e => e.name);

class Tally {
  readonly removed: string[] = [];
  bytes = 0;
  constructor(private readonly house: House) {}

  async file(path: string): Promise<void> {
    const facts = await unlessGone(this.house.io.facts(path));
    if (!facts) return;
    await unlessGone(this.house.io.remove(path));
    this.bytes += facts.size;
    this.removed.push(path);
  }

  async tree(folder: string): Promise<void> {
    for (const entry of await listed(this.house, folder)) {
      const path = join(folder, entry.name);
      if (entry.folder) await this.tree(path);
      else await this.file(path);
    }
    await removeTree(this.house, folder);
  }
}
