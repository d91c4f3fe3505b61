/** What an import found and did, for a program: stamps are the opens of bars, in UTC. */
import type { ImportedFile, ImportReport } from '../../model/import.js';
import { iso } from '../times.js';
import { qualityOf } from './words.js';

export const jsonOfImport = ({ files, dryRun }: ImportReport) => files.map(file => jsonOf(file, dryRun));

const jsonOf = (file: ImportedFile, dryRun: boolean) => ({
  file: file.file,
  dialect: file.found?.dialect ?? null,
  symbol: file.found?.symbol ?? null,
  series: file.found?.series ?? null,
  timeframe: file.found?.timeframe ?? null,
  zone: file.found?.zone ?? null,
  stamp: file.found?.stamp ?? null,
  calendar: file.found?.calendar ?? null,
  rows: file.rows,
  stored: file.stored,
  equal: file.equal,
  quarantined: file.quarantined,
  first: iso(file.first),
  last: iso(file.last),
  questions: file.found?.questions ?? [],
  evidence: file.found?.evidence ?? [],
  doubts: file.found?.doubts ?? [],
  moved: file.moved,
  aside: file.aside,
  gaps: file.gaps,
  quality: qualityJson(file),
  known: file.known,
  versions: file.versions,
  error: file.error,
  stoppedAt: file.stoppedAt,
  dryRun,
});

function qualityJson(file: ImportedFile) {
  const quality = qualityOf(file);
  return quality && { score: quality.score, grade: quality.grade, counts: quality.counts };
}
