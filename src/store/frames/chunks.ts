/** What comes into a merge, read chunk by chunk when its slice is due. */
import { type Bars, concatBars, sliceBars, takeBars } from '../../model/bars.js';
import type { Io } from '../io.js';
import { readSealed } from './files.js';
import { barsOf } from './frame.js';
import type { Input } from './jobs.js';
import { barsOfStream, type PageFacts, readPages } from './pages.js';
import { readFrame } from './read-frame.js';
import type { SliceOfTime } from './slices.js';

/** A run of bars that came in together. */
export interface Chunk extends PageFacts {
  readonly read: () => Promise<Bars> | Bars;
  readonly lines?: Input['lines'];
}

export interface Chunks {
  /** Those that have bars. */
  readonly all: readonly Chunk[];
  /** What no later slice reaches into need not be held. */
  letGo(slice: SliceOfTime): void;
}

export async function chunksOf(io: Io, inputs: readonly Input[]): Promise<Chunks> {
  const found: Chunk[] = [];
  for (const input of inputs) found.push(...(await chunksIn(io, input)));
  return keepingLast(found.filter(c => c.rows > 0));
}

async function chunksIn(io: Io, input: Input): Promise<Chunk[]> {
  const { rows, first, last, lines } = input;
  if (input.kind === 'raw') return [{ rows, first, last, read: async () => barsOf(readFrame(await readSealed(io, input))) }];
  if (input.kind === 'stream')
    return [{ rows, first, last, read: async () => barsOfStream(await readSealed(io, input)), ...(lines && { lines }) }];
  return [...readPages(await readSealed(io, input), true)].map(page => ({ ...page.facts, read: page.bars }));
}

/** The chunk read last is kept: where a slice ends in the middle of a chunk, the next one begins with it. */
function keepingLast(chunks: readonly Chunk[]): Chunks {
  let last: { readonly of: Chunk; readonly bars: Bars } | undefined;
  const read = async (chunk: Chunk): Promise<Bars> => {
    if (last?.of !== chunk) last = { of: chunk, bars: await chunk.read() };
    return last.bars;
  };
  return {
    all: chunks.map(chunk => ({ ...chunk, read: () => read(chunk) })),
    letGo: ({ to }) => {
      if (last && last.of.last < to) last = undefined;
    },
  };
}

/** The bars of one slice: a view where they lie together, as they do in an answer that is in order. */
export function within(bars: Bars, facts: PageFacts, slice: SliceOfTime): Bars {
  if (isIn(slice, facts.first) && isIn(slice, facts.last)) return bars;
  const rows: number[] = [];
  const { ts } = bars;
  let start = 0;
  while (start < ts.length && !isIn(slice, ts[start] as number)) start++;
  let end = start;
  while (end < ts.length && isIn(slice, ts[end] as number)) end++;
  for (let i = end; i < ts.length; i++) if (isIn(slice, ts[i] as number)) rows.push(i);
  if (rows.length === 0) return sliceBars(bars, start, end);
  return concatBars([sliceBars(bars, start, end), takeBars(bars, rows)]);
}

const isIn = (slice: SliceOfTime, ts: number): boolean => ts >= slice.from && ts < slice.to;
