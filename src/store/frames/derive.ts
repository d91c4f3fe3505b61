/** Coarser bars of a stretch of a table, made into a raw file: the finer ones are read file by file and let go again. */
import { addAll } from '../../model/add-all.js';
import { type Bars, concatBars, countOf, sliceBars, takeBars } from '../../model/bars.js';
import { inTimeOrder, lowerBound } from '../../model/bisect.js';
import type { Absence } from '../../model/coverage.js';
import { type Making, madeOf, readFor } from '../../model/derive-plan.js';
import type { Interval } from '../../model/interval.js';
import { calendarOf } from '../../model/market.js';
import type { Io } from '../io.js';
import { streamOf } from './arrow.js';
import { readSealed, writeByContent } from './files.js';
import type { Derived, DeriveJob, Held } from './jobs.js';
import { factsOf } from './pages.js';
import { readBars } from './parquet.js';
import { writeRaw } from './write-parquet.js';

export async function derive(io: Io, job: DeriveJob): Promise<Derived> {
  const { market, from, timeframe, base, windows, outFolder } = job;
  const making: Making = { calendar: calendarOf(market), from, timeframe, base };
  const read = reader(io, job.files);
  const made: Bars[] = [];
  const absences: Absence[] = [];
  for (const window of windows) {
    const span = readFor(making, window);
    const done = madeOf(making, window, span ? await read(span) : concatBars([]));
    made.push(done.bars);
    addAll(absences, done.absences);
  }
  const bars = concatBars(made);
  if (countOf(bars) === 0) return { input: null, absences };
  const { file, sha256 } = await writeByContent(io, outFolder, 'parquet', await writeRaw(streamOf(bars), countOf(bars)));
  return { input: { kind: 'raw', file, sha256, ...factsOf(bars) }, absences };
}

/** A stretch may end in the middle of a file: the next one begins with it. */
const KEPT = 2;

/** Bars of an interval in time order. Files may overlap in time; no `ts` is in two of them. */
function reader(io: Io, files: readonly Held[]): (span: Interval) => Promise<Bars> {
  let kept: readonly { readonly of: Held; readonly bars: Bars }[] = [];
  const barsOf = async (file: Held): Promise<Bars> => {
    const known = kept.find(k => k.of === file);
    if (known) return known.bars;
    const bars = readBars(await readSealed(io, file));
    kept = [...kept.slice(1 - KEPT), { of: file, bars }];
    return bars;
  };
  return async ({ from, to }) => {
    const parts: Bars[] = [];
    for (const file of files.filter(f => f.first < to && f.last >= from)) {
      const bars = await barsOf(file);
      parts.push(sliceBars(bars, lowerBound(bars.ts, from), lowerBound(bars.ts, to)));
    }
    const all = parts.length === 1 ? (parts[0] as Bars) : concatBars(parts);
    return inTimeOrder(all.ts) === all.ts
      ? all
      : takeBars(
          all,
          Uint32Array.from(all.ts.keys()).sort((a, b) => (all.ts[a] as number) - (all.ts[b] as number)),
        );
  };
}
