/** Vacuum: versions whose time is over leave the log, and files that no version names any more leave the table. */
import { join } from 'node:path';
import { fail } from '../model/errors.js';
import { idOf, nameOf, type Series } from '../model/series.js';
import { makeCheckpoint } from './commit.js';
import { readSealed } from './frames/files.js';
import { type House, hashOf, readIfThere } from './house.js';
import { unlessGone } from './io.js';
import { readCheckpoint } from './log/checkpoint.js';
import { entryPath, type LogEntry } from './log/entry.js';
import { baseFor, checkpointForCleanup, type Keep, logBefore, oldestToKeep } from './log/expired.js';
import { firstReadable, type LogNames, latestOf, listLog, readEntries, readSnapshot, withoutCheckpoint } from './log/log.js';
import type { Snapshot } from './log/snapshot.js';
import { held } from './proposal.js';
import { replaceFile } from './publish.js';
import { openTable } from './table.js';

export interface Vacuumed {
  readonly series: Series;
  /** The oldest version that can still be read, and the newest. */
  readonly first: number;
  readonly latest: number;
  /** Versions that can no longer be read. */
  readonly versions: number;
  /** What went, or would go: files of the log and of the table, by their paths below the table's folder. */
  readonly removed: readonly string[];
  readonly bytes: number;
  /** Files that no version names, and that stay until their grace time is over. */
  readonly waiting: readonly string[];
}

/** Refuses a table that is damaged: what looks superfluous may be what it is mended from. */
export async function vacuum(house: House, series: Series, keep: Keep, dryRun = false): Promise<Vacuumed> {
  const id = idOf(series);
  const oldest = await oldestToKeep(house, series, keep);
  if (!dryRun) await checkpointForCleanup(house, series, oldest);
  const base = await baseFor(house, series, oldest, keep);
  const names = await listLog(house.objects, id);
  const named = await namedFrom(house, series, base, latestOf(names));
  const marks = await marksOf(house, id, named);
  const due = await dueOf(house, marks, keep);
  const log = logBefore(id, names, base);
  const removed = [...log, ...due];
  const bytes = await sizeOf(house, removed);
  if (!dryRun) {
    if (log.length > 0) await cleanLog(house, series, names, base, log);
    await removeUnnamed(house, series, due, latestOf(names), keep);
    await writeMarks(house, id, new Map([...marks].filter(([path]) => !due.includes(path))));
  }
  const below = (path: string) => path.slice(id.length + 1);
  return {
    series,
    first: base,
    latest: latestOf(names),
    versions: base - firstReadable(names),
    removed: removed.map(below),
    bytes,
    waiting: [...marks.keys()].filter(path => !due.includes(path)).map(below),
  };
}

const HEX = /[0-9a-f]{64}/g;

/** All names of content that the versions from `base` on speak of; every data file of theirs is there in its size. */
async function namedFrom(house: House, series: Series, base: number, latest: number): Promise<Set<string>> {
  const id = idOf(series);
  const start = (await readSnapshot(house.objects, id, base)) as Snapshot;
  const newest = (await readSnapshot(house.objects, id, latest, start)) as Snapshot;
  const { versions } = await listLog(house.objects, id);
  const entries = await readEntries(
    house.objects,
    id,
    versions.filter(v => v >= base && v <= latest),
  );
  const files = new Map([...start.files.values()].map(f => [f.path, f.bytes]));
  for (const add of entries.filter(e => e.version > base).flatMap(e => e.adds)) files.set(add.path, Number(add.size));
  for (const [path, bytes] of files) await refuseUnlessWhole(house, `${id}/${path}`, bytes, series);
  const told = [start.metaData.configuration, ...entries.map(toldBy)];
  const { holdings } = await openTable(house, series, newest.version);
  const refused = holdings.ledger.some(absence => absence.reason === 'refused');
  return new Set([...files.keys(), ...told.flatMap(t => JSON.stringify(t).match(HEX) ?? []), ...(refused ? [QUARANTINE] : [])]);
}

const toldBy = ({ metaData, commitInfo }: LogEntry) => [metaData?.configuration, commitInfo?.tapekeep?.lineage];

async function refuseUnlessWhole(house: House, file: string, bytes: number, series: Series): Promise<void> {
  const size = await house.objects.size(file);
  if (size === undefined) throw fail('FILE_MISSING', { file, series: nameOf(series) });
  if (size !== bytes) throw fail('FILE_DAMAGED', { file, series: nameOf(series), reason: `it has ${size} bytes, ${bytes} were written` });
}

const QUARANTINE = '_quarantine';
const BESIDE = ['_holdings', '_quality', '_corrections', QUARANTINE];

