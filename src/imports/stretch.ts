/** A text, a stretch of whole rows at a time: what is read of it never depends on how long it is. */
import { fail } from '../model/errors.js';
import { afterHeading, type Sample } from './detect/sample.js';
import type { Layout } from './layout.js';
import type { Source } from './source/source.js';
import { lastLineEnd, lastRowEnd, lineEnds } from './text/fields.js';

export interface Stretch {
  readonly bytes: Uint8Array;
  /** Where the rows behind it begin; null: there are none. */
  readonly next: number | null;
}

const HEAD = 1 << 20;
const PIECE = 1 << 18;
/** Not evenly: of seven years that would be seven winters. */
const PLACES = [0.09, 0.24, 0.38, 0.53, 0.71, 0.86];
/** A row that is longer is none. */
const LONGEST_ROW = 1 << 20;

/** The beginning, and pieces from all over where the text can be read from anywhere. */
export async function sampleOf(source: Source): Promise<Sample> {
  const head = await bytesFrom(source, 0, HEAD);
  const rows = wholeRows(head.bytes);
  const pieces = [head.ended || rows.length === 0 ? head.bytes : rows];
  if (!head.ended && source.bytes !== undefined && source.fill) {
    for (const share of PLACES) {
      const { bytes } = await bytesFrom(source, Math.max(HEAD, Math.floor(source.bytes * share)), PIECE);
      const start = bytes.indexOf(10) + 1;
      if (start > 0) pieces.push(wholeRows(bytes.subarray(start)));
    }
  }
  return { name: source.name, pieces: pieces.filter((piece, i) => i === 0 || piece.length > 0) };
}

const wholeRows = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.max(0, lastLineEnd(bytes)));

/** `into`: so many bytes, or memory that is there for as many. */
async function bytesFrom(source: Source, from: number, into: number | Uint8Array): Promise<{ bytes: Uint8Array; ended: boolean }> {
  const most = typeof into === 'number' ? into : into.length;
  if (source.fill) {
    const room = Math.max(0, Math.min(most, (source.bytes ?? 0) - from));
    const bytes = typeof into === 'number' ? Buffer.allocUnsafeSlow(room) : into.subarray(0, room);
    const length = await source.fill(from, bytes);
    return { bytes: bytes.subarray(0, length), ended: from + length >= (source.bytes ?? 0) };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.read(from)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, most), ended: length <= most };
}

/** Whether a text is too long for one look and can only be read from its beginning: it has to be unpacked once. */
export async function isLongPacked(source: Source): Promise<boolean> {
  return !source.fill && !(await bytesFrom(source, 0, HEAD)).ended;
}

/** Bytes of a row, on the average of the sample. */
export function rowBytesOf({ pieces }: Sample): number {
  let [bytes, rows] = [0, 0];
  for (const piece of pieces) {
    bytes += piece.length;
    rows += lineEnds(piece);
  }
  return bytes / Math.max(1, rows);
}

/** Rows from a byte on, about as many bytes as asked for, or as the memory that is there holds. */
export async function stretchOf(source: Source, layout: Layout, from: number, line: number, into: number | Uint8Array): Promise<Stretch> {
  const { bytes, ended } = await bytesFrom(source, from, into);
  const most = typeof into === 'number' ? into : into.length;
  if (ended) return { bytes, next: null };
  const end = lastRowEnd(bytes, layout);
  if (end <= 0) {
    if (most < LONGEST_ROW) return stretchOf(source, layout, from, line, LONGEST_ROW);
    throw fail('IMPORT_UNREADABLE', {
      file: source.place,
      reason: `line ${line}, column 1: a row at byte ${from} does not end within ${most} bytes: a quote may be open`,
    });
  }
  return { bytes: bytes.subarray(0, end), next: from + end };
}

/** Where the rows begin: behind the heading and what stands above it. */
export async function rowsBegin(source: Source, { skip, heading }: Layout): Promise<number> {
  const { bytes } = await bytesFrom(source, 0, HEAD);
  return bytes.length - afterHeading(bytes, { before: Array(skip).fill(''), heading: heading ? [] : null }).length;
}
