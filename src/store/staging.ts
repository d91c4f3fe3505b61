/** What was fetched and is not yet in a table: the pages of a segment, then its raw file. Nothing here is lost by a crash. */
import { join } from 'node:path';
import type { Bars } from '../model/bars.js';
import type { Input } from './frames/jobs.js';
import { decodePage, encodePage, factsOf, type PageFacts, type StoredPage } from './frames/pages.js';
import { folderOfLoad, type House } from './house.js';
import { errnoOf, speaking } from './io.js';
import { sha256Of, tempName } from './publish.js';

/** The pages of one segment on disk: more are put behind, and whole ones survive a crash. */
export interface SegmentPages<F extends object> {
  /** The facts of the pages that are there, in order. */
  readonly facts: readonly (F & PageFacts)[];
  append(bars: Bars, facts: F): Promise<void>;
  /** Makes the raw file and lets the pages go. */
  finish(): Promise<Input>;
  /** Lets the pages go. */
  discard(): Promise<void>;
}

const pageName = (n: number): string => `${String(n).padStart(6, '0')}.page`;

/** `segment` names the segment by its input, so that a second attempt finds the first one's pages. */
export async function openPages<F extends object>(house: House, load: string, segment: string): Promise<SegmentPages<F>> {
  const { io } = house;
  const folder = folderOfLoad(folderOfLoad(house.folders.pages, load), segment);
  await speaking('mkdir', folder, () => io.makeFolder(folder));
  const facts = await wholePages<F>(house, folder);
  return {
    facts,
    async append(bars, more) {
      const page = encodePage(bars, more);
      await writePage(house, join(folder, pageName(facts.length)), page);
      facts.push((decodePage<F & PageFacts>(page) as StoredPage<F & PageFacts>).facts);
    },
    async finish() {
      const pages = facts.map((_, i) => join(folder, pageName(i)));
      const staged = await house.frames.stage({ pages, outFolder: folderOfLoad(house.folders.raw, load) });
      const { file, sha256, rows, first, last } = staged;
      return { kind: 'raw', file, sha256, rows, first, last };
    },
    discard: () => removeTree(house, folder),
  };
}

/** Facts of the pages from the first on, as far as they are whole. */
async function wholePages<F extends object>(house: House, folder: string): Promise<(F & PageFacts)[]> {
  const facts: (F & PageFacts)[] = [];
  for (;;) {
    const bytes = await house.io.read(join(folder, pageName(facts.length))).catch(error => {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    const page = bytes && decodePage<F & PageFacts>(bytes);
    if (!page) return facts;
    facts.push(page.facts);
  }
}

/** Whole or not at all, but not synced: after a power loss a page may be missing or torn, and is asked for again. */
async function writePage(house: House, path: string, bytes: Uint8Array): Promise<void> {
  const { io } = house;
  const temp = tempName(house.folders.temp);
  await speaking('write', path, async () => {
    try {
      const draft = await io.create(temp);
      try {
        for (let at = 0; at < bytes.length; ) at += await draft.write(bytes.subarray(at));
      } finally {
        await draft.close();
      }
      await io.rename(temp, path);
    } catch (error) {
      await io.remove(temp).catch(() => {});
      throw error;
    }
  });
}

/** Bars that are handed over rather than fetched (a library's append), as one input file. */
export async function stageBars(house: House, load: string, parts: readonly Bars[]): Promise<Input> {
  const folder = folderOfLoad(house.folders.pages, load);
  await speaking('mkdir', folder, () => house.io.makeFolder(folder));
  const bytes = Buffer.concat(parts.map(bars => encodePage(bars, {})));
  const sha256 = sha256Of(bytes);
  const file = join(folder, `${sha256}.pages`);
  await writePage(house, file, bytes);
  const facts = parts.map(factsOf).filter(f => f.rows > 0);
  const rows = facts.reduce((n, f) => n + f.rows, 0);
  return { kind: 'pages', file, sha256, rows, first: Math.min(...facts.map(f => f.first)), last: Math.max(...facts.map(f => f.last)) };
}

export async function removeTree(house: House, folder: string): Promise<void> {
  const { io } = house;
  const entries = await io.list(folder).catch(error => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!entries) return;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.folder) await removeTree(house, path);
    else await speaking('remove', path, () => io.remove(path));
  }
  await speaking('remove', folder, () => io.removeFolder(folder));
}
