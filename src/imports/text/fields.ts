/** Rows and fields as bytes: where they end. */
import type { Layout } from '../layout.js';

export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
export const MOST_FIELDS = 256;
/** A note may have lines, and commas; what is longer, or has a line of as many fields as a row of bars, is rows behind a stray quote. */
const MOST_QUOTED = 1 << 16;
const LEAST_DELIMITERS = 4;
const decoder = new TextDecoder();

/** Where the last whole line of a stretch ends; −1 when there is none. */
export const lastLineEnd = (bytes: Uint8Array): number =>
  bytes.lastIndexOf(LF) >= 0 ? bytes.lastIndexOf(LF) + 1 : bytes.lastIndexOf(CR, bytes.length - 2) + 1 || -1;

/** Where the last whole row of a stretch ends. A line break between quotes ends no row, and a quote that is open may be closed behind the stretch. */
export function lastRowEnd(bytes: Uint8Array, { delimiter, quoted }: Pick<Layout, 'delimiter' | 'quoted'>): number {
  if (!quoted) return lastLineEnd(bytes);
  const fields = new Fields(bytes, delimiter.charCodeAt(0), true);
  let end = -1;
  for (let at = 0; at < bytes.length; at = fields.next) {
    fields.read(at);
    if (fields.isOpen || (fields.next >= bytes.length && bytes.at(-1) !== LF)) break;
    end = fields.next;
  }
  return end;
}

const endsLine = (bytes: Uint8Array, i: number): boolean => bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF);

export function lineEnds(bytes: Uint8Array): number {
  let ends = 0;
  for (let i = 0; i < bytes.length; i++) if (endsLine(bytes, i)) ends++;
  return ends;
}

/** Cuts a row into its fields. */
export class Fields {
  readonly from = new Int32Array(MOST_FIELDS);
  readonly to = new Int32Array(MOST_FIELDS);
  count = 0;
  /** Where the next row begins, and how many lines this one took. */
  next = 0;
  lines = 1;
  /** A quote of it was still open where the bytes end: taken for a sign like any other. */
  isOpen = false;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly delimiter: number,
    private readonly quoted: boolean,
  ) {}

  read(start: number): void {
    const { bytes, delimiter } = this;
    this.count = 0;
    this.lines = 1;
    this.isOpen = false;
    let i = start;
    let from = start;
    for (; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === delimiter) {
        this.put(from, i);
        from = i + 1;
      } else if (byte === LF || byte === CR) break;
      else if (byte === QUOTE && this.quoted && i === from) i = this.closing(i) ?? i;
    }
    this.put(from, i);
    this.next = bytes[i] === CR && bytes[i + 1] === LF ? i + 2 : i + 1;
  }

  /** The quote that ends a field; two in a row are one that is meant. undefined: none does, the first one is a sign like any other. */
  private closing(open: number): number | undefined {
    const { bytes, delimiter } = this;
    let lines = 0;
    let delimiters = 0;
    for (let i = open + 1; i < open + MOST_QUOTED; i++) {
      if (i >= bytes.length) {
        this.isOpen = true;
        return undefined;
      }
      if (endsLine(bytes, i)) {
        lines++;
        delimiters = 0;
      } else if (bytes[i] === delimiter && ++delimiters >= LEAST_DELIMITERS && lines > 0) return undefined;
      if (bytes[i] !== QUOTE) continue;
      if (bytes[i + 1] !== QUOTE) {
        if (!this.endsField(i + 1)) return undefined;
        this.lines += lines;
        return i;
      }
      i++;
    }
    return undefined;
  }

  private endsField(at: number): boolean {
    const { bytes, delimiter } = this;
    let i = at;
    while (bytes[i] === 32) i++;
    return i >= bytes.length || bytes[i] === delimiter || bytes[i] === LF || bytes[i] === CR;
  }

  private put(from: number, to: number): void {
    if (this.count >= MOST_FIELDS) return;
    const { bytes } = this;
    let a = from;
    let b = to;
    while (a < b && bytes[a] === 32) a++;
    while (b > a && bytes[b - 1] === 32) b--;
    if (this.quoted && b - a >= 2 && bytes[a] === QUOTE && bytes[b - 1] === QUOTE) {
      a++;
      b--;
    }
    this.from[this.count] = a;
    this.to[this.count] = b;
    this.count++;
  }

  text(i: number): string {
    return decoder.decode(this.bytes.subarray(this.from[i], this.to[i]));
  }
}
