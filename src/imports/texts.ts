/** Which texts are to be imported: files that are named, and all that look like bars below a folder. */
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
  for (const path of paths) {
    for (const file of await filesIn(path)) {
      try {
        const opened = await openFile(file);
        await opened.close();
        texts.push(...opened.sources.map(({ name, place, bytes = opened.size }, index) => ({ file, index, name, place, bytes })));
      } catch (error) {
        const { code = 'INTERNAL', message } = error as Error & { code?: string };
        faults.push({ file, code, reason: message });
      }
    }
  }
  return { texts, faults };
}

async function filesIn(path: string): Promise<string[]> {
  const facts = await lstat(path).catch(error => {
    throw fail('IMPORT_UNREADABLE', { file: path, reason: 'there is no such file or folder' }, error);
  });
  if (!facts.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter(entry => entry.isFile() && LOOKS_LIKE_BARS.test(entry.name) && !basename(entry.name).startsWith('.'))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
