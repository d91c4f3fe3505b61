/**
 * Copies a table from one place to another while it is written: the files of a version first, its log entry last, version
 * by version. So the copy is a readable table at every instant, and what is there already is passed by.
 */
import { fail } from '../../model/errors.js';
import { idOf, nameOf, type Series } from '../../model/series.js';
import { checkpointPath, checksumPath } from '../log/checkpoint.js';
import { decodeEntry, entryPath, type LogEntry } from '../log/entry.js';
import { latestOf, listLog, readSnapshot } from '../log/log.js';
import type { Snapshot, TableFile } from '../log/snapshot.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Of } from '../publish.js';
import type { Manifest } from './manifest.js';
import { objectPaths } from './paths.js';

export interface Copied {
  readonly manifest: Manifest;
  /** What was not there before. */
  readonly files: number;
  readonly bytes: number;
}

export interface Copying {
  readonly from: ObjectStore;
  readonly to: ObjectStore;
  readonly series: Series;
  /** What the target is known to hold and was proved of it. */
  readonly known: Manifest | undefined;
  /** What the source is known to hold, where it is a backup. */
  readonly proved?: Manifest | undefined;
  readonly now: number;
  /** Counts what would be copied. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal | undefined;
}

export async function copyTable(copying: Copying): Promise<Copied> {
  const { from, to, series, known, now } = copying;
  const id = idOf(series);
  const names = await listLog(from, id);
  const latest = latestOf(names);
  const newest = latest < 0 ? undefined : await readSnapshot(from, id, latest);
  if (!newest) throw fail('SERIES_UNKNOWN', { series: nameOf(series), folder: 'the folder that is copied from' });
  const same = known?.table === newest.metaData.id ? known : undefined;
  if (same) await refuseOtherPast(copying, same, latest);
  if (same && same.version > latest) return { manifest: same, files: 0, bytes: 0 };
  const carrier = new Carrier(copying, same);
  const there = latestOf(await listLog(to, id));
  const first = Math.min(names.versions[0] ?? Number.POSITIVE_INFINITY, names.checkpoints[0] ?? Number.POSITIVE_INFINITY);
  // What was cleaned up here and never came there is stepped over, from the checkpoint that took its place.
  const start = first > there + 1 ? first : names.versions[0];
  const beside = new Set(await objectPaths(from, id));
  if (start === first && first > there + 1 && names.checkpoints.includes(first)) await carrier.beginAt(first, beside);
  const before = same?.version ?? -1;
  for (const version of names.versions.filter(v => v > before && (start === undefined || v >= start)))
    await carrier.version(version, beside);
  await carrier.whole(newest);
  for (const version of names.checkpoints) await carrier.checkpoint(version);
  await carrier.hint(latest);
  await carrier.events();
  const files = { ...same?.files, ...carrier.files };
  const manifest = { series: id, table: newest.metaData.id, version: latest, at: now, files };
  return { manifest, files: carrier.copied, bytes: carrier.bytes };
}

/** Each entry names the seal of the one before: where one is the same, all before it are. */
async function refuseOtherPast({ from, series }: Copying, known: Manifest, latest: number): Promise<void> {
  const version = Math.min(known.version, latest);
  const path = entryPath(idOf(series), version);
  const there = known.files[path];
  if (there && (await from.size(path)) !== undefined && sha256Of(await from.read(path)) !== there[1])
    throw fail('BACKUP_CONFLICT', { series: nameOf(series), version });
}

const HEX = /[0-9a-f]{64}/g;

class Carrier {
  readonly files: Record<string, readonly [number, string]> = {};
  copied = 0;
  bytes = 0;
  private readonly id: string;

  constructor(
    private readonly copying: Copying,
    private readonly known: Manifest | undefined,
  ) {
    this.id = idOf(copying.series);
  }

  /** A table whose log begins with a checkpoint. */
  async beginAt(version: number, beside: ReadonlySet<string>): Promise<void> {
    const snapshot = await readSnapshot(this.copying.from, this.id, version);
    if (!snapshot) return;
    await this.whole(snapshot);
    await this.named(JSON.stringify(snapshot.metaData.configuration), beside);
    await this.checkpoint(version);
    await this.hint(version);
  }

  /** What a version brings, then the version itself. */
  async version(version: number, beside: ReadonlySet<string>): Promise<void> {
    const path = entryPath(this.id, version);
    const bytes = await this.copying.from.read(path);
    const entry: LogEntry = decodeEntry(version, bytes);
    const has = await this.copying.to.size(path);
    for (const add of entry.adds) if (beside.has(`${this.id}/${add.path}`)) await this.file(`${this.id}/${add.path}`, add.tags?.sha256);
    await this.named(JSON.stringify([entry.metaData?.configuration, entry.commitInfo?.tapekeep?.lineage]), beside);
    if (has !== undefined && sha256Of(await this.copying.to.read(path)) !== sha256Of(bytes)) await this.mendEntry(version, path, bytes);
    else await this.put(path, bytes);
  }

