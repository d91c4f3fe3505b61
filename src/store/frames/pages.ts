/**
 * Pages: what a provider answered, as a file or one after the other in a file, each with its lengths and checksum,
 * so that after a crash whole pages are still good and a torn one is seen. Facts are plain JSON, bars an Arrow stream.
 */
import * as arrow from 'apache-arrow';
import { type Bars, countOf } from '../../model/bars.js';
import { sha256Of } from '../publish.js';
import { BAR_SCHEMA, fromArrow, toArrow, viewArrow } from './arrow.js';
import { END } from './arrow-stream.js';

/** What a reader must know of a page to pass it by. */
export interface PageFacts {
  readonly rows: number;
  /** Smallest and largest open; both 0 when there are no bars. */
  readonly first: number;
  readonly last: number;
}

export interface StoredPage<F extends PageFacts = PageFacts> {
  readonly facts: F;
  readonly bars: () => Bars;
  /** The same as it is stored: an Arrow stream. */
  readonly stream: Uint8Array;
  /** Where the next page begins. */
  readonly end: number;
}

const HEAD = 4 + 4 + 32;

export function factsOf(bars: Bars): PageFacts {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bars.ts.length; i++) {
    const ts = bars.ts[i] as number;
    if (ts < first) first = ts;
    if (ts > last) last = ts;
  }
  return countOf(bars) === 0 ? { rows: 0, first: 0, last: 0 } : { rows: countOf(bars), first, last };
}

/** What is to be known of several pages taken together. */
export function togetherOf(parts: readonly PageFacts[]): PageFacts {
  const there = parts.filter(f => f.rows > 0);
  if (there.length === 0) return { rows: 0, first: 0, last: 0 };
  const rows = there.reduce((n, f) => n + f.rows, 0);
  return { rows, first: Math.min(...there.map(f => f.first)), last: Math.max(...there.map(f => f.last)) };
}

/** Bars as an Arrow stream, in parts that are views of the bars' own memory where they can be: `begins`, with the schema before them; without an end. */
export function messagesOf(bars: Bars, begins: boolean): Uint8Array[] {
  const parts = new Parts();
  const writer = new arrow.RecordBatchStreamWriter().reset(parts, BAR_SCHEMA);
  if (!begins) parts.all.length = 0;
  for (const batch of toArrow(bars).batches) writer.write(batch);
  return parts.all;
}

class Parts extends arrow.AsyncByteQueue {
  readonly all: Uint8Array[] = [];
  override write(part: Uint8Array): void {
    this.all.push(part);
  }
}

export const barsOfStream = (stream: Uint8Array): Bars => viewArrow(arrow.tableFromIPC(stream));

/** A page, as its parts in their order. Its bars are many bytes, and are not copied: they must stay as they are until it is written. */
export function encodePage<F extends object>(bars: Bars, more: F): readonly Uint8Array[] {
  const facts = new TextEncoder().encode(JSON.stringify({ ...more, ...factsOf(bars) }));
  const stream = [...messagesOf(bars, true), END];
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(facts.length, 0);
  head.writeUInt32BE(
    stream.reduce((n, part) => n + part.length, 0),
    4,
  );
  head.write(sha256Of(facts, ...stream), 8, 'hex');
  return [head, facts, ...stream];
}

/** The whole pages. The walk ends before the first torn or damaged one. `proved`: the checksum of all the bytes was looked at already. */
export function* readPages<F extends PageFacts>(bytes: Uint8Array, proved = false): Generator<StoredPage<F>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const factsEnd = at + HEAD + view.getUint32(at);
    const end = factsEnd + view.getUint32(at + 4);
    if (end > bytes.length) return;
    const sum = Buffer.from(bytes.buffer, bytes.byteOffset + at + 8, 32).toString('hex');
    if (!proved && sum !== sha256Of(bytes.subarray(at + HEAD, end))) return;
    const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(at + HEAD, factsEnd))) as F;
    const stream = bytes.subarray(factsEnd, end);
    yield { facts, bars: () => fromArrow(arrow.tableFromIPC(stream)), stream, end };
    at = end;
  }
}

/** The one page of a page file; undefined when it is torn or damaged. */
export function decodePage<F extends PageFacts>(bytes: Uint8Array): StoredPage<F> | undefined {
  const page = readPages<F>(bytes).next().value as StoredPage<F> | undefined;
  return page?.end === bytes.length ? page : undefined;
}
