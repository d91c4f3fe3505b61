/** Raw files that the lineage of a series names: a repair begins with them. */
import { relative, sep } from 'node:path';
import { folderOfLoad, type House } from '../house.js';
import { speaking, unlessGone } from '../io.js';
import type { LogEntry } from '../log/entry.js';
import type { Expected } from './files.js';

/** Those that are still there: they go when the disk is full, and nothing that is stored depends on them. */
export async function rawFiles(house: House, told: readonly LogEntry[]): Promise<Expected[]> {
  const loads = new Set(told.flatMap(({ commitInfo }) => (commitInfo?.tapekeep?.lineage.raw.length ? [commitInfo.tapekeep.load] : [])));
  const found: Expected[] = [];
  for (const load of loads) {
    const folder = folderOfLoad(house.folders.raw, load);
    const entries = (await speaking('list', folder, () => unlessGone(house.io.list(folder)))) ?? [];
    for (const { name } of entries) {
      const sha256 = /^([0-9a-f]{64})\.parquet$/.exec(name)?.[1];
      if (sha256 === undefined) continue;
      const path = relative(house.root, `${folder}/${name}`).split(sep).join('/');
      found.push({ path, sha256, bytes: null, damaged: 'raw_damaged', missing: null });
    }
  }
  return found;
}
