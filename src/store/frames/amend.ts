/** One bar put in place of another, set beside the others, or taken out: the file that holds it is written anew. */
import { type Bar, type Bars, barAt, barsFrom, concatBars, countOf, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { interval } from '../../model/interval.js';
import { calendarOf } from '../../model/market.js';
import { gate } from '../../model/quality.js';
import { nextBar } from '../../model/timeframe.js';
import type { Io } from '../io.js';
import { readSealed, writeByContent } from './files.js';
import type { Amended, AmendJob, Candidate, Held } from './jobs.js';
import { factsOf } from './pages.js';
import { readBars } from './parquet.js';
import { writeBars } from './write-parquet.js';

interface Found {
  readonly held: Held;
  readonly bars: Bars;
  readonly row: number;
}

export async function amend(io: Io, job: AmendJob): Promise<Amended> {
  const found = await findBar(io, job);
  const before = found ? barAt(found.bars, found.row) : null;
  const after = 'put' in job.bar ? job.bar.put : { ...before, ...job.bar.patch, ts: job.ts, source: job.bar.source };
  const refused = after && faultOf(after, job);
  if (refused) return { before, after, refused, candidates: [], removes: [] };
  const removes = found ? [found.held.path] : [];
  const rows = partsWith(found, after);
  const candidates = countOf(rows) > 0 ? [await written(io, job, rows, found?.held.path ?? null)] : [];
  return { before, after, refused: null, candidates, removes };
}

async function findBar(io: Io, { files, ts }: AmendJob): Promise<Found | undefined> {
  for (const held of files) {
    const bars = readBars(await readSealed(io, held));
    const row = lowerBound(bars.ts, ts);
    if (bars.ts[row] === ts) return { held, bars, row };
  }
  return undefined;
}

function partsWith(found: Found | undefined, after: Bar | null): Bars {
  const news = barsFrom(after ? [after] : []);
  if (!found) return news;
  const { bars, row } = found;
  return concatBars([sliceBars(bars, 0, row), news, sliceBars(bars, row + 1, countOf(bars))]);
}

/** By the gate that every bar passes. */
function faultOf(bar: Bar, { market, timeframe }: AmendJob): string | null {
  if (typeof bar.close !== 'number') return 'a bar has a close';
  if (!market) return null;
  const asked = [interval(bar.ts, nextBar(bar.ts, timeframe))];
  const { refusal, quarantine } = gate(barsFrom([bar]), {
    calendar: calendarOf(market),
    timeframe,
    asked,
    mayBeNegative: market.mayBeNegative,
  });
  return refusal?.says ?? quarantine[0]?.says ?? null;
}

const written = async (io: Io, { outFolder }: AmendJob, bars: Bars, replaces: string | null): Promise<Candidate> => ({
  ...(await writeByContent(io, outFolder, 'parquet', await writeBars(bars))),
  ...factsOf(bars),
  replaces,
});
