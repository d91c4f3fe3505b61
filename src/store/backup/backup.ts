/** A second place for the tables: copies that are proved, and brought back. */
import { fail } from '../../model/errors.js';
import { idOf, nameOf, type Series } from '../../model/series.js';
import type { House } from '../house.js';
import { entryPath } from '../log/entry.js';
import { readSnapshot } from '../log/log.js';
import { findTable } from '../table.js';
import { type Copied, copyTable } from './copy.js';
import { allManifests, readManifest, writeManifest } from './manifest.js';
import { openPlace, readPlace, refuseLinks } from './place.js';

export interface BackedUp {
  readonly version: number;
  /** What was not there before. */
  readonly files: number;
  readonly bytes: number;
}

export interface BackupWish {
  /** Reads every copy again, and mends what is damaged. */
  readonly again?: boolean;
  /** Tells what would be copied, and copies nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Brings one series into the backup, as far as it is now. Interrupted, the next one goes on where it was. */
export async function backUp(
  house: House,
  folder: string,
  series: Series,
  { again = false, dryRun = false, signal }: BackupWish = {},
): Promise<BackedUp> {
  const place = await openPlace(house.io, house.root, folder, dryRun);
  await refuseLinks(place.folder, idOf(series));
  const known = again ? undefined : await readManifest(place.objects, series);
  const copied = await copyTable({ from: house.objects, to: place.objects, series, known, now: house.now(), dryRun, signal });
  if (!dryRun) await writeManifest(place.objects, copied.manifest);
  return told(copied);
}

const told = ({ manifest, files, bytes }: Copied): BackedUp => ({ version: manifest.version, files, bytes });

/** Whether a version of a series, with every file it names, was copied and proved. */
export async function inBackup(house: House, folder: string, series: Series, version: number): Promise<boolean> {
  const { objects } = await readPlace(house.io, folder);
  const manifest = await readManifest(objects, series);
  const table = await findTable(house, series, version);
  if (!manifest || !table || manifest.table !== table.snapshot.metaData.id || manifest.version < version) return false;
  const id = idOf(series);
  const paths = [...[...table.snapshot.files.values()].map(f => `${id}/${f.path}`), entryPath(id, version)];
  for (const path of paths) {
    const named = manifest.files[path];
    if (!named || (await objects.size(path)) !== named[0]) return false;
  }
  return true;
}

/** Raises BACKUP_MISSING unless a version is in the backup: what a commit asks of its predecessor where the settings say so. */
export async function requireBackup(house: House, folder: string, series: Series, version: number): Promise<void> {
  if (!(await inBackup(house, folder, series, version))) throw fail('BACKUP_MISSING', { series: nameOf(series), version, folder });
}

/** The series of a backup. */
export async function listBackup(house: Pick<House, 'io'>, folder: string): Promise<Series[]> {
  const { objects } = await readPlace(house.io, folder);
  return (await allManifests(objects)).map(m => m.series);
}

/**
 * Brings a series back: into the data folder, or into another one. A table that is there has to be the same: what it lacks
 * or has damaged is mended, and nothing that it says is undone.
 */
export async function bringBack(
  house: House,
  folder: string,
  series: Series,
  to: string | null,
  { dryRun = false, signal }: Omit<BackupWish, 'again'> = {},
): Promise<BackedUp> {
  const from = await readPlace(house.io, folder);
  const manifest = await readManifest(from.objects, series);
  if (!manifest) throw fail('SERIES_UNKNOWN', { series: nameOf(series), folder });
  const target = to === null ? { folder: house.root, objects: house.objects } : await openPlace(house.io, folder, to, dryRun);
  await refuseLinks(target.folder, idOf(series));
  const there = await readSnapshot(target.objects, idOf(series)).catch(() => undefined);
  if (there && there.metaData.id !== manifest.table) throw fail('BACKUP_CONFLICT', { series: nameOf(series), version: there.version });
  return told(
    await copyTable({
      from: from.objects,
      to: target.objects,
      series,
      known: undefined,
      proved: manifest,
      now: house.now(),
      dryRun,
      signal,
    }),
  );
}
