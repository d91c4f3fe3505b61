/** What was told, in one small file: a restart tells nothing twice. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTICE_KINDS } from '../../model/notices.js';
import { writeWhole } from '../whole-file.js';
import type { Cause, Causes } from './causes.js';

export interface Book {
  /** Loads that ended before were looked at. */
  readonly lookedAt: number | null;
  readonly causes: Causes;
}

const fileIn = (data: string): string => join(data, '.tapekeep', 'notices.json');

/** One that is not there, or cannot be read, remembers nothing: at worst something is told again. */
export async function readBook(data: string): Promise<Book> {
  try {
    const { lookedAt, causes } = JSON.parse(await readFile(fileIn(data), 'utf8')) as Partial<Book>;
    const known = Object.entries(causes ?? {}).filter(([, cause]) => isCause(cause));
    return { lookedAt: Number.isFinite(lookedAt) ? (lookedAt as number) : null, causes: Object.fromEntries(known) };
  } catch {
    return { lookedAt: null, causes: {} };
  }
}

const isCause = (given: Partial<Cause> | null): boolean =>
  Object.hasOwn(NOTICE_KINDS, given?.kind ?? '') &&
  [given?.about, given?.text].every(text => typeof text === 'string') &&
  Number.isFinite(given?.since) &&
  [given?.toldAt, given?.overAt].every(at => at === null || Number.isFinite(at));

export const writeBook = (data: string, book: Book): Promise<void> => writeWhole(fileIn(data), JSON.stringify(book), 0o600);
