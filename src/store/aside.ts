/** What was set aside: bars that could not be right, by the versions that left them out, and files that nobody can use. */
import { join, relative, sep } from 'node:path';
import { idOf, type Series } from '../model/series.js';
import type { QuarantinedBar, RefusedLine } from './frames/jobs.js';
import type { House } from './house.js';
import { type Entry, speaking, unlessGone } from './io.js';
import { quarantinePath, readNamed } from './log/named.js';
import { history } from './table.js';

/** Bars that came with the load of one version and did not go in. */
export interface AsideBars {
  readonly series: Series;
  readonly version: number;
  readonly at: number;
  readonly provider: string | null;
  readonly load: string;
  /** Somebody's own files that they came from. */
  readonly files: readonly string[];
  readonly bars: readonly (QuarantinedBar | RefusedLine)[];
}

export interface AsideFile {
  /** Below the data folder. */
  readonly file: string;
  readonly bytes: number;
  readonly at: number;
}

/** Oldest version first. */
export async function* asideBars(house: House, series: Series): AsyncGenerator<AsideBars> {
  const id = idOf(series);
  for (const { version, commitInfo } of (await history(house, series)).reverse()) {
    const facts = commitInfo?.tapekeep;
    const named = facts?.lineage.quarantine;
    if (!named) continue;
    const text = await readNamed(house.objects, quarantinePath(id, named.sha256), named.sha256);
    const lines = text.split('\n').filter(line => line !== '');
    const bars = lines.map(line => JSON.parse(line) as QuarantinedBar | RefusedLine);
    const files = facts.lineage.files?.map(f => f.name) ?? [];
    yield { series, version, at: commitInfo?.timestamp ?? 0, provider: facts.lineage.provider, load: facts.load, files, bars };
  }
}

/** Raw files of loads that were refused, and what a repair found broken. */
export async function asideFiles(house: House): Promise<AsideFile[]> {
  const found: AsideFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries: readonly Entry[] = (await speaking('list', folder, () => unlessGone(house.io.list(folder)))) ?? [];
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const facts = entry.folder ? undefined : await unlessGone(house.io.facts(path));
      if (entry.folder) await walk(path);
      else if (facts) found.push({ file: relative(house.root, path).split(sep).join('/'), bytes: facts.size, at: facts.modified });
    }
  };
  await walk(house.folders.quarantine);
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}
