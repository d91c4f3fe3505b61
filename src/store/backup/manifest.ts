/** What was copied of a series and proved, file by file. Written last: what it names is there, whole and durable. */
import { fail, isTapekeepError } from '../../model/errors.js';
import { idOf, parseId, type Series } from '../../model/series.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Of } from '../publish.js';
import { objectPaths } from './paths.js';
import { BESIDE } from './place.js';

export interface Manifest {
  readonly series: string;
  /** The table's own id: another table of the same name is another table. */
  readonly table: string;
  readonly version: number;
  readonly at: number;
  /** Size and SHA-256 by path, below the folder. */
  readonly files: Readonly<Record<string, readonly [bytes: number, sha256: string]>>;
}

const FOLDER = `${BESIDE}/backup`;
const ENDING = '.manifest.json';
const pathOf = (id: string): string => `${FOLDER}/${id}${ENDING}`;

/** One line of JSON, and one with its SHA-256. */
export async function writeManifest(objects: ObjectStore, manifest: Manifest): Promise<void> {
  const line = JSON.stringify(manifest);
  await objects.put(pathOf(manifest.series), new TextEncoder().encode(`${line}\n${sha256Of(new TextEncoder().encode(line))}\n`));
}

/** undefined: there is none, or it cannot be believed; then all files are looked at again. */
export async function readManifest(objects: ObjectStore, series: Series): Promise<Manifest | undefined> {
  try {
    return await believed(objects, pathOf(idOf(series)));
  } catch (error) {
    if (isTapekeepError(error, 'FILE_MISSING') || isTapekeepError(error, 'FILE_DAMAGED')) return undefined;
    throw error;
  }
}

async function believed(objects: ObjectStore, path: string): Promise<Manifest> {
  const [line = '', sum] = new TextDecoder().decode(await objects.read(path)).split('\n');
  if (sum !== sha256Of(new TextEncoder().encode(line)))
    throw fail('FILE_DAMAGED', { file: path, reason: 'its SHA-256 is not the one in it' });
  return JSON.parse(line) as Manifest;
}

/** Every series that a backup tells of; a manifest that cannot be believed is named. */
export async function allManifests(objects: ObjectStore): Promise<{ series: Series; manifest: Manifest | undefined }[]> {
  const paths = await objectPaths(objects, FOLDER);
  const found: { series: Series; manifest: Manifest | undefined }[] = [];
  for (const path of paths.filter(p => p.endsWith(ENDING))) {
    const series = parseId(path.slice(FOLDER.length + 1, -ENDING.length));
    if (series) found.push({ series, manifest: await readManifest(objects, series) });
  }
  return found;
}
