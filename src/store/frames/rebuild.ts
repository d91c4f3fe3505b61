/** A file of a table made again from the raw files that its bars came in. Whether it is the same, its SHA-256 tells. */
import { type Bars, concatBars, takeBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import type { Io } from '../io.js';
import { readSealed, writeByContent } from './files.js';
import type { RebuildJob, Rebuilt } from './jobs.js';
import { inOrder } from './merge-bars.js';
import { factsOf } from './pages.js';
import { readBars } from './parquet.js';
import { writeBars } from './write-parquet.js';

export async function rebuild(io: Io, { lost, raws, beside, outFolder }: RebuildJob): Promise<Rebuilt> {
  const parts: Bars[] = [];
  for (const raw of raws) parts.push(within(readBars(await readSealed(io, raw)), lost.first, lost.last));
  const { bars } = inOrder(concatBars(parts), 'newer');
  const others: Float64Array[] = [];
  for (const file of beside) others.push(readBars(await readSealed(io, file)).ts);
  const elsewhere = (at: number): boolean => others.some(ts => ts[lowerBound(ts, at)] === at);
  const own = takeBars(
    bars,
    Array.from(bars.ts.keys()).filter(row => !elsewhere(bars.ts[row] as number)),
  );
  const written = await writeByContent(io, outFolder, 'parquet', await writeBars(own));
  return { candidate: { ...written, ...factsOf(own), replaces: lost.path }, same: written.sha256 === lost.sha256 };
}

const within = (bars: Bars, first: number, last: number): Bars =>
  takeBars(
    bars,
    Array.from(bars.ts.keys()).filter(row => (bars.ts[row] as number) >= first && (bars.ts[row] as number) <= last),
  );
