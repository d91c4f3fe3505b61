/** What was fetched and is not yet in a table: the pages of a segment, then its raw file. Nothing here is lost by a crash. */
import { join } from 'node:path';
import type { Bars } from '../model/bars.js';
import { fail } from '../model/errors.js';
import { readSealed } from './frames/files.js';
import type { Input } from './frames/jobs.js';
import { decodePage, encodePage, factsOf, type PageFacts, togetherOf } from './frames/pages.js';
import { folderOfLoad, type House, readIfThere } from './house.js';
import { speaking, unlessGone } from './io.js';
import { sha256Of, tempName, writeAll } from './publish.js';

/** The pages of one segment on disk: more are put behind, and whole ones survive a crash. */
export interface SegmentPages<F extends object, D> {
  /** The facts of the pages that are there, in order. */
  readonly facts: readonly (F & PageFacts)[];
  /** What `finish` left, when an earlier attempt came that far and its raw file is still whole. */
  readonly done: D | undefined;
  append(bars: Bars, facts: F): Promise<void>;
  /** Makes the raw file (none without bars), leaves what `told` says of it, and lets the pages go. */
  finish(told: (input: Input | null) => D): Promise<D>;
  /** Lets the pages go. */
  discard(): Promise<void>;
}

const pageName = (n: number): string => `${String(n).padStart(6, '0')}.page`;

/** `segment` names the segment by its input, so that a second attempt finds the first one's pages. */
export async function openPages<F extends object, D extends { readonly input: Input | null }>(
  house: House,
  load: string,
  segment: string,
): Promise<SegmentPages<F, D>> {
  const { io } = house;
  const folder = folderOfLoad(folderOfLoad(house.folders.pages, load), segment);
  await speaking('mkdir', folder, () => io.makeFolder(folder));
  const facts = await wholePages<F>(house, folder);
  await dropPages(house, folder, facts.length);
  const doneFile = join(folder, 'done.json');
  return {
    facts,
    done: await readDone<D>(house, doneFile),
    async append(bars, more) {
      await writeQuickly(house, join(folder, pageName(facts.length)), ...encodePage(bars, more));
      facts.push({ ...more, ...factsOf(bars) });
    },
    async finish(told) {
      try {
        const pages = facts.map((_, i) => join(folder, pageName(i)));
        const done = told(facts.some(f => f.rows > 0) ? await stageRaw(house, load, pages) : null);
        await writeQuickly(house, doneFile, new TextEncoder().encode(JSON.stringify(done)));
        await Promise.all(pages.map(page => io.remove(page).catch(() => {})));
        return done;
      } catch (error) {
        // An attempt that was given up but still ran may have been first, and have let the pages go.
        const done = await readDone<D>(house, doneFile);
        if (done) return done;
        throw error;
      }
    },
    discard: () => removeTree(house, folder),
  };
}

async function stageRaw(house: House, load: string, pages: readonly string[]): Promise<Input> {
  const { file, sha256, rows, first, last } = await house.frames.stage({ pages, outFolder: folderOfLoad(house.folders.raw, load) });
  return { kind: 'raw', file, sha256, rows, first, last };
}

/** An earlier attempt's result, if the raw file it names has the right content. */
async function readDone<D extends { readonly input: Input | null }>(house: House, file: string): Promise<D | undefined> {
  const bytes = await readIfThere(house, file);
  if (!bytes) return undefined;
  try {
    const done = JSON.parse(new TextDecoder().decode(bytes)) as D;
    if (done.input) await readSealed(house.io, done.input);
    return done;
  } catch {
    return undefined;
  }
}

/** Facts of the pages from the first on, as far as they are whole. */
async function wholePages<F extends object>(house: House, folder: string): Promise<(F & PageFacts)[]> {
  const facts: (F & PageFacts)[] = [];
  for (;;) {
    const bytes = await readIfThere(house, join(folder, pageName(facts.length)));
    const page = bytes && decodePage<F & PageFacts>(bytes);
    if (!page) return facts;
    facts.push(page.facts);
  }
}

/** Pages behind a damaged one are asked for again with it: they may not fit behind the page that takes its place. */
async function dropPages(house: House, folder: string, from: number): Promise<void> {
  const entries = await speaking('list', folder, () => house.io.list(folder));
  for (const { name } of entries) {
    const path = join(folder, name);
    // An attempt that was given up but still ran may let go of them as well.
    if (/^\d{6}\.page$/.test(name) && name >= pageName(from)) await speaking('remove', path, () => unlessGone(house.io.remove(path)));
  }
}

/** Whole or not at all, but not synced: after a power loss a page may be missing or torn, and is asked for again. */
export async function writeQuickly(house: House, path: string, ...parts: readonly Uint8Array[]): Promise<void> {
  const { io } = house;
  const temp = tempName(house.folders.temp);
  await speaking('write', path, async () => {
    try {
      const draft = await io.create(temp);
      try {
        for (const bytes of parts) await writeAll(draft, path, bytes);
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
  // Somebody else's bars may change before they are written.
  const pages = parts.map(bars => Buffer.concat(encodePage(bars, {})));
  const sha256 = sha256Of(...pages);
  const file = join(folder, `${sha256}.pages`);
  await writeQuickly(house, file, ...pages);
  return { kind: 'pages', file, sha256, ...togetherOf(parts.map(factsOf)) };
}

/** What is too big for a workflow's history, as a small file of the load named by its content. */
export async function writeNote(house: House, load: string, value: unknown): Promise<string> {
  const folder = folderOfLoad(house.folders.pages, load);
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const note = sha256Of(bytes);
  await speaking('mkdir', folder, () => house.io.makeFolder(folder));
  await writeQuickly(house, join(folder, `${note}.json`), bytes);
  return note;
}

export async function readNote<T>(house: House, load: string, note: string): Promise<T> {
  if (!/^[0-9a-f]{64}$/.test(note)) throw fail('FILE_MISSING', { file: note.slice(0, 80) });
  const bytes = await readSealed(house.io, { file: join(folderOfLoad(house.folders.pages, load), `${note}.json`), sha256: note });
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** Lets go of what a closed load had in staging; raw files stay for the sweeper, which knows what versions name. */
export async function clearLoad(house: House, load: string): Promise<void> {
  await removeTree(house, folderOfLoad(house.folders.pages, load));
  await removeTree(house, folderOfLoad(house.folders.candidates, load));
}

/** Keeps the raw files of a load whose bars were refused where nothing sweeps, for a person to look at. */
export async function setAside(house: House, load: string): Promise<void> {
  const { io, folders } = house;
  const from = folderOfLoad(folders.raw, load);
  await speaking('set aside', from, () => unlessGone(io.rename(from, folderOfLoad(folders.quarantine, load))));
}

export async function removeTree(house: House, folder: string): Promise<void> {
  const { io } = house;
  const entries = await speaking('list', folder, () => unlessGone(io.list(folder)));
  if (!entries) return;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.folder) await removeTree(house, path);
    else await speaking('remove', path, () => unlessGone(io.remove(path)));
  }
  await speaking('remove', folder, () => unlessGone(io.removeFolder(folder)));
}
