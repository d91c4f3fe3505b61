/** The text of a file that a person keeps: read within bounds, and only if it is a text. */
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Makes the refusal of the room that reads; without a line it is about the file as a whole. */
export type Refuse = (line: number | null, reason: string, cause?: unknown) => Error;

/** Asks for the kind and size before reading: a pipe would wait for ever, a device never end. */
export function readText(path: string, most: number, refuse: Refuse): string {
  const bytes = readBytes(path, most, refuse);
  if (!isUtf8(bytes)) throw refuse(foreignLine(bytes), 'it is not text in UTF-8');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  requireText(text, refuse);
  return text;
}

function readBytes(path: string, most: number, refuse: Refuse): Buffer {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw refuse(null, reasonOf(error), error);
  }
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) throw refuse(null, 'it is not a file');
    if (facts.size > most) throw refuse(null, `it is larger than ${most} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

const reasonOf = (error: unknown): string => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'there is no such file';
  return `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
};

/** The first line that is not UTF-8; lines end with a byte that is part of no other sign. */
function foreignLine(bytes: Buffer): number {
  for (let line = 1, from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}

const UNSEEN = /(?![\t\n\r\u{85}])\p{Cc}/u;

/** What no editor shows hides what a file says: NUL, escape sequences, backspaces. */
export function requireText(text: string, refuse: Refuse): void {
  const found = UNSEEN.exec(text);
  if (!found) return;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw refuse(text.slice(0, found.index).split('\n').length, `it has a control character (U+${code}): remove it`);
}
