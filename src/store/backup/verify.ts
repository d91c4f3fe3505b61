/** Reads a backup again: every file that its manifests name, and every table by its log. */
import { isTapekeepError } from '../../model/errors.js';
import { idOf, type Series } from '../../model/series.js';
import type { House } from '../house.js';
import { readSnapshot } from '../log/log.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Of } from '../publish.js';
import { allManifests, type Manifest } from './manifest.js';
import { readPlace } from './place.js';

export interface BackupVerdict {
  readonly series: Series;
  readonly version: number | null;
  readonly at: number | null;
  readonly files: number;
  readonly bytes: number;
  /** What is wrong, file by file; none: all is well. */
  readonly faults: readonly string[];
}

export async function* verifyBackup({ io }: Pick<House, 'io'>, folder: string): AsyncGenerator<BackupVerdict> {
  const { objects } = await readPlace(io, folder);
  for (const { series, manifest } of await allManifests(objects)) {
    if (!manifest) yield { series, version: null, at: null, files: 0, bytes: 0, faults: ['its manifest cannot be believed'] };
    else yield await verdictOf(objects, series, manifest);
  }
}

async function verdictOf(objects: ObjectStore, series: Series, manifest: Manifest): Promise<BackupVerdict> {
  const faults: string[] = [];
  const named = Object.entries(manifest.files);
  for (const [path, [bytes, sha256]] of named) {
    const fault = await faultOf(objects, path, bytes, sha256);
    if (fault) faults.push(`${path} ${fault}`);
  }
  const id = idOf(series);
  try {
    const snapshot = await readSnapshot(objects, id, manifest.version);
    for (const path of snapshot?.files.keys() ?? [])
      if (!manifest.files[`${id}/${path}`]) faults.push(`${id}/${path} is not in the manifest`);
  } catch (error) {
    if (!isTapekeepError(error)) throw error;
    faults.push(error.message);
  }
  const bytes = named.reduce((n, [, [size]]) => n + size, 0);
  return { series, version: manifest.version, at: manifest.at, files: named.length, bytes, faults };
}

async function faultOf(objects: ObjectStore, path: string, bytes: number, sha256: string): Promise<string | undefined> {
  try {
    const read = await objects.read(path);
    if (read.length !== bytes) return `has ${read.length} bytes, not ${bytes}`;
    return sha256Of(read) === sha256 ? undefined : 'is damaged: its SHA-256 is not the one in the manifest';
  } catch (error) {
    if (isTapekeepError(error, 'FILE_MISSING')) return 'is missing';
    throw error;
  }
}
