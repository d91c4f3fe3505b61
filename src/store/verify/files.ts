/** The files of a table against what its log says of them: there, of that size, of that content; and whatever else lies in its folder. */
import { subtle } from 'node:crypto';
import { isTapekeepError } from '../../model/errors.js';
import type { House } from '../house.js';
import { CORRECTIONS_KEY } from '../log/corrections.js';
import { HOLDINGS_KEY } from '../log/holdings.js';
import { correctionsPath, holdingsPath, qualityPath, quarantinePath } from '../log/named.js';
import type { Flaw, FlawKind } from './flaws.js';
import type { LogSeen, Named } from './log.js';

/** A file that is named by its content, and what it is when it is not what its name says. */
export interface Expected {
  readonly path: string;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly damaged: FlawKind;
  /** null: it may be gone. */
  readonly missing: FlawKind | null;
}

const AT_ONCE = 4;

/** Reads each file once. Two are read and hashed at the same time: hashing is done on other threads. */
export async function checkFiles(house: House, files: readonly Expected[]): Promise<{ bytes: number; flaws: Flaw[] }> {
  const flaws: Flaw[] = [];
  let bytes = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < files.length) {
      const file = files[next++] as Expected;
      const found = await check(house, file);
      if (typeof found === 'number') bytes += found;
      else flaws.push(found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { bytes, flaws: flaws.sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1)) };
}

/** A file of another size is not read: what is wrong is known, and it may be as big as a disk. */
async function check(house: House, { path, sha256, bytes, damaged, missing }: Expected): Promise<number | Flaw> {
  const size = await house.objects.size(path);
  if (size === undefined) return missing === null ? 0 : { kind: missing, file: path, says: 'it is not there' };
  if (bytes !== null && size !== bytes) return { kind: damaged, file: path, says: `it has ${size} bytes, and ${bytes} were written` };
  if (sha256 === null) return size;
  try {
    const read = await house.objects.read(path);
    if ((await digestOf(read)) === sha256) return size;
    return { kind: damaged, file: path, says: 'its SHA-256 is not the one that was written' };
  } catch (error) {
    if (isTapekeepError(error, 'DISK_FAILED')) return { kind: damaged, file: path, says: error.message };
    throw error;
  }
}

const digestOf = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');

/** The data files: those of the newest version first. */
export function dataFiles(table: string, { named }: LogSeen): Expected[] {
  const expected = ({ file, until }: Named): Expected => ({
    path: `${table}/${file.path}`,
    sha256: file.sha256,
    bytes: file.bytes,
    damaged: until === null ? 'file_damaged' : 'old_file_damaged',
    missing: until === null ? 'file_missing' : 'old_file_missing',
  });
  return [...named.values()].sort((a, b) => Number(a.until !== null) - Number(b.until !== null)).map(expected);
}

/** What entries name beside the bars: holdings, corrections, quality, bars that were set aside. */
export function besideFiles(table: string, { told, metaData }: LogSeen): Expected[] {
  const all = new Map<string, Expected>();
  const put = (path: string, sha256: string, damaged: FlawKind, missing: FlawKind | null): void => {
    if (all.get(path)?.missing == null) all.set(path, { path, sha256, bytes: null, damaged, missing });
  };
  for (const configuration of [...told.map(entry => entry.metaData?.configuration), metaData?.configuration]) {
    const now = configuration === metaData?.configuration;
    const holdings = namedIn(configuration?.[HOLDINGS_KEY]);
    if (holdings) put(holdingsPath(table, holdings), holdings, now ? 'holdings_damaged' : 'note_damaged', now ? 'holdings_damaged' : null);
    const corrections = namedIn(configuration?.[CORRECTIONS_KEY]);
    if (corrections) put(correctionsPath(table, corrections), corrections, 'note_damaged', now ? 'note_damaged' : null);
  }
  for (const { commitInfo } of told) {
    const { quality, quarantine } = commitInfo?.tapekeep?.lineage ?? {};
    if (quality) put(qualityPath(table, quality.sha256), quality.sha256, 'note_damaged', null);
    if (quarantine) put(quarantinePath(table, quarantine.sha256), quarantine.sha256, 'note_damaged', 'note_damaged');
  }
  return [...all.values()];
}

function namedIn(configured: string | undefined): string | undefined {
  if (configured === undefined) return undefined;
  return (JSON.parse(configured) as { sha256?: string }).sha256;
}

const LOG_FILE = /^(\d{20}\.(json|checkpoint\.(parquet|sha256))|_last_checkpoint)$/;
const BESIDE = /^_(holdings|corrections|quality|quarantine)$/;
const BY_CONTENT = /^[0-9a-f]{64}\.(parquet|jsonl?)$/;

/** What lies in the folder of a table and in no version. */
export async function strangers(house: House, table: string, known: ReadonlySet<string>): Promise<Flaw[]> {
  const flaws: Flaw[] = [];
  for (const { name, folder } of await house.objects.list(table)) {
    const path = `${table}/${name}`;
    if (folder && (name === '_delta_log' || BESIDE.test(name))) {
      for (const entry of await house.objects.list(path)) {
        const below = `${path}/${entry.name}`;
        if (name === '_delta_log' ? !LOG_FILE.test(entry.name) : !known.has(below)) flaws.push(strange(below, entry.folder));
      }
    } else if (!known.has(path)) flaws.push(strange(path, folder));
  }
  return flaws;
}

function strange(file: string, folder: boolean): Flaw {
  if (!folder && BY_CONTENT.test(file.slice(file.lastIndexOf('/') + 1))) return { kind: 'orphan', file, says: 'no version names it' };
  return { kind: 'foreign', file, says: folder ? 'a folder that is none of ours' : 'a file that is none of ours' };
}
