/** Bars on their way from somebody's files into a table, piece by piece, as Arrow streams: one for each slice that they fall in where they are in order. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Bars, countOf } from '../model/bars.js';
import { isRising } from '../model/bisect.js';
import type { Timeframe } from '../model/timeframe.js';
import { END } from './frames/arrow-stream.js';
import type { Input } from './frames/jobs.js';
import { factsOf, messagesOf, type PageFacts, togetherOf } from './frames/pages.js';
import { inSlices, slicesOf } from './frames/slices.js';
import { folderOfLoad, type House } from './house.js';
import { type Draft, speaking } from './io.js';
import { sha256Of, tempName, writeAll } from './publish.js';
import { writeQuickly } from './staging.js';

export interface SlicesOut {
  /** `lines`: where in their file the bars stood. They may be changed as soon as this is over. */
  add(bars: Bars, lines?: Float64Array): Promise<void>;
  close(): Promise<Input[]>;
  /** Leaves nothing behind of what is not closed. */
  drop(): Promise<void>;
}

interface Open {
  readonly temp: string;
  readonly draft: Draft;
  readonly hash: ReturnType<typeof createHash>;
  readonly lines: Lines[];
  facts: PageFacts;
}

export async function openSlices(house: House, load: string, timeframe: Timeframe): Promise<SlicesOut> {
  const { io } = house;
  const folder = folderOfLoad(house.folders.pages, load);
  await speaking('mkdir', folder, () => io.makeFolder(folder));
  const inputs: Input[] = [];
  let open: Open | undefined;

  const put = async (to: Open, bytes: Uint8Array): Promise<void> => {
    to.hash.update(bytes);
    await speaking('write', to.temp, () => writeAll(to.draft, to.temp, bytes));
  };
  const begin = async (): Promise<Open> => {
    const temp = tempName(house.folders.temp);
    const draft = await speaking('write', temp, () => io.create(temp));
    return { temp, draft, hash: createHash('sha256'), lines: [], facts: togetherOf([]) };
  };
  const finish = async (): Promise<void> => {
    if (!open) return;
    await put(open, END);
    const { draft, temp, hash, facts, lines } = open;
    await draft.close();
    const sha256 = hash.digest('hex');
    const file = join(folder, `${sha256}.arrow`);
    await speaking('rename', file, () => io.rename(temp, file));
    open = undefined;
    inputs.push({ kind: 'stream', file, sha256, ...facts, ...(lines.length > 0 && { lines: await stageLines(house, folder, lines) }) });
  };
  /** Whether bars in order begin a file of their own: another slice, or enough in the one before. */
  const begins = (part: Bars, facts: PageFacts): boolean => {
    if (!open || !isRising(part.ts) || facts.first <= open.facts.last) return false;
    if (open.facts.rows + facts.rows > house.sliceRows) return true;
    return slicesOf([{ first: open.facts.last, last: facts.first }], timeframe).length > 1;
  };

  return {
    async add(bars, lines) {
      let at = 0;
      for (const part of inSlices(bars, timeframe, house.sliceRows)) {
        const facts = factsOf(part);
        if (facts.rows === 0) continue;
        if (begins(part, facts)) await finish();
        open ??= await begin();
        for (const message of messagesOf(part, open.facts.rows === 0)) await put(open, message);
        open.facts = togetherOf([open.facts, facts]);
        if (lines) open.lines.push(linesOf(lines.subarray(at, at + countOf(part))));
        at += countOf(part);
      }
    },
    async close() {
      await finish();
      return inputs;
    },
    async drop() {
      if (!open) return;
      const { draft, temp } = open;
      open = undefined;
      await draft.close().catch(() => {});
      await io.remove(temp).catch(() => {});
    },
  };
}

/** Of rows that follow each other; or one for each. */
type Lines = { readonly from: number; readonly count: number } | Float64Array;

function linesOf(lines: Float64Array): Lines {
  const from = lines[0] ?? 0;
  for (let i = 1; i < lines.length; i++) if (lines[i] !== from + i) return lines.slice();
  return { from, count: lines.length };
}

/** Lines that follow each other need no file. */
async function stageLines(house: House, folder: string, parts: readonly Lines[]): Promise<NonNullable<Input['lines']>> {
  const [first] = parts;
  if (first && 'from' in first) {
    let next = first.from;
    const follows = (part: Lines): boolean => {
      if (!('from' in part) || part.from !== next) return false;
      next += part.count;
      return true;
    };
    if (parts.every(follows)) return { from: first.from };
  }
  const written = parts.map(part => ('from' in part ? Float64Array.from({ length: part.count }, (_, i) => part.from + i) : part));
  const bytes = Buffer.concat(written.map(part => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
  const sha256 = sha256Of(bytes);
  const file = join(folder, `${sha256}.lines`);
  await writeQuickly(house, file, bytes);
  return { file, sha256 };
}

/** All at once. */
export async function stageSlices(house: House, load: string, bars: Bars, timeframe: Timeframe, lines?: Float64Array): Promise<Input[]> {
  const out = await openSlices(house, load, timeframe);
  try {
    await out.add(bars, lines);
    return await out.close();
  } finally {
    await out.drop();
  }
}
