/** Zip files, entry by entry and never whole in memory. Names that lead outside, packings in packings and bombs are refused. */
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import * as yauzl from 'yauzl';
import { fail, isTapekeepError } from '../../model/errors.js';
import { bytesOf } from './bytes.js';
import { withinRatio } from './limits.js';

export interface ZipEntry {
  readonly name: string;
  /** Where it lies: two entries may have one name. */
  readonly at: number;
  readonly size: number;
  readonly packed: number;
}

const MOST_ENTRIES = 10_000;

/** The handle is read from, never closed. */
class HandleReader extends yauzl.RandomAccessReader {
  constructor(private readonly handle: FileHandle) {
    super();
  }
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(bytesOf(this.handle, start, end));
  }
}

const openZip = async (handle: FileHandle, size: number): Promise<yauzl.ZipFile> => {
  const from = promisify<yauzl.RandomAccessReader, number, yauzl.Options, yauzl.ZipFile>(yauzl.fromRandomAccessReader as never);
  return from(new HandleReader(handle), size, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
};

/** The texts in it, in their order. */
export async function entriesOf(file: string, handle: FileHandle, size: number): Promise<ZipEntry[]> {
  const found: ZipEntry[] = [];
  await eachEntry(file, handle, size, async entry => {
    if (found.length >= MOST_ENTRIES) throw fail('IMPORT_UNREADABLE', { file, reason: `it has more than ${MOST_ENTRIES} entries` });
    const { fileName: name, uncompressedSize, compressedSize } = entry;
    if (name.endsWith('/')) return true;
    if (/\.(zip|gz|7z|rar|bz2|xz)$/i.test(name))
      throw fail('IMPORT_UNREADABLE', { file, reason: `its entry ${name} is packed itself: unpack it first` });
    if (!/\.(csv|txt|tsv|dat)$/i.test(name) || basename(name).startsWith('.')) return true;
    if (entry.isEncrypted())
      throw fail('IMPORT_UNREADABLE', { file, reason: `its entry ${name} is locked by a password: unpack it first` });
    found.push({ name, at: entry.relativeOffsetOfLocalHeader, size: uncompressedSize, packed: compressedSize });
    return true;
  });
  if (found.length === 0) throw fail('IMPORT_UNREADABLE', { file, reason: 'it holds no .csv, .txt, .tsv or .dat' });
  return found;
}

/** Visits entries until the visitor has enough. */
async function eachEntry(
  file: string,
  handle: FileHandle,
  size: number,
  visit: (entry: yauzl.Entry, zip: yauzl.ZipFile) => Promise<boolean>,
): Promise<void> {
  const unreadable = (error: unknown) =>
    fail('IMPORT_UNREADABLE', { file, reason: `as a zip file it cannot be read: ${(error as Error).message}` }, error);
  const zip = await openZip(handle, size).catch(error => {
    throw unreadable(error);
  });
  await new Promise<void>((resolve, reject) => {
    zip.on('error', error => reject(unreadable(error)));
    zip.on('end', () => resolve());
    zip.on('entry', (entry: yauzl.Entry) => {
      visit(entry, zip).then(
        more => (more ? zip.readEntry() : resolve()),
        error => reject(isTapekeepError(error) ? error : unreadable(error)),
      );
    });
    zip.readEntry();
  });
}

export async function* entryStream(file: string, handle: FileHandle, size: number, wanted: ZipEntry): AsyncGenerator<Uint8Array> {
  let stream: Readable | undefined;
  await eachEntry(file, handle, size, async (entry, zip) => {
    if (entry.relativeOffsetOfLocalHeader !== wanted.at) return true;
    stream = await promisify(zip.openReadStream.bind(zip) as (e: yauzl.Entry, done: (error: Error | null, s: Readable) => void) => void)(
      entry,
    );
    return false;
  });
  if (!stream) throw fail('IMPORT_CHANGED', { file });
  try {
    yield* withinRatio(file, wanted.packed, stream);
  } catch (error) {
    if ((error as { code?: string }).code === 'IMPORT_UNREADABLE') throw error;
    throw fail('IMPORT_UNREADABLE', { file, reason: `its entry ${wanted.name} cannot be unpacked: ${(error as Error).message}` }, error);
  } finally {
    stream.destroy();
  }
}
