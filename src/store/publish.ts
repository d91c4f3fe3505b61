/** How a file gets its final name: whole and durable, or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fail } from '../model/errors.js';
import { type Draft, errnoOf, type Io, speaking } from './io.js';

/** Of bytes, or of parts that follow each other. */
export function sha256Of(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const bytes of parts) hash.update(bytes);
  return hash.digest('hex');
}

/** A short write is carried on; a disk that takes nothing is not asked for ever. */
export async function writeAll(draft: Draft, path: string, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const written = await draft.write(at === 0 ? bytes : bytes.subarray(at));
    if (written <= 0) throw fail('DISK_FAILED', { op: 'write', file: path, reason: 'nothing was written' });
    at += written;
  }
}

/** Writes a new file and makes it durable. After any failure the file is gone: a failed fsync is never tried again on it. */
export async function writeDurably(io: Io, path: string, bytes: Uint8Array): Promise<void> {
  await speaking('write', path, async () => {
    const draft = await io.create(path);
    try {
      await writeAll(draft, path, bytes);
      if ((await draft.size()) !== bytes.length)
        throw fail('DISK_FAILED', { op: 'write', file: path, reason: 'the file has another size' });
      await draft.sync();
      await draft.close();
    } catch (error) {
      await draft.close().catch(() => {});
      await io.remove(path).catch(() => {});
      throw error;
    }
  });
}

/** Gives a finished, durable file its final name. "Somebody was first" is an answer, not an error. */
export async function linkIfAbsent(io: Io, finished: string, path: string): Promise<'created' | 'exists'> {
  return speaking('link', path, async () => {
    try {
      await io.link(finished, path);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      await io.syncFolder(dirname(path));
      return 'exists';
    }
    await io.syncFolder(dirname(path));
    return 'created';
  });
}

/** A name no other process and no other attempt has; its pid tells a sweeper whose it was. */
export const tempName = (folder: string): string => join(folder, `${process.pid}-${randomUUID()}.tmp`);

/** Puts bytes under a name that nobody has taken. The temporary file is on the same disk and never stays. */
export async function putIfAbsent(io: Io, tempFolder: string, path: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  const temp = tempName(tempFolder);
  await writeDurably(io, temp, bytes);
  try {
    return await linkIfAbsent(io, temp, path);
  } finally {
    await io.remove(temp).catch(() => {});
  }
}

/** Puts bytes under a name whether it is taken or not: for hints that can be made again, and for names that are the content's own. */
export async function replaceFile(io: Io, tempFolder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temp = tempName(tempFolder);
  await writeDurably(io, temp, bytes);
  await speaking('rename', path, async () => {
    try {
      await io.rename(temp, path);
    } catch (error) {
      await io.remove(temp).catch(() => {});
      throw error;
    }
    await io.syncFolder(dirname(path));
  });
}
