/** What a change would do, found out beside the data folder: nothing in it is written, not even for a moment. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interval } from '../model/interval.js';
import { idOf, type Series } from '../model/series.js';
import { countDifferences } from './diff.js';
import { foldersOf, type House } from './house.js';
import { bytesOf, rowsOf, type TableFile } from './log/snapshot.js';
import type { Change, Proposal } from './proposal.js';
import { removeTree } from './staging.js';
import { findTable, type Table } from './table.js';
import { validate } from './write.js';

export interface Preview {
  readonly series: Series;
  readonly change: Change;
  /** The version it was built on; −1: there is no table yet. */
  readonly base: number;
  readonly rows: { readonly added: number; readonly replaced: number; readonly unchanged: number; readonly dropped: number };
  readonly bytes: { readonly before: number; readonly after: number };
  /** Below the table's folder. New files are named by what they would hold. */
  readonly files: { readonly added: readonly string[]; readonly back: readonly string[]; readonly removed: readonly string[] };
  /** What it tells of, as the version's lineage would. */
  readonly interval: Interval;
  readonly warnings: readonly string[];
}

/** Builds the proposal in a folder of the system for temporary files, reads its files back like any other, and lets go of it. */
export async function preview(house: House, build: (house: House) => Promise<Proposal>): Promise<Preview> {
  const scratch = await mkdtemp(join(tmpdir(), 'tapekeep-preview-'));
  try {
    const beside: House = { ...house, folders: foldersOf(scratch) };
    const proposal = await build(beside);
    await validate(beside, proposal);
    return await told(house, proposal);
  } finally {
    await removeTree(house, scratch);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function told(house: House, proposal: Proposal): Promise<Preview> {
  const { series, change, base, merged, back, removes, lineage } = proposal;
  const table = base < 0 ? undefined : await findTable(house, series, base);
  const gone = new Set(removes);
  const staying = table ? [...table.snapshot.files.values()].filter(file => !gone.has(file.path)) : [];
  const { candidates } = merged;
  const sizes = [...staying, ...back, ...candidates].reduce((n, file) => n + file.bytes, 0);
  return {
    series,
    change,
    base,
    rows: await rowsChanged(house, proposal, table, staying),
    bytes: { before: table ? bytesOf(table.snapshot) : 0, after: sizes },
    files: { added: candidates.map(c => `${c.sha256}.parquet`), back: back.map(f => f.path), removed: [...removes] },
    interval: lineage.interval,
    warnings: await warningsOf(house, proposal, table),
  };
}

/** What a merge counted; where files of an earlier version come back, what the rows themselves say. */
async function rowsChanged(
  house: House,
  proposal: Proposal,
  table: Table | undefined,
  staying: readonly TableFile[],
): Promise<Preview['rows']> {
  const rows = table ? rowsOf(table.snapshot) : 0;
  if (table && proposal.back.length + proposal.removes.length > 0 && proposal.merged.candidates.length === 0) {
    const files = new Map([...staying, ...proposal.back].map(file => [file.path, file]));
    const { added, removed, changed } = await countDifferences(house, table, { ...table, snapshot: { ...table.snapshot, files } });
    return { added, replaced: changed, unchanged: rows - removed - changed, dropped: removed };
  }
  const { added, replaced } = proposal.merged.counts;
  const after = [...staying, ...proposal.back, ...proposal.merged.candidates].reduce((n, file) => n + file.rows, 0);
  const dropped = Math.max(0, rows + added - after);
  return { added, replaced, unchanged: rows - replaced - dropped, dropped };
}

/** What stands in the way of it, or that a person should know before. */
async function warningsOf(house: House, { series, back, landed }: Proposal, table: Table | undefined): Promise<string[]> {
  const warnings: string[] = [];
  if (landed !== null) warnings.push(`this very change is version ${landed} already`);
  for (const file of back) {
    const size = await house.objects.size(`${idOf(series)}/${file.path}`);
    if (size !== file.bytes) warnings.push(`${file.path} would come back, but ${size === undefined ? 'is missing' : 'has another size'}`);
  }
  if (table?.hold) warnings.push(`the series is held since version ${table.hold.version} was restored`);
  return warnings;
}
