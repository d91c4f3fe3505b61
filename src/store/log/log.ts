/** Reading a table's log: which versions there are, and what the table is at one of them. */
import { fail } from '../../model/errors.js';
import type { ObjectStore } from '../object-store.js';
import { readCheckpoint } from './checkpoint.js';
import { BadEntry, decodeEntry, entryPath, type LogEntry, READER_VERSION, WRITER_VERSION } from './entry.js';
import { applyEntries, BLANK, type Snapshot, type Unfinished } from './snapshot.js';

export interface LogNames {
  readonly versions: readonly number[];
  readonly checkpoints: readonly number[];
}

export async function listLog(objects: ObjectStore, table: string): Promise<LogNames> {
  const versions: number[] = [];
  const checkpoints: number[] = [];
  for (const { name } of await objects.list(`${table}/_delta_log`)) {
    const [, version, kind] = LOG_NAME.exec(name) ?? [];
    if (version !== undefined) (kind === 'json' ? versions : checkpoints).push(Number(version));
  }
  return { versions, checkpoints };
}

const LOG_NAME = /^(\d{20})\.(json|checkpoint\.parquet)$/;

export async function readEntry(objects: ObjectStore, table: string, version: number): Promise<LogEntry> {
  const file = entryPath(table, version);
  const bytes = await objects.read(file);
  try {
    return decodeEntry(version, bytes);
  } catch (error) {
    if (error instanceof BadEntry) throw fail('LOG_CORRUPT', { series: table, file, reason: error.message });
    throw error;
  }
}

const TOGETHER = 32;

export async function readEntries(objects: ObjectStore, table: string, versions: readonly number[]): Promise<LogEntry[]> {
  const out: LogEntry[] = [];
  for (let i = 0; i < versions.length; i += TOGETHER) {
    out.push(...(await Promise.all(versions.slice(i, i + TOGETHER).map(v => readEntry(objects, table, v)))));
  }
  return out;
}

export const latestOf = (names: LogNames): number => Math.max(-1, names.versions.at(-1) ?? -1, names.checkpoints.at(-1) ?? -1);

/** The table at a version (the newest unless one is named); undefined when there is no table. `known` saves reading what was read before. */
export async function readSnapshot(objects: ObjectStore, table: string, asOf?: number, known?: Snapshot): Promise<Snapshot | undefined> {
  if (known && known.version === asOf) return known;
  const names = await listLog(objects, table);
  const latest = latestOf(names);
  if (latest < 0) return undefined;
  const target = asOf ?? latest;
  const first = firstReadable(names);
  if (target > latest || target < first) throw fail('VERSION_UNKNOWN', { series: table, version: target, first, last: latest });
  if (known?.version === target) return known;
  // What follows a version that was read long ago may have been cleaned up since.
  const goesOn = known && known.version < target && known.version >= first - 1;
  const start = goesOn ? known : await startFor(objects, table, names, target);
  return finished(table, await advance(objects, table, names, start, target));
}

/** The oldest version that can be read. Entries before the first checkpoint, without a beginning, are what a clean-up left that was broken off. */
export function firstReadable({ versions, checkpoints }: LogNames): number {
  const [entry = Number.POSITIVE_INFINITY, checkpoint = entry] = [versions[0], checkpoints[0]];
  return entry === 0 ? 0 : checkpoint;
}

/** The newest checkpoint at or before the target that can be believed, or nothing at all. */
async function startFor(objects: ObjectStore, table: string, names: LogNames, target: number): Promise<Unfinished> {
  for (const version of names.checkpoints.filter(v => v <= target).reverse()) {
    const state = await readCheckpoint(objects, table, version);
    if (state) return { ...state, seal: names.versions.includes(version) ? await sealAt(objects, table, version) : null };
  }
  return BLANK;
}

/** A checkpoint has no seal of its own: what is committed on it names that of its version's entry. */
const sealAt = async (objects: ObjectStore, table: string, version: number): Promise<string | null> =>
  (await readEntry(objects, table, version)).commitInfo?.tapekeep?.seal ?? null;

/** A version as the log before its checkpoint tells it: by that, the checkpoint is proved. */
export async function withoutCheckpoint(objects: ObjectStore, table: string, version: number): Promise<Snapshot> {
  const names = await listLog(objects, table);
  const earlier = { ...names, checkpoints: names.checkpoints.filter(v => v < version) };
  return finished(table, await advance(objects, table, earlier, await startFor(objects, table, earlier, version), version));
}

async function advance(objects: ObjectStore, table: string, names: LogNames, start: Unfinished, target: number): Promise<Unfinished> {
  const there = new Set(names.versions);
  const wanted: number[] = [];
  for (let v = start.version + 1; v <= target; v++) {
    if (!there.has(v)) throw fail('LOG_GAP', { series: table, version: v });
    wanted.push(v);
  }
  const entries = await readEntries(objects, table, wanted);
  checkChain(table, start.seal, entries);
  for (const entry of entries) refuseNewer(table, entry);
  return applyEntries(start, entries);
}

/** Each entry names the seal of the one before: an entry that was put in place of another is seen. */
function checkChain(table: string, seal: string | null, entries: readonly LogEntry[]): void {
  let before = seal;
  for (const entry of entries) {
    const facts = entry.commitInfo?.tapekeep;
    if (before !== null && facts && facts.previous !== before) {
      throw fail('LOG_CORRUPT', { series: table, file: entryPath(table, entry.version), reason: 'it does not follow the entry before it' });
    }
    before = facts?.seal ?? null;
  }
}

function refuseNewer(table: string, { protocol }: LogEntry): void {
  if (!protocol) return;
  const { minReaderVersion, minWriterVersion } = protocol;
  if (minReaderVersion > READER_VERSION || minWriterVersion > WRITER_VERSION) {
    throw fail('LOG_NEWER', { series: table, needs: `Delta reader ${minReaderVersion}, writer ${minWriterVersion}` });
  }
}

function finished(table: string, state: Unfinished): Snapshot {
  if (!state.metaData) throw fail('LOG_CORRUPT', { series: table, file: entryPath(table, 0), reason: 'it has no metaData' });
  return { ...state, metaData: state.metaData };
}
