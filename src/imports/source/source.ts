/** A file of rows as a stream of bytes, whatever it is packed in. It is opened as it is named: a link is not followed. */
import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fail } from '../../model/errors.js';
import { bytesOf } from './bytes.js';
import { toUtf8 } from './encoding.js';
import { withinRatio } from './limits.js';
import { entriesOf, entryStream } from './zip.js';

/** One text of a file: the file itself, what a .gz holds, or an entry of a .zip. */
export interface Source {
  /** The name that a dialect reads: of the text, without folders and packing. */
  readonly name: string;
  /** As a person finds it: the file, and its entry. */
  readonly place: string;
  /** Bytes of the text where they are known without unpacking. */
  readonly bytes: number | undefined;
  /** The text from a byte on, as UTF-8 without a byte order mark. */
  read(from: number): AsyncIterable<Uint8Array>;
  /** The same into memory that is there, where it is read without what is before it: how many bytes it was. */
  readonly fill?: (from: number, into: Uint8Array) => Promise<number>;
}

/** What is on the disk: it must stay the same as long as it is read. */
export interface Stamped {
  readonly size: number;
  readonly stamp: string;
}

export interface OpenFile extends Stamped {
  readonly file: string;
  readonly sources: readonly Source[];
  /** IMPORT_CHANGED when it is not what it was. */
  refuseChange(): Promise<void>;
  close(): Promise<void>;
}

const stampOf = ({ dev, ino, size, mtimeMs }: Stats): string => `${dev}:${ino}:${size}:${mtimeMs}`;

export async function openFile(file: string, expected?: string): Promise<OpenFile> {
  const handle = await openPlain(file);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw fail('IMPORT_UNREADABLE', { file, reason: 'it is no ordinary file' });
    const stamp = stampOf(stats);
    const refuseChange = async (): Promise<void> => {
      if (stampOf(await handle.stat()) !== stamp) throw fail('IMPORT_CHANGED', { file });
    };
    if (expected !== undefined && expected !== stamp) throw fail('IMPORT_CHANGED', { file });
    return { file, size: stats.size, stamp, sources: await sourcesOf(file, handle, stats.size), refuseChange, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A text that was unpacked: bytes of UTF-8, whatever they look like. */
export async function openText(file: string, name: string, place: string): Promise<{ source: Source; close(): Promise<void> }> {
  const handle = await openPlain(file);
  const { size: bytes } = await handle.stat();
  return { source: { name, place, bytes, ...textOf(handle, 0) }, close: () => handle.close() };
}

async function openPlain(file: string): Promise<FileHandle> {
  try {
    // A pipe that nobody writes to would be waited for, for ever.
    return await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw fail('IMPORT_UNREADABLE', { file, reason: 'it is a symbolic link: name the file that it leads to' });
    if (code === 'ENOENT') throw fail('IMPORT_UNREADABLE', { file, reason: 'there is no such file' });
    throw fail('IMPORT_UNREADABLE', { file, reason: code ?? String(error) });
  }
}

async function sourcesOf(file: string, handle: FileHandle, size: number): Promise<Source[]> {
  const head = await headOf(handle, 4);
  const name = basename(file);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const text = { name: name.replace(/\.gz$/i, ''), place: file, bytes: undefined };
    return [{ ...text, read: from => skipping(toUtf8(unpacked(handle, file)), from) }];
  }
  if (head[0] === 0x50 && head[1] === 0x4b) {
    const entries = await entriesOf(file, handle, size);
    return entries.map(entry => ({
      name: basename(entry.name),
      place: `${file}/${entry.name}`,
      bytes: entry.size,
      read: from => skipping(toUtf8(entryStream(file, handle, size, entry)), from),
    }));
  }
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head[1] === 0 || head[0] === 0;
  if (wide) return [{ name, place: file, bytes: undefined, read: from => skipping(toUtf8(bytesOf(handle)), from) }];
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return [{ name, place: file, bytes: size - mark, ...textOf(handle, mark) }];
}

/** Text in UTF-8 behind its mark, read from any byte on. */
const textOf = (handle: FileHandle, mark: number): Pick<Source, 'read' | 'fill'> => ({
  read: from => bytesOf(handle, from + mark),
  async fill(from, into) {
    let length = 0;
    while (length < into.length) {
      const { bytesRead } = await handle.read(into, length, into.length - length, from + mark + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length;
  },
});

async function headOf(handle: FileHandle, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  const { bytesRead } = await handle.read(bytes, 0, count, 0);
  return bytes.subarray(0, bytesRead);
}

async function* unpacked(handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(bytesOf(handle));
  const gunzip: Readable = packed.pipe(createGunzip({ chunkSize: 1 << 18 }));
  packed.on('error', error => gunzip.destroy(error));
  try {
    yield* withinRatio(file, (await handle.stat()).size, gunzip);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw fail('IMPORT_UNREADABLE', { file, reason: `it cannot be unpacked: ${(error as Error).message}` });
    throw error;
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

async function* skipping(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length;
    else {
      yield left > 0 ? chunk.subarray(left) : chunk;
      left = 0;
    }
  }
}

const DIGESTED_AT_ONCE = 1 << 20;

/** Of the file as it lies on the disk: what a version's lineage names. One piece of memory serves all of it. */
export async function digestOf(file: string, beat: (bytes: number) => void): Promise<string> {
  const handle = await openPlain(file);
  try {
    const hash = createHash('sha256');
    const into = Buffer.allocUnsafeSlow(DIGESTED_AT_ONCE);
    for (let bytes = 0; ; ) {
      const { bytesRead } = await handle.read(into, 0, into.length, bytes);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(into.subarray(0, bytesRead));
      bytes += bytesRead;
      beat(bytes);
    }
  } finally {
    await handle.close();
  }
}
