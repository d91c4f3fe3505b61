/** Reads the file of instruments from the disk. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fail } from '../model/errors.js';
import type { Instruments } from '../model/instruments.js';
import { instrumentsFrom } from './parse.js';

/** The instruments that come with the program. */
export const INSTRUMENTS_FILE = join(import.meta.dirname, '..', '..', '..', 'config', 'instruments.yaml');

export function readInstruments(path: string = INSTRUMENTS_FILE): Instruments {
  const short = relative(process.cwd(), path);
  const file = short.startsWith('..') ? path : short;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fail('INSTRUMENTS_INVALID', { where: file, reason: 'there is no such file, or it cannot be read' }, error);
  }
  return instrumentsFrom(file, text);
}
