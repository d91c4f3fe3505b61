/** Which texts are to be imported: files that are named, and all that look like bars below a folder. */
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../model/errors.js';
import { openFile } from './source/source.js';

/** One text: a file, or one of the texts that it packs. */
export interface Text {
  readonly file: string;
  /** Which of the texts of the file. */
  readonly index: number;
  readonly name: string;
  /** As a person finds it. */
  readonly place: string;
  /** How long it is, or its file where that is not known without unpacking. */
  readonly bytes: number;
}

export interface TextFault {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

const LOOKS_LIKE_BARS = /\.(csv|txt|tsv|dat|gz|zip)$/i;

/** A file that cannot be opened stops no other. */
export async function textsOf(paths: readonly string[]): Promise<{ texts: Text[]; faults: TextFault[] }> {
  const texts: Text[] = [];
  const faults: TextFault[] = [];
  const tried = async (file: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { code = 'INTERNAL', message } = error as Error & { code?: string };
      faults.push({ file, code, reason: message });
    }
  };
  const takeFile = async (file: string): Promise<void> => {
    const opened = await openFile(file);
    await opened.close();
    texts.push(...opened.sources.map(({ name, place, bytes = opened.size }, index) => ({ file, index, name, place, bytes })));
  };
  const takeFolder = async (folder: string): Promise<void> => {
    for (const entry of await entriesIn(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await tried(path, () => takeFolder(path));
      // What is no ordinary file is refused when it is opened, and told.
      else if (LOOKS_LIKE_BARS.test(entry.name) && !entry.name.startsWith('.')) await tried(path, () => takeFile(path));
    }
  };
  for (const path of paths) {
    const facts = await lstat(path).catch(error => {
      throw fail('IMPORT_UNREADABLE', { file: path, reason: 'there is no such file or folder' }, error);
    });
    await tried(path, () => (facts.isDirectory() ? takeFolder(path) : takeFile(path)));
  }
  return { texts, faults };
}

async function entriesIn(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(error => {
    throw fail('IMPORT_UNREADABLE', { file: folder, reason: `the folder cannot be read: ${(error as NodeJS.ErrnoException).code}` }, error);
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
