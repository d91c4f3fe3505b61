/** The first rows that a stretch sets aside, in words: a preview tells why, and nobody has to look for the file. */
import { open } from 'node:fs/promises';
import { ASIDE_SHOWN } from '../../model/import.js';
import type { Proposal } from '../../store/index.js';

/** Of rows and of words that somebody's file has in it. */
const MOST_BYTES = 1 << 14;
const MOST_WORDS = 300;

export async function firstAside({ merged: { quarantine } }: Proposal): Promise<string[]> {
  if (!quarantine) return [];
  const handle = await open(quarantine.file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    const whole = buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    return whole.slice(0, ASIDE_SHOWN).map(line => wordsOf(JSON.parse(line)).slice(0, MOST_WORDS));
  } finally {
    await handle.close();
  }
}

/** What is said of a bar names its place already. */
const wordsOf = ({ line, column, says }: { line?: number; column?: number; says: string }): string =>
  line === undefined ? says : `line ${line}${column ? `, column ${column}` : ''}: ${says}`;
