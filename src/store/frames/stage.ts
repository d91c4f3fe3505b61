import { fail } from '../../model/errors.js';
import { type Io, speaking } from '../io.js';
import { joined } from './arrow-stream.js';
import { writeByContent } from './files.js';
import type { Staged, StageJob } from './jobs.js';
import { decodePage, type PageFacts, togetherOf } from './pages.js';
import { writeRaw } from './write-parquet.js';

/** Makes the raw file of one segment from the pages it fetched, as they are: no column is taken apart. */
export async function stage(io: Io, job: StageJob): Promise<Staged> {
  const facts: PageFacts[] = [];
  const streams: Uint8Array[] = [];
  for (const file of job.pages) {
    const bytes = await speaking('read', file, () => io.read(file));
    const page = decodePage(bytes);
    if (!page) throw fail('FILE_DAMAGED', { file, reason: 'its SHA-256 is not the one recorded' });
    facts.push(page.facts);
    if (page.facts.rows > 0) streams.push(page.stream);
  }
  const together = togetherOf(facts);
  return { ...(await writeByContent(io, job.outFolder, 'parquet', await writeRaw(joined(streams), together.rows))), ...together };
}
