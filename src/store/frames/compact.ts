/** Folds files into slices, one slice after the other, and proves that every row came through and none came in. */
import type pl from 'nodejs-polars';
import { type Bars, COLUMNS, concatBars, sliceBars, takeBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { fail } from '../../model/errors.js';
import type { Io } from '../io.js';
import { readSealed, writeByContent } from './files.js';
import type { Candidate, Compacted, CompactJob, Fold, Sealed } from './jobs.js';
import { inRuns } from './merge-bars.js';
import { factsOf } from './pages.js';
import { readBars } from './parquet.js';
import { readFrame } from './read-frame.js';
import { RowPrint } from './row-print.js';
import { writeBars } from './write-parquet.js';

/** parquet-wasm reads what is written; polars, another reader, reads before and after what is proved. */
export async function compact(io: Io, job: CompactJob): Promise<Compacted> {
  const before = new RowPrint();
  const after = new RowPrint();
  const candidates: Candidate[] = [];
  for (const fold of job.folds) {
    for (const run of inRuns(await barsOf(io, fold, before), job.sliceRows)) {
      const candidate = { ...(await writeByContent(io, job.outFolder, 'parquet', await writeBars(run))), ...factsOf(run), replaces: null };
      after.add(await frameIn(io, candidate));
      candidates.push(candidate);
    }
  }
  const refuse = (reason: string) => fail('COMPACTION_REFUSED', { series: job.series, reason });
  const logged = [...new Map(job.folds.flatMap(f => f.files).map(f => [f.path, f.rows])).values()].reduce((n, rows) => n + rows, 0);
  if (before.rows !== logged) throw refuse(`the files hold ${before.rows} rows, and the log counts ${logged}`);
  if (after.text !== before.text) throw refuse('what was written does not hold the same rows as the files it is made of');
  return { candidates };
}

const frameIn = async (io: Io, sealed: Sealed): Promise<pl.DataFrame> => readFrame(await readSealed(io, sealed), COLUMNS);

/** The bars of a slice in time order. A file that reaches into several slices is read for each of them. */
async function barsOf(io: Io, { from, to, files }: Fold, print: RowPrint): Promise<Bars> {
  const parts: Bars[] = [];
  for (const file of [...files].sort((a, b) => a.first - b.first)) {
    const bytes = await readSealed(io, file);
    const bars = readBars(bytes);
    const [start, end] = [lowerBound(bars.ts, from), lowerBound(bars.ts, to)];
    print.add(readFrame(bytes, COLUMNS).slice(start, end - start));
    parts.push(sliceBars(bars, start, end));
  }
  return inTime(parts.length === 1 ? (parts[0] as Bars) : concatBars(parts));
}

function inTime(bars: Bars): Bars {
  const { ts } = bars;
  if (ts.every((at, i) => i === 0 || at >= (ts[i - 1] as number))) return bars;
  return takeBars(
    bars,
    Uint32Array.from(ts.keys()).sort((a, b) => (ts[a] as number) - (ts[b] as number)),
  );
}
