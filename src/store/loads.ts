/** The catalog of open loads: one small file each, written before the load starts, so that any engine can be told of it again. */
import { join } from 'node:path';
import { folderOfLoad, type House, readIfThere } from './house.js';
import { speaking, unlessGone } from './io.js';
import { putIfAbsent } from './publish.js';

export interface OpenLoad {
  readonly load: string;
  /** What was ordered, as plain JSON. */
  readonly order: unknown;
}

const fileOf = (house: House, load: string): string => `${folderOfLoad(house.folders.loads, load)}.json`;

export async function recordLoad(house: House, open: OpenLoad): Promise<void> {
  await putIfAbsent(house.io, house.folders.temp, fileOf(house, open.load), new TextEncoder().encode(JSON.stringify(open)));
}

export async function closeLoad(house: House, load: string): Promise<void> {
  const file = fileOf(house, load);
  await speaking('remove', file, () => unlessGone(house.io.remove(file)));
}

/** The open loads; what cannot be read is named, never taken for closed. */
export async function openLoads(house: House): Promise<{ loads: OpenLoad[]; unreadable: string[] }> {
  const loads: OpenLoad[] = [];
  const unreadable: string[] = [];
  for (const { name } of await listed(house)) {
    if (!name.endsWith('.json')) continue;
    const bytes = await readIfThere(house, join(house.folders.loads, name));
    // Closed since the folder was listed.
    if (!bytes) continue;
    try {
      loads.push(JSON.parse(new TextDecoder().decode(bytes)) as OpenLoad);
    } catch {
      unreadable.push(name.slice(0, -'.json'.length));
    }
  }
  return { loads, unreadable };
}

/** Before the first load there is no folder of them. */
const listed = async ({ io, folders }: House) => (await speaking('list', folders.loads, () => unlessGone(io.list(folders.loads)))) ?? [];
