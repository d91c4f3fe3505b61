/**
 * The one way to write: merge, validate, commit. A proposal names the version it was built on; when another writer
 * was first, it is merged again on the new version. Every step can run twice.
 */
import { fail } from '../model/errors.js';
import { type IntervalSet, intersect } from '../model/interval.js';
import { type Basis, nameOf, sameBasis } from '../model/series.js';
import { commit, findOwn, type Landed } from './commit.js';
import type { Held, Merged } from './frames/jobs.js';
import { folderOfLoad, type House } from './house.js';
import { held, type Proposal, planOf, type WriteRequest } from './proposal.js';
import { findTable, type Table } from './table.js';

export async function merge(house: House, request: WriteRequest): Promise<Proposal> {
  const table = await findTable(house, request.series);
  if (table && !sameBasis(table.basis, request.basis)) {
    const tell = (b: Basis) => `${b.adjustment} ${b.price} ${b.session} ${b.feed} ${b.volumeUnit}`;
    throw fail('BASIS_MISMATCH', { series: nameOf(request.series), stored: tell(table.basis), offered: tell(request.basis) });
  }
  const plan = planOf(request);
  const built = { request, plan, base: table?.snapshot.version ?? -1, baseSeal: table?.snapshot.seal ?? null };
  const own = table ? await findOwn(house, request, plan, table.snapshot.version) : undefined;
  if (own !== undefined) return { ...built, merged: NOTHING_MERGED, landed: own };
  const merged = await house.frames.merge({
    inputs: request.inputs,
    files: table ? await heldFiles(house, table, request.answered) : [],
    held: table ? intersect(table.holdings.coverage, request.answered) : [],
    timeframe: request.series.timeframe,
    rule: request.rule,
    sliceRows: house.sliceRows,
    outFolder: folderOfLoad(house.folders.candidates, request.load),
  });
  return { ...built, merged, landed: null };
}

const NOTHING_MERGED: Merged = {
  candidates: [],
  counts: { offered: 0, added: 0, replaced: 0, unchanged: 0, kept: 0, conflicts: 0 },
};

/** The files of the table that may hold bars of these intervals. */
async function heldFiles(house: House, table: Table, within: IntervalSet): Promise<Held[]> {
  const touched = [...table.snapshot.files.values()].filter(f => intersect([{ from: f.first, to: f.last + 1 }], within).length > 0);
  return Promise.all(touched.map(f => held(house, table, f)));
}

export async function validate(house: House, proposal: Proposal): Promise<void> {
  const { candidates } = proposal.merged;
  if (candidates.length === 0) return;
  const { request } = proposal;
  const table = proposal.base < 0 ? undefined : await findTable(house, request.series, proposal.base);
  const replaced = new Set(candidates.map(c => c.replaces));
  const beside = table ? (await heldFiles(house, table, [spanOf(candidates)])).filter(f => !replaced.has(f.path)) : [];
  await house.frames.validate({ candidates, beside, answered: request.answered, timeframe: request.series.timeframe });
}

const spanOf = (candidates: Merged['candidates']) => ({
  from: Math.min(...candidates.map(c => c.first)),
  to: Math.max(...candidates.map(c => c.last)) + 1,
});

const ATTEMPTS = 100;

/** Merge, validate and commit until it is in: losing a race is the normal path. */
export async function write(house: House, request: WriteRequest): Promise<Landed & { proposal: Proposal }> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const proposal = await merge(house, request);
    await validate(house, proposal);
    const outcome = await commit(house, proposal);
    if (outcome.kind !== 'raced') return { ...outcome, proposal };
  }
  throw fail('COMMIT_CONTENDED', { series: nameOf(request.series), attempts: ATTEMPTS });
}
