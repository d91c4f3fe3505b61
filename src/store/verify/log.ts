/** The log of a table, entry by entry: there, sealed, each behind the one before, and checkpoints that tell the same. */
import { type ErrorCode, isTapekeepError } from '../../model/errors.js';
import type { MetaDataRow } from '../frames/jobs.js';
import { type House, hashOf } from '../house.js';
import { checkpointPath, checksumPath, readCheckpoint } from '../log/checkpoint.js';
import { entryPath, type LogEntry, READER_VERSION, WRITER_VERSION } from '../log/entry.js';
import { listLog, readEntry } from '../log/log.js';
import { fileOf, type TableFile } from '../log/snapshot.js';
import type { Flaw } from './flaws.js';

/** A file that a version names. */
export interface Named {
  readonly file: TableFile;
  /** The last version that names it; null: the newest does. */
  readonly until: number | null;
}

export interface LogSeen {
  readonly latest: number;
  readonly checkpoints: number;
  /** Whether the newest version can be known. */
  readonly whole: boolean;
  readonly metaData: MetaDataRow | null;
  readonly named: ReadonlyMap<string, Named>;
  readonly told: readonly LogEntry[];
  readonly flaws: readonly Flaw[];
}

/** What the table is while its entries are gone through; undefined where that is not known. */
interface State {
  readonly files: Map<string, TableFile>;
  metaData: MetaDataRow | null;
}

export async function seeLog(house: House, table: string): Promise<LogSeen> {
  const names = await listLog(house.objects, table);
  const [there, points] = [new Set(names.versions), new Set(names.checkpoints)];
  const latest = Math.max(names.versions.at(-1) ?? -1, names.checkpoints.at(-1) ?? -1);
  // What lies before the first checkpoint without a beginning is what a clean-up left.
  const first = there.has(0) ? 0 : (names.checkpoints[0] ?? names.versions[0] ?? 0);
  const walk = new Walk(house, table);
  for (let version = first; version <= latest; version++) {
    const entry = there.has(version) ? await entryOf(house, table, version, version === latest) : undefined;
    walk.step(version, entry);
    if (points.has(version)) await walk.checkpoint(version);
  }
  if (!walk.state && walk.flaws.length === 0)
    walk.flaws.push({ kind: 'log_gap', file: entryPath(table, 0), says: 'there is no beginning, and no checkpoint that takes its place' });
  return { latest, checkpoints: points.size, whole: walk.state !== undefined, metaData: walk.state?.metaData ?? null, ...walk };
}

class Walk {
  readonly named = new Map<string, Named>();
  readonly told: LogEntry[] = [];
  readonly flaws: Flaw[] = [];
  state: State | undefined;
  #seal: string | null = null;

  constructor(
    private readonly house: House,
    private readonly table: string,
  ) {}

  /** Entries that were cleaned up behind a checkpoint are no gap: there is a state only from that checkpoint on. */
  step(version: number, entry: LogEntry | Flaw | undefined): void {
    if (version === 0) this.state = { files: new Map(), metaData: null };
    if (!entry && !this.state) return;
    if (!entry || 'kind' in entry) {
      this.flaws.push(entry ?? { kind: 'log_gap', file: entryPath(this.table, version), says: `there is no entry of version ${version}` });
      this.state = undefined;
      this.#seal = null;
      return;
    }
    this.told.push(entry);
    this.flaws.push(...flawsOf(entry, entryPath(this.table, version), this.#seal));
    this.#seal = entry.commitInfo?.tapekeep?.seal ?? null;
    for (const { path } of entry.removes) this.#remove(path, version);
    for (const add of entry.adds) this.#add(fileOf(add));
    if (this.state && entry.metaData) this.state.metaData = entry.metaData;
  }

  #add(file: TableFile): void {
    this.state?.files.set(file.path, file);
    this.named.set(file.path, { file, until: null });
  }

  #remove(path: string, version: number): void {
    this.state?.files.delete(path);
    const known = this.named.get(path);
    if (known) this.named.set(path, { ...known, until: version - 1 });
  }

  async checkpoint(version: number): Promise<void> {
    const { objects } = this.house;
    const file = checkpointPath(this.table, version);
    const point = await readCheckpoint(objects, this.table, version);
    if (!point) {
      const proved = (await objects.size(checksumPath(this.table, version))) !== undefined;
      if (proved) this.flaws.push({ kind: 'checkpoint_lies', file, says: 'its bytes are not those of its checksum, or no checkpoint' });
      else this.flaws.push({ kind: 'checkpoint_unproved', file, says: 'it has no checksum beside it' });
    } else if (!this.state) {
      this.state = { files: new Map(point.files), metaData: point.metaData };
      for (const found of point.files.values()) if (!this.named.has(found.path)) this.named.set(found.path, { file: found, until: null });
    } else if (printOf(point) !== printOf(this.state)) {
      this.flaws.push({ kind: 'checkpoint_lies', file, says: 'it tells otherwise than the entries' });
    }
  }
}

async function entryOf(house: House, table: string, version: number, last: boolean): Promise<LogEntry | Flaw> {
  try {
    return await readEntry(house.objects, table, version);
  } catch (error) {
    const bad: readonly ErrorCode[] = ['LOG_CORRUPT', 'FILE_MISSING'];
    if (!isTapekeepError(error) || !bad.includes(error.code)) throw error;
    return { kind: last ? 'log_torn' : 'log_corrupt', file: entryPath(table, version), says: String(error.facts.reason ?? error.message) };
  }
}

function flawsOf({ version, commitInfo, protocol }: LogEntry, file: string, seal: string | null): Flaw[] {
  const facts = commitInfo?.tapekeep;
  const flaws: Flaw[] = [];
  if (!facts)
    flaws.push({ kind: 'entry_unsealed', file, says: `version ${version} was written by ${commitInfo?.engineInfo ?? 'another program'}` });
  else if (seal !== null && facts.previous !== seal)
    flaws.push({ kind: 'log_corrupt', file, says: 'it does not follow the entry before it' });
  if (protocol && (protocol.minReaderVersion > READER_VERSION || protocol.minWriterVersion > WRITER_VERSION))
    flaws.push({
      kind: 'log_newer',
      file,
      says: `it needs Delta reader ${protocol.minReaderVersion}, writer ${protocol.minWriterVersion}`,
    });
  return flaws;
}

const printOf = ({ files, metaData }: { readonly files: ReadonlyMap<string, TableFile>; readonly metaData: MetaDataRow | null }): string =>
  hashOf([
    [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    metaData?.id,
    Object.entries(metaData?.configuration ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