  /** An entry that says something else: damaged, or of another table that has the same name. */
  private async mendEntry(version: number, path: string, bytes: Uint8Array): Promise<void> {
    const { to, series } = this.copying;
    let other: LogEntry | undefined;
    try {
      other = decodeEntry(version, await to.read(path));
    } catch {
      // Damaged: the whole one takes its place.
    }
    if (other) throw fail('BACKUP_CONFLICT', { series: nameOf(series), version });
    if (!this.copying.dryRun) await to.put(path, bytes);
    this.note(path, bytes, true);
  }

  /** Every data file of a version. */
  async whole({ files }: Snapshot): Promise<void> {
    for (const file of files.values()) await this.file(`${this.id}/${file.path}`, file.sha256);
  }

  /** Files that are named by their content, and that a version speaks of. */
  private async named(told: string, beside: ReadonlySet<string>): Promise<void> {
    for (const sha256 of new Set(told.match(HEX) ?? [])) {
      for (const [folder, ending] of SIDES) {
        const path = `${this.id}/${folder}/${sha256}.${ending}`;
        if (beside.has(path)) await this.file(path, sha256);
      }
    }
  }

  async checkpoint(version: number): Promise<void> {
    for (const path of [checkpointPath(this.id, version), checksumPath(this.id, version)]) {
      if ((await this.copying.from.size(path)) !== undefined) await this.file(path, null);
    }
  }

  /** Where the newest checkpoint is: a hint that may be written again and again. */
  async hint(latest: number): Promise<void> {
    const path = `${this.id}/_delta_log/_last_checkpoint`;
    if ((await this.copying.from.size(path)) === undefined) return;
    const bytes = await this.copying.from.read(path);
    const there = (await this.copying.to.size(path)) === undefined ? undefined : await this.copying.to.read(path);
    const version = versionIn(bytes);
    if (!this.copying.dryRun && version <= latest && (!there || versionIn(there) < version)) await this.copying.to.put(path, bytes);
  }

  /** Splits and dividends of the symbol lie beside its tables. */
  async events(): Promise<void> {
    const folder = `${this.id.split('/').slice(0, 3).join('/')}/_events`;
    for (const path of await objectPaths(this.copying.from, folder)) await this.file(path, null);
  }

  /** One file that never changes: proved where it comes from, and read back where it went. */
  private async file(path: string, told: TableFile['sha256'] | undefined): Promise<void> {
    if (this.files[path]) return;
    const sha256 = told ?? this.copying.proved?.files[path]?.[1];
    const before = this.known?.files[path];
    if (before && (sha256 ?? before[1]) === before[1] && (await this.copying.to.size(path)) === before[0]) {
      this.files[path] = before;
      return;
    }
    const bytes = await this.copying.from.read(path);
    if (sha256 && sha256Of(bytes) !== sha256)
      throw fail('FILE_DAMAGED', { file: path, series: nameOf(this.copying.series), reason: 'its SHA-256 is not the one in the log' });
    await this.put(path, bytes);
  }

  private async put(path: string, bytes: Uint8Array): Promise<void> {
    const { to, dryRun, signal } = this.copying;
    signal?.throwIfAborted();
    if (dryRun) return this.note(path, bytes, (await to.size(path)) === undefined);
    const sha256 = sha256Of(bytes);
    const created = (await to.putIfAbsent(path, bytes)) === 'created';
    let back = await to.read(path);
    if (sha256Of(back) !== sha256 && !created) {
      await to.put(path, bytes);
      back = await to.read(path);
    }
    if (sha256Of(back) !== sha256) throw fail('FILE_DAMAGED', { file: path, reason: 'what was written reads back otherwise' });
    this.note(path, bytes, created);
  }

  private note(path: string, bytes: Uint8Array, isNew: boolean): void {
    this.files[path] = [bytes.length, sha256Of(bytes)];
    if (!isNew) return;
    this.copied++;
    this.bytes += bytes.length;
  }
}

/** A hint that cannot be read is none. */
function versionIn(hint: Uint8Array): number {
  try {
    return Number((JSON.parse(new TextDecoder().decode(hint)) as { version?: number }).version ?? -1);
  } catch {
    return -1;
  }
}

/** Folders of small files beside the bars, and how those are called. */
const SIDES = [
  ['_holdings', 'json'],
  ['_quality', 'json'],
  ['_corrections', 'json'],
  ['_quarantine', 'jsonl'],
] as const;
