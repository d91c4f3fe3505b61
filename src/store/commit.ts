/** The commit: one log entry put in place if nobody was first. The only fence between writers. */
import { fail } from '../model/errors.js';
import { hull } from '../model/interval.js';
import { idOf, nameOf } from '../model/series.js';
import { readSealed } from './frames/files.js';
import type { MetaDataRow, Sealed } from './frames/jobs.js';
import { type House, hashOf } from './house.js';
import { writeCheckpoint } from './log/checkpoint.js';
import { encodeEntry, entryPath, type LogEntry, PROGRAM, READER_VERSION, WRITER_VERSION } from './log/entry.js';
import { HOLDINGS_KEY, writeHoldings } from './log/holdings.js';
import { latestOf, listLog, readEntry } from './log/log.js';
import { addOf, DELTA_SCHEMA } from './log/snapshot.js';
import { held, holdingsAfter, type Proposal, type WriteRequest } from './proposal.js';
import { sha256Of } from './publish.js';
import { findTable, type Table } from './table.js';

export type Landed =
  | { readonly kind: 'committed'; readonly version: number }
  /** This very request was committed before. */
  | { readonly kind: 'already'; readonly version: number }
  /** The table says all of it already. */
  | { readonly kind: 'unchanged'; readonly version: number };
export type Outcome = Landed | { readonly kind: 'raced'; readonly version: number };

export async function commit(house: House, proposal: Proposal): Promise<Outcome> {
  const { request, base } = proposal;
  if (proposal.landed !== null) return landedAt(house, request, 'already', proposal.landed);
  const overtaken = await whatCameSince(house, proposal);
  if (overtaken) return overtaken;
  const table = base < 0 ? undefined : await findTable(house, request.series, base);
  const entry = await entryFor(house, proposal, table);
  if (!entry) return landedAt(house, request, 'unchanged', base);
  await proveWayBack(house, proposal, table);
  const id = idOf(request.series);
  for (const c of proposal.merged.candidates) await adoptWhole(house, c, `${id}/${c.sha256}.parquet`);
  const outcome = await house.objects.putIfAbsent(entryPath(id, base + 1), encodeEntry(entry));
  if (outcome === 'exists') return (await whatCameSince(house, proposal)) ?? { kind: 'raced', version: base + 1 };
  await checkpointIfDue(house, request, base + 1);
  return { kind: 'committed', version: base + 1 };
}

/** A file is named by its content: one that has the name and other bytes is damaged, and the new one takes its place. */
async function adoptWhole(house: House, candidate: Sealed, path: string): Promise<void> {
  if ((await house.objects.adopt(candidate.file, path)) === 'created') return;
  if (sha256Of(await house.objects.read(path)) === candidate.sha256) return;
  await house.objects.put(path, await readSealed(house.io, candidate));
}

/** When versions came after the base: our own among them, or somebody else's. */
async function whatCameSince(house: House, proposal: Proposal): Promise<Outcome | undefined> {
  const { request, base, plan } = proposal;
  const latest = latestOf(await listLog(house.objects, idOf(request.series)));
  if (latest <= base) return undefined;
  const own = await findOwn(house, request, plan, latest, base + 1);
  return own === undefined ? { kind: 'raced', version: latest } : landedAt(house, request, 'already', own);
}

/** A version that was there before is only told of as landed when no power loss can take it away again. */
async function landedAt(house: House, request: WriteRequest, kind: 'already' | 'unchanged', version: number): Promise<Landed> {
  await house.objects.settle(entryPath(idOf(request.series), version));
  return { kind, version };
}

const HOUR = 3_600_000;

/** The version that committed this request, looked for backwards to where its load cannot have been. */
export async function findOwn(house: House, request: WriteRequest, plan: string, latest: number, oldest = 0): Promise<number | undefined> {
  const id = idOf(request.series);
  const since = (bornOf(request.load) ?? 0) - HOUR;
  const { versions } = await listLog(house.objects, id);
  for (const version of versions.filter(v => v >= oldest && v <= latest).reverse()) {
    const entry = await knownEntry(house, id, version);
    const facts = entry.commitInfo?.tapekeep;
    if (facts?.load === request.load && facts.batch === request.batch && facts.plan === plan) return version;
    if ((entry.commitInfo?.timestamp ?? 0) < since) return undefined;
  }
  return undefined;
}

const REMEMBERED = 512;

async function knownEntry(house: House, id: string, version: number): Promise<LogEntry> {
  const key = entryPath(id, version);
  const entry = house.entries.get(key) ?? (await readEntry(house.objects, id, version));
  if (house.entries.size >= REMEMBERED) house.entries.clear();
  house.entries.set(key, entry);
  return entry;
}

