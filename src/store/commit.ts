/** The commit: one log entry put in place if nobody was first. The only fence between writers. */
import { isTapekeepError } from '../model/errors.js';
import { idOf, nameOf, type Series } from '../model/series.js';
import { requireBackup } from './backup/backup.js';
import { readSealed } from './frames/files.js';
import type { Candidate, MetaDataRow, Sealed } from './frames/jobs.js';
import { type House, hashOf } from './house.js';
import { writeCheckpoint } from './log/checkpoint.js';
import { CORRECTIONS_KEY, writeCorrections } from './log/corrections.js';
import { encodeEntry, entryPath, type LogEntry, PROGRAM, READER_VERSION, WRITER_VERSION } from './log/entry.js';
import { HOLDINGS_KEY, writeHoldings } from './log/holdings.js';
import { latestOf, listLog, readEntry } from './log/log.js';
import { quarantinePath, writeQuality } from './log/named.js';
import { addOf, DELTA_SCHEMA, type TableFile } from './log/snapshot.js';
import { held, type Proposal } from './proposal.js';
import { type BareTable, findBare } from './table.js';

export type Landed =
  | { readonly kind: 'committed'; readonly version: number }
  /** This very change was committed before. */
  | { readonly kind: 'already'; readonly version: number }
  /** The table says all of it already. */
  | { readonly kind: 'unchanged'; readonly version: number };
export type Outcome = Landed | { readonly kind: 'raced'; readonly version: number };

export async function commit(house: House, proposal: Proposal): Promise<Outcome> {
  const { series, base, landed } = proposal;
  if (landed !== null) return landedAt(house, series, 'already', landed);
  const overtaken = await whatCameSince(house, proposal);
  if (overtaken) return overtaken;
  if (house.backup !== undefined && base >= 0) await requireBackup(house, house.backup, series, base);
  const table = base < 0 ? undefined : await findBare(house, series, base);
  const id = idOf(series);
  const configuration = await configurationOf(house, proposal, table);
  if (table && saysNothingNew(proposal, table, configuration)) return landedAt(house, series, 'unchanged', base);
  await proveWayBack(house, proposal, table);
  const [entry] = await Promise.all([entryOf(house, proposal, table, configuration), adoptFiles(house, proposal)]);
  const outcome = await house.objects.putIfAbsent(entryPath(id, base + 1), encodeEntry(entry));
  if (outcome === 'exists') return (await whatCameSince(house, proposal)) ?? { kind: 'raced', version: base + 1 };
  await checkpointIfDue(house, series, base + 1);
  return { kind: 'committed', version: base + 1 };
}

/** Whatever the new version names lies in the table's folder before the version does. */
async function adoptFiles(house: House, { series, merged: { candidates, quarantine } }: Proposal): Promise<void> {
  const id = idOf(series);
  for (const c of candidates) await adoptWhole(house, c, `${id}/${c.sha256}.parquet`);
  if (quarantine) await adoptWhole(house, quarantine, quarantinePath(id, quarantine.sha256));
}

/** A file is named by its content. What has the name already, damaged or about to be vacuumed, gives its place to the new file. */
async function adoptWhole(house: House, candidate: Sealed, path: string): Promise<void> {
  if ((await house.objects.adopt(candidate.file, path)) === 'exists') await house.objects.put(path, await readSealed(house.io, candidate));
}

/** When versions came after the base: our own among them, or somebody else's. */
async function whatCameSince(house: House, proposal: Proposal): Promise<Outcome | undefined> {
  const { series, base } = proposal;
  const latest = latestOf(await listLog(house.objects, idOf(series)));
  if (latest <= base) return undefined;
  const own = await findOwn(house, proposal, latest, base + 1);
  return own === undefined ? { kind: 'raced', version: latest } : landedAt(house, series, 'already', own);
}

/** A version that was there before is only told of as landed when no power loss can take it away again. */
async function landedAt(house: House, series: Series, kind: 'already' | 'unchanged', version: number): Promise<Landed> {
  await house.objects.settle(entryPath(idOf(series), version));
  return { kind, version };
}

const HOUR = 3_600_000;

/** The version that committed this very change, looked for backwards to where its load cannot have been. */
export async function findOwn(
  house: House,
  { series, load, batch, plan }: Pick<Proposal, 'series' | 'load' | 'batch' | 'plan'>,
  latest: number,
  oldest = 0,
): Promise<number | undefined> {
  const id = idOf(series);
  const newest = await knownEntry(house, id, latest);
  if (newest === undefined) return undefined;
  // A clock that went back in between makes a load seem younger than its own commit.
  const since = Math.min(bornOf(load) ?? 0, house.now(), newest.commitInfo?.timestamp ?? 0) - HOUR;
  for (let version = latest; version >= oldest; version--) {
    const entry = await knownEntry(house, id, version);
    if (entry === undefined) return undefined;
    const facts = entry.commitInfo?.tapekeep;
    if (facts?.load === load && facts.batch === batch && facts.plan === plan) return version;
    if ((entry.commitInfo?.timestamp ?? 0) < since) return undefined;
  }
  return undefined;
}

