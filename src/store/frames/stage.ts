import { type Bars, concatBars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { type Io, speaking } from '../io.js';
import { writeByContent } from './files.js';
import type { Staged, StageJob } from './jobs.js';
import { decodePage, factsOf } from './pages.js';
import { writeBars } from './parquet.js';

/** Makes the raw file of one segment from the pages it fetched. */
export async function stage(io: Io, job: StageJob): Promise<Staged> {
  const parts: Bars[] = [];
  for (const file of job.pages) {
    const bytes = await speaking('read', file, () => io.read(file));
    const page = decodePage(bytes);
    if (!page) throw fail('FILE_DAMAGED', { file, reason: 'its SHA-256 is not the one recorded' });
    parts.push(page.bars());
  }
  const bars = concatBars(parts);
  return { ...(await writeByContent(io, job.outFolder, 'parquet', writeBars(bars))), ...factsOf(bars) };
}