/** A ULID begins with its birth in milliseconds; other ids tell nothing. */
function bornOf(load: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(load)) return undefined;
  return [...load.slice(0, 10)].reduce((n, c) => n * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(c), 0);
}

/** Files about to be superseded are the way back: they are proved before anything takes their place. */
async function proveWayBack(house: House, proposal: Proposal, table: Table | undefined): Promise<void> {
  for (const { replaces } of proposal.merged.candidates) {
    const file = replaces === null ? undefined : table?.snapshot.files.get(replaces);
    if (table && file) await readSealed(house.io, await held(house, table, file));
  }
}

/** undefined when the new version would say nothing new. */
async function entryFor(
  house: House,
  proposal: Proposal,
  table: Table | undefined,
): Promise<Parameters<typeof encodeEntry>[0] | undefined> {
  const { request, plan, merged, baseSeal } = proposal;
  const now = house.now();
  const id = idOf(request.series);
  const holdings = await writeHoldings(house.objects, id, holdingsAfter(table, request));
  if (merged.candidates.length === 0 && table?.snapshot.metaData.configuration[HOLDINGS_KEY] === holdings) return undefined;
  const removes = merged.candidates.flatMap(c =>
    c.replaces === null ? [] : [{ path: c.replaces, deletionTimestamp: now, dataChange: true }],
  );
  const asked = hull(request.answered);
  if (!asked) throw fail('CANDIDATE_REFUSED', { series: nameOf(request.series), reason: 'nothing was answered' });
  return {
    commitInfo: {
      timestamp: now,
      operation: table ? 'WRITE' : 'CREATE TABLE AS SELECT',
      operationParameters: { change: changeOf(proposal, table) },
      engineInfo: PROGRAM,
      tapekeep: {
        load: request.load,
        batch: request.batch,
        plan,
        counts: { ...merged.counts },
        lineage: {
          by: request.by,
          provider: request.provider,
          interval: asked,
          requests: request.requests,
          raw: request.inputs.map(i => ({ sha256: i.sha256, rows: i.rows })),
          calendar: request.calendar,
          program: PROGRAM,
        },
        previous: baseSeal,
        seal: '',
      },
    },
    protocol: table ? null : { minReaderVersion: READER_VERSION, minWriterVersion: WRITER_VERSION },
    metaData: metaDataFor(proposal, table, holdings, now),
    removes,
    adds: merged.candidates.map(c =>
      addOf({ path: `${c.sha256}.parquet`, bytes: c.bytes, rows: c.rows, first: c.first, last: c.last, sha256: c.sha256, added: now }),
    ),
  };
}

const metaDataFor = ({ request, plan }: Proposal, table: Table | undefined, holdings: string, now: number): MetaDataRow => ({
  id: table?.snapshot.metaData.id ?? tableId(plan, now),
  name: nameOf(request.series),
  schemaString: DELTA_SCHEMA,
  createdTime: table?.snapshot.metaData.createdTime ?? now,
  configuration: {
    ...table?.snapshot.metaData.configuration,
    'tapekeep.series': JSON.stringify(request.series),
    'tapekeep.basis': JSON.stringify(request.basis),
    'tapekeep.calendar': JSON.stringify(request.calendar),
    [HOLDINGS_KEY]: holdings,
  },
});

/** A table's id is made from what made it and when, in the form that a Delta table's id has. */
const tableId = (plan: string, now: number): string =>
  hashOf({ plan, now }).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');

/** What the version does to the table, in one word. */
function changeOf({ merged }: Proposal, table: Table | undefined): string {
  if (!table) return 'create';
  if (merged.counts.replaced > 0) return 'replace';
  if (merged.candidates.length === 0) return 'answer';
  const last = Math.max(...[...table.snapshot.files.values()].map(f => f.last));
  return merged.candidates.every(c => c.first > last) ? 'append' : 'insert';
}

/** Opening stays quick without it, too: a checkpoint that fails is made at the next occasion. */
async function checkpointIfDue(house: House, request: WriteRequest, version: number): Promise<void> {
  if (version === 0 || version % house.checkpointEvery !== 0) return;
  await makeCheckpoint(house, request.series, version).catch(() => {});
}

export async function makeCheckpoint(house: House, series: WriteRequest['series'], version?: number): Promise<void> {
  const table = await findTable(house, series, version);
  if (table) await writeCheckpoint(house, idOf(series), table.snapshot);
}