const REMEMBERED = 512;

/** Undefined: the version was let go, and with it all before it. */
async function knownEntry(house: House, id: string, version: number): Promise<LogEntry | undefined> {
  const key = entryPath(id, version);
  const entry = house.entries.get(key) ?? (await entryIfThere(house, id, version));
  if (entry === undefined) return undefined;
  if (house.entries.size >= REMEMBERED) house.entries.clear();
  house.entries.set(key, entry);
  return entry;
}

async function entryIfThere(house: House, id: string, version: number): Promise<LogEntry | undefined> {
  try {
    return await readEntry(house.objects, id, version);
  } catch (error) {
    if (isTapekeepError(error, 'FILE_MISSING')) return undefined;
    throw error;
  }
}

/** A ULID begins with its birth in milliseconds; other ids tell nothing. */
export function bornOf(load: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(load)) return undefined;
  return [...load.slice(0, 10)].reduce((n, c) => n * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(c), 0);
}

/** Files about to be superseded are the way back, and files that come back are what they were: both are proved before the version stands. */
async function proveWayBack(house: House, { removes, back, lost = [] }: Proposal, table: BareTable | undefined): Promise<void> {
  if (!table) return;
  const files = [...removes.filter(path => !lost.includes(path)).map(path => table.snapshot.files.get(path)), ...back];
  for (const file of files) if (file) await readSealed(house.io, await held(house, table, file));
}

/** The same files and the same facts are no new version. */
const saysNothingNew = ({ merged, back, removes }: Proposal, table: BareTable, configuration: MetaDataRow['configuration']): boolean =>
  merged.candidates.length + back.length + removes.length === 0 &&
  merged.quarantine === null &&
  hashOf(configuration) === hashOf(table.snapshot.metaData.configuration);

/** What the table says of itself from this version on. */
async function configurationOf(house: House, proposal: Proposal, table: BareTable | undefined): Promise<MetaDataRow['configuration']> {
  const { configuration: before = {} } = table?.snapshot.metaData ?? {};
  const holdings = await writeHoldings(house.objects, idOf(proposal.series), proposal.holdings);
  const corrections = proposal.corrections && {
    [CORRECTIONS_KEY]: await writeCorrections(house.objects, idOf(proposal.series), proposal.corrections),
  };
  const all = { ...before, ...proposal.configuration, ...corrections, [HOLDINGS_KEY]: holdings };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}

async function entryOf(
  house: House,
  proposal: Proposal,
  table: BareTable | undefined,
  configuration: MetaDataRow['configuration'],
): Promise<Parameters<typeof encodeEntry>[0]> {
  const { series, change, load, batch, plan, merged, back, removes, rearranges, baseSeal } = proposal;
  const now = house.now();
  const quality = await writeQuality(house.objects, idOf(series), proposal.quality);
  return {
    commitInfo: {
      timestamp: now,
      operation: table ? 'WRITE' : 'CREATE TABLE AS SELECT',
      operationParameters: { change },
      engineInfo: PROGRAM,
      tapekeep: {
        load,
        batch,
        plan,
        counts: { ...merged.counts },
        lineage: { ...proposal.lineage, ...(quality && { quality }) },
        previous: baseSeal,
        seal: '',
      },
    },
    protocol: table ? null : { minReaderVersion: READER_VERSION, minWriterVersion: WRITER_VERSION },
    metaData: {
      id: table?.snapshot.metaData.id ?? tableId(plan, now),
      name: nameOf(series),
      schemaString: DELTA_SCHEMA,
      createdTime: table?.snapshot.metaData.createdTime ?? now,
      configuration,
    },
    removes: removes.map(path => ({ path, deletionTimestamp: now, dataChange: !rearranges })),
    adds: [...merged.candidates.map(c => fileOfCandidate(c, now)), ...back].map(file => ({ ...addOf(file), dataChange: !rearranges })),
  };
}

const fileOfCandidate = ({ sha256, bytes, rows, first, last }: Candidate, added: number): TableFile => ({
  path: `${sha256}.parquet`,
  bytes,
  rows,
  first,
  last,
  sha256,
  added,
});

/** A table's id is made from what made it and when, in the form that a Delta table's id has. */
const tableId = (plan: string, now: number): string =>
  hashOf({ plan, now }).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');

/** Opening stays quick without it, too: a checkpoint that fails is made at the next occasion. */
async function checkpointIfDue(house: House, series: Series, version: number): Promise<void> {
  if (version === 0 || version % house.checkpointEvery !== 0) return;
  await makeCheckpoint(house, series, version).catch(() => {});
}

export async function makeCheckpoint(house: House, series: Series, version?: number): Promise<void> {
  const table = await findBare(house, series, version);
  if (table) await writeCheckpoint(house, idOf(series), table.snapshot);
}
