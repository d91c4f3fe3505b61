/**
 * The one way to write bars: merge, validate, commit. A proposal names the version it was built on; when another writer
 * was first, it is merged again on the new version. Every step can run twice.
 */
import type { Absence } from '../model/coverage.js';
import { fail } from '../model/errors.js';
import { hull, type IntervalSet, intersect, isEmpty, subtract } from '../model/interval.js';
import type { SessionCounts } from '../model/quality.js';
import { type Basis, nameOf, sameBasis } from '../model/series.js';
import { DAY } from '../model/timeframe.js';
import { correctionsOf } from './changes/correct.js';
import { commit, findOwn, type Landed } from './commit.js';
import { mergeInParts, validateInParts } from './frames/in-parts.js';
import { type Held, type Merged, NOTHING_MERGED } from './frames/jobs.js';
import { folderOfLoad, type House } from './house.js';
import { type Correction, overruled } from './log/corrections.js';
import { DERIVED_KEY, refuseMixed } from './log/derived.js';
import { type Lineage, PROGRAM } from './log/entry.js';
import { refuseHeld } from './log/hold.js';
import { rowsOf, type TableFile } from './log/snapshot.js';
import { type Change, held, holdingsAfter, type Proposal, planOf, type WriteRequest } from './proposal.js';
import { type BareTable, findBare, findTable, type Table } from './table.js';

export async function merge(house: House, request: WriteRequest): Promise<Proposal> {
  const table = await findTable(house, request.series);
  if (table) refuseOtherBasis(table, request);
  const plan = planOf(request);
  const { series, load } = request;
  const own = table ? await findOwn(house, { series, load, batch: request.batch, plan }, table.snapshot.version) : undefined;
  if (own !== undefined) return proposalOf(house, request, plan, table, NOTHING_MERGED, own);
  if (table) refuseHeld(table);
  if (table) refuseMixed(table, request.derived);
  const met = request.anew ? undefined : table;
  const corrections = met ? await correctionsOf(house, met) : [];
  const merged = await mergeInParts(house.frames, {
    series: nameOf(series),
    inputs: request.inputs,
    files: met ? await filesIn(house, met, request.answered) : [],
    held: met ? intersect(met.holdings.coverage, request.answered) : [],
    answered: request.answered,
    timeframe: series.timeframe,
    rule: request.rule,
    sliceRows: house.sliceRows,
    outFolder: folderOfLoad(house.folders.candidates, load),
    ...(corrections.length > 0 && { corrected: corrections.map(c => c.ts) }),
    ...(request.market && { market: request.market }),
    ...(request.everyRow && { everyRow: request.everyRow }),
  });
  if (table && request.anew && !request.derived) refuseHalf(table, request, merged);
  return { ...(await proposalOf(house, request, plan, table, merged, null)), ...correctionsAfter(request, corrections, merged) };
}

/** The source's last word on a corrected bar is kept for the day of its withdrawal. A past taken anew is measured anew: corrections of the old one end. */
function correctionsAfter(
  { anew }: WriteRequest,
  corrections: readonly Correction[],
  { overruled: bars = [] }: Merged,
): Pick<Proposal, 'corrections'> {
  if (anew) return { corrections: [] };
  return bars.length > 0 ? { corrections: overruled(corrections, bars) } : {};
}

/** Nearly all bars that are there must come again: a source that lost half of the past does not take ours away. */
const NEARLY_ALL = 0.9;

function refuseHalf(table: Table, { series, answered }: WriteRequest, { counts }: Merged): void {
  const rows = rowsOf(table.snapshot);
  const open = subtract(table.holdings.coverage, answered);
  if (isEmpty(open) && counts.added >= NEARLY_ALL * rows) return;
  throw fail('RELOAD_INCOMPLETE', {
    series: nameOf(series),
    came: counts.added,
    rows,
    from: open[0] && new Date(open[0].from).toISOString(),
  });
}

function refuseOtherBasis(table: Table, { series, basis }: WriteRequest): void {
  if (sameBasis(table.basis, basis)) return;
  const tell = (b: Partial<Basis>) =>
    b.price === undefined ? 'another program’s, and so unknown,' : `${b.adjustment} ${b.price} ${b.session} ${b.feed} ${b.volumeUnit}`;
  throw fail('BASIS_MISMATCH', { series: nameOf(series), stored: tell(table.basis), offered: tell(basis) });
}

async function proposalOf(
  house: House,
  request: WriteRequest,
  plan: string,
  table: Table | undefined,
  merged: Merged,
  landed: number | null,
): Promise<Proposal> {
  const holdings = holdingsAfter(table, request, [...request.absences, ...refusedOf(house, request, merged)]);
  const removes = table ? removedBy(table, request, merged, landed) : [];
  const { series, basis, calendar, load, batch, answered } = request;
  return {
    series,
    change: request.anew && table ? 'reload' : changeOf(merged, table),
    load,
    batch,
    plan,
    base: table?.snapshot.version ?? -1,
    baseSeal: table?.snapshot.seal ?? null,
    landed,
    merged,
    back: [],
    removes,
    rearranges: false,
    answered,
    holdings,
    configuration: {
      ...(request.derived && { [DERIVED_KEY]: JSON.stringify(request.derived) }),
      'tapekeep.series': JSON.stringify(series),
      'tapekeep.basis': JSON.stringify(basis),
      'tapekeep.calendar': JSON.stringify(calendar),
    },
    quality: landed === null ? await measured(house, request, table, merged, removes, holdings) : [],
    lineage: lineageOf(request, merged, table),
  };
}