/** What lies in the table's folder under a name that we give, and that nothing speaks of. Strangers are left alone. */
async function unnamed(house: House, id: string, named: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of await house.objects.list(id))
    if (/^[0-9a-f]{64}\.parquet$/.test(name) && !named.has(name)) found.push(`${id}/${name}`);
  // Bars that were set aside stay as long as the newest version misses any of them: they are what there is of it.
  for (const folder of BESIDE.filter(f => !named.has(f)))
    for (const { name } of await house.objects.list(`${id}/${folder}`))
      if (/^[0-9a-f]{64}\.jsonl?$/.test(name) && !named.has(name.slice(0, 64))) found.push(`${id}/${folder}/${name}`);
  return found;
}

type Marks = ReadonlyMap<string, number>;

const marksFile = (house: House, id: string): string => join(house.folders.staging, 'unnamed', `${id.replaceAll('/', ',')}.json`);

/** Since when each file is known to be named by nothing. What cannot be read begins anew. */
async function marksOf(house: House, id: string, named: ReadonlySet<string>): Promise<Marks> {
  const bytes = await readIfThere(house, marksFile(house, id));
  let since: Record<string, number> = {};
  try {
    since = bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, number>) : {};
  } catch {
    // A torn hint says nothing.
  }
  const now = house.now();
  return new Map((await unnamed(house, id, named)).map(path => [path, Math.min(now, since[path] ?? now)]));
}

async function writeMarks(house: House, id: string, marks: Marks): Promise<void> {
  const file = marksFile(house, id);
  if (marks.size === 0) {
    await unlessGone(house.io.remove(file));
    return;
  }
  await house.io.makeFolder(join(house.folders.staging, 'unnamed'));
  await replaceFile(house.io, house.folders.temp, file, new TextEncoder().encode(JSON.stringify(Object.fromEntries(marks))));
}

async function dueOf(house: House, marks: Marks, { graceMs }: Keep): Promise<string[]> {
  const due: string[] = [];
  for (const [path, since] of marks) if (house.now() - since >= graceMs && (await isOld(house, path, graceMs))) due.push(path);
  return due;
}

/** What a commit is about to name was written a moment ago. */
async function isOld(house: House, path: string, graceMs: number): Promise<boolean> {
  const written = await house.objects.modified(path);
  return written !== undefined && house.now() - written >= graceMs;
}

/** The base is proved by the entries that go, and a second checkpoint stands by it: one damaged file is not the end of the table. */
async function cleanLog(house: House, series: Series, names: LogNames, base: number, files: readonly string[]): Promise<void> {
  const id = idOf(series);
  const told = await withoutCheckpoint(house.objects, id, base);
  const kept = await readCheckpoint(house.objects, id, base);
  if (!kept?.metaData || printOf(told) !== printOf({ ...kept, metaData: kept.metaData }))
    throw fail('LOG_CORRUPT', { series: id, file: `checkpoint ${base}`, reason: 'it does not hold what the entries before it tell' });
  if (!names.checkpoints.some(v => v > base) && latestOf(names) > base) await makeCheckpoint(house, series);
  for (const file of files) await gone(house, file);
  await house.objects.settle(entryPath(id, base));
}

/** What a table is, whatever order it was told in. */
function printOf({ metaData: { id, name, schemaString, createdTime, configuration }, files }: Snapshot): string {
  const all = [...files.values()].map(({ path, bytes, rows, first, last, sha256 }) => [path, bytes, rows, first, last, sha256]);
  return hashOf([id, name, schemaString, createdTime, Object.entries(configuration).sort(), all.sort()]);
}

/** The way back goes only when the way ahead is proved: every file of the newest version, by its SHA-256. */
async function removeUnnamed(house: House, series: Series, due: readonly string[], seen: number, keep: Keep): Promise<void> {
  if (due.length === 0) return;
  const table = await openTable(house, series);
  for (const file of table.snapshot.files.values()) await readSealed(house.io, await held(house, table, file));
  const id = idOf(series);
  const since = (await listLog(house.objects, id)).versions.filter(v => v > seen);
  const named = JSON.stringify((await readEntries(house.objects, id, since)).map(e => [e.adds, toldBy(e)])).match(HEX) ?? [];
  for (const path of due) if (!named.some(name => path.includes(name)) && (await isOld(house, path, keep.graceMs))) await gone(house, path);
}

const gone = async (house: House, path: string): Promise<void> => {
  if ((await house.objects.size(path)) !== undefined) await house.objects.remove(path);
};

async function sizeOf(house: House, paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += (await house.objects.size(path)) ?? 0;
  return bytes;
}
