/** Compaction: small files become slices. The rows stay what they are, which is proved before anything is committed. */
import type { CompactWish } from '../../model/change.js';
import { interval } from '../../model/interval.js';
import { nameOf } from '../../model/series.js';
import { nextBar } from '../../model/timeframe.js';
import { type FileFold, type Folded, foldsOf } from '../folds.js';
import { type Candidate, type Fold, NOTHING_MERGED } from '../frames/jobs.js';
import { folderOfLoad, type House } from '../house.js';
import type { TableFile } from '../log/snapshot.js';
import { held } from '../proposal.js';
import type { Table } from '../table.js';
import type { Builder } from './parts.js';

/** With nothing to fold it says nothing new. A load that commits meanwhile wins, and the folding is built anew on its version. */
export const compacting: Builder<CompactWish> = async (house, table, { id, change }) => {
  const { files, made } = await folded(house, table, id, change.which);
  if (files.length === 0) return {};
  // A file that already is the slice it would become stays.
  const same = new Set(made.map(pathOf).filter(path => table.snapshot.files.has(path)));
  const last = Math.max(...files.map(f => f.last));
  const span = interval(Math.min(...files.map(f => f.first)), nextBar(last, table.series.timeframe));
  return {
    merged: { ...NOTHING_MERGED, candidates: made.filter(c => !same.has(pathOf(c))) },
    removes: files.map(f => f.path).filter(path => !same.has(path)),
    rearranges: true,
    answered: [span],
    lineage: { interval: span },
  };
};

const pathOf = ({ sha256 }: Candidate): string => `${sha256}.parquet`;

const MOST_REMEMBERED = 64;

/** What was folded before another writer came first is not folded again as long as its files are in the table. */
async function folded(house: House, table: Table, id: string, which: CompactWish['which']): Promise<Folded> {
  const before = house.folded.get(id);
  if (before?.files.every(f => table.snapshot.files.has(f.path))) return before;
  const folds = foldsIn(house, table, which);
  if (folds.length === 0) return { files: [], made: [] };
  const inFrame: Fold[] = await Promise.all(
    folds.map(async ({ from, to, files }) => ({ from, to, files: await Promise.all(files.map(f => held(house, table, f))) })),
  );
  const outFolder = folderOfLoad(house.folders.candidates, id);
  const job = { series: nameOf(table.series), folds: inFrame, sliceRows: house.sliceRows, outFolder };
  const done: Folded = { files: filesOf(folds), made: (await house.frames.compact(job)).candidates };
  if (house.folded.size >= MOST_REMEMBERED) house.folded.clear();
  house.folded.set(id, done);
  return done;
}

const foldsIn = (house: House, { series, snapshot }: Table, which: CompactWish['which']): FileFold[] =>
  foldsOf(snapshot.files.values(), { timeframe: series.timeframe, slice: house.slice, sliceRows: house.sliceRows }, which).flat();

const filesOf = (folds: readonly FileFold[]): TableFile[] => [...new Set(folds.flatMap(f => f.files))];

/** How many files a compaction would fold now; nothing is read but the log. */
export const foldable = (house: House, table: Table, which: CompactWish['which']): number => filesOf(foldsIn(house, table, which)).length;