const removedBy = (table: Table, { anew }: WriteRequest, { candidates }: Merged, landed: number | null): string[] =>
  anew && landed === null ? [...table.snapshot.files.keys()] : candidates.flatMap(c => c.replaces ?? []);

function lineageOf(request: WriteRequest, { quarantine }: Merged, table: Table | undefined): Lineage {
  // What was asked for may not be out yet; of somebody's own rows none may be a bar; a derived table may follow a version that changed none of its bars.
  const asked = hull(request.answered) ?? (table && hull(table.holdings.coverage));
  if (!asked) throw fail('CANDIDATE_REFUSED', { series: nameOf(request.series), reason: 'nothing was answered' });
  return {
    by: request.by,
    provider: request.provider,
    ...(request.stoodIn && { stoodIn: request.stoodIn }),
    interval: asked,
    requests: request.requests,
    raw: request.inputs.map(({ sha256, rows, archives }) => ({ sha256, rows, ...(archives && { archives }) })),
    calendar: request.calendar,
    program: PROGRAM,
    ...(request.derived && { derived: request.derived }),
    ...(request.reason && { reason: request.reason }),
    ...(request.files && { files: request.files }),
    ...(quarantine && { quarantine: { sha256: quarantine.sha256, rows: quarantine.rows } }),
  };
}

/** A bar that was set aside is asked for again when a day has passed: the source may have mended it. */
const refusedOf = (house: House, { provider }: WriteRequest, { refused }: Merged): Absence[] =>
  refused.map(within => ({
    ...within,
    reason: 'refused',
    verdict: null,
    asked: provider === null ? [] : [provider],
    attempts: 1,
    firstAsked: house.now(),
    lastAsked: house.now(),
    evidence: 'the bar that came cannot be right; it lies in quarantine',
    next: house.now() + DAY,
  }));

/** The quality of the sessions in which something was answered, by the files that the new version will have. */
async function measured(
  house: House,
  { series, market, answered }: WriteRequest,
  table: Table | undefined,
  merged: Merged,
  removes: readonly string[],
  holdings: Proposal['holdings'],
): Promise<readonly SessionCounts[]> {
  if (!market) return [];
  const gone = new Set(removes);
  const staying = table ? await Promise.all(filesOf(table).map(f => held(house, table, f))) : [];
  const files = [...staying.filter(f => !gone.has(f.path)), ...merged.candidates].map(({ file, first, last }) => ({ file, first, last }));
  const { timeframe } = series;
  return (await house.frames.measure({ files, touched: answered, timeframe, market, holdings, now: house.now() })).sessions;
}

const filesOf = (table: BareTable): TableFile[] => [...table.snapshot.files.values()];

/** The files of the table that may hold bars of these intervals. */
async function filesIn(house: House, table: BareTable, within: IntervalSet): Promise<Held[]> {
  const touched = filesOf(table).filter(f => intersect([{ from: f.first, to: f.last + 1 }], within).length > 0);
  return Promise.all(touched.map(f => held(house, table, f)));
}

/** What the version does to the table, in one word. */
function changeOf(merged: Merged, table: Table | undefined): Change {
  if (!table) return 'create';
  if (merged.counts.replaced > 0) return 'replace';
  if (merged.candidates.length === 0) return 'answer';
  const last = Math.max(...filesOf(table).map(f => f.last));
  return merged.candidates.every(c => c.first > last) ? 'append' : 'insert';
}

/** Reads the new files back by another reader than wrote them. */
export async function validate(house: House, proposal: Proposal): Promise<void> {
  const { series, base, removes, answered, merged } = proposal;
  const { candidates } = merged;
  if (candidates.length === 0) return;
  const table = base < 0 ? undefined : await findBare(house, series, base);
  const gone = new Set(removes);
  const beside = table ? (await filesIn(house, table, [spanOf(candidates)])).filter(f => !gone.has(f.path)) : [];
  await validateInParts(house.frames, { candidates, beside, answered, timeframe: series.timeframe });
}

const spanOf = (candidates: Merged['candidates']) => ({
  from: Math.min(...candidates.map(c => c.first)),
  to: Math.max(...candidates.map(c => c.last)) + 1,
});

const ATTEMPTS = 100;

/** Builds a proposal, validates it and commits it until it is in: losing a race is the normal path. */
export async function landed(
  house: House,
  series: Proposal['series'],
  build: () => Promise<Proposal>,
): Promise<Landed & { proposal: Proposal }> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const proposal = await build();
    await validate(house, proposal);
    const outcome = await commit(house, proposal);
    if (outcome.kind !== 'raced') return { ...outcome, proposal };
  }
  throw fail('COMMIT_CONTENDED', { series: nameOf(series), attempts: ATTEMPTS });
}

export const write = (house: House, request: WriteRequest): Promise<Landed & { proposal: Proposal }> =>
  landed(house, request.series, () => merge(house, request));
