/** Rows and fields as bytes: where they end. */

export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
export const MOST_FIELDS = 256;
const decoder = new TextDecoder();

/** Where the last whole row of a stretch ends; −1 when there is none. A line break between quotes ends no row. */
export function lastRowEnd(bytes: Uint8Array, quoted: boolean): number {
  if (!quoted) return bytes.lastIndexOf(LF) >= 0 ? bytes.lastIndexOf(LF) + 1 : bytes.lastIndexOf(CR, bytes.length - 2) + 1 || -1;
  let inside = false;
  let end = -1;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) inside = !inside;
    else if (bytes[i] === LF && !inside) end = i + 1;
  }
  return end;
}

export function lineEnds(bytes: Uint8Array): number {
  let ends = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) ends++;
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

  constructor(
    private readonly bytes: Uint8Array,
    private readonly delimiter: number,
    private readonly quoted: boolean,
  ) {}

  read(start: number): void {
    const { bytes, delimiter } = this;
    this.count = 0;
    this.lines = 1;
    let i = start;
    let from = start;
    for (; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === delimiter) {
        this.put(from, i);
        from = i + 1;
      } else if (byte === LF || byte === CR) break;
      else if (byte === QUOTE && this.quoted && i === from) i = this.closing(i);
    }
    this.put(from, i);
    this.next = bytes[i] === CR && bytes[i + 1] === LF ? i + 2 : i + 1;
  }

  /** The quote that ends a field; two in a row are one that is meant. */
  private closing(open: number): number {
    const { bytes } = this;
    for (let i = open + 1; i < bytes.length; i++) {
      if (bytes[i] === LF) this.lines++;
      if (bytes[i] !== QUOTE) continue;
      if (bytes[i + 1] !== QUOTE) return i;
      i++;
    }
    return bytes.length - 1;
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
