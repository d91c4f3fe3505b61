/** Reads the file of instruments from the disk. */
import { join, relative } from 'node:path';
import type { Instruments } from '../model/instruments.js';
import { readText } from '../written/text.js';
import { instrumentsFrom, MOST_BYTES, refused } from './parse.js';

/** The instruments that come with the program. */
export const INSTRUMENTS_FILE = join(import.meta.dirname, '..', '..', '..', 'config', 'instruments.yaml');

export function readInstruments(path: string = INSTRUMENTS_FILE): Instruments {
  const short = relative(process.cwd(), path);
  const file = short.startsWith('..') ? path : short;
  return instrumentsFrom(
    file,
    readText(path, MOST_BYTES, (line, reason, cause) => refused(file, line, reason, cause)),
  );
}
