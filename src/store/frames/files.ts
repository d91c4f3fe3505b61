/** Reading and writing the files that frame jobs are about. */
import { join } from 'node:path';
import { fail } from '../../model/errors.js';
import { type Io, speaking } from '../io.js';
import { replaceFile, sha256Of } from '../publish.js';
import type { Sealed } from './jobs.js';

/** The bytes of a file whose checksum is known. Damage is found here, never later. */
export async function readSealed(io: Io, { file, sha256 }: Sealed): Promise<Uint8Array> {
  const bytes = await speaking('read', file, () => io.read(file));
  if (sha256Of(bytes) !== sha256) throw fail('FILE_DAMAGED', { file, reason: 'its SHA-256 is not the one recorded' });
  return bytes;
}

/** Writes a file named by its content into a staging folder, durably; the same content twice is one file. */
export async function writeByContent(io: Io, folder: string, ending: string, bytes: Uint8Array): Promise<Sealed & { bytes: number }> {
  const sha256 = sha256Of(bytes);
  const file = join(folder, `${sha256}.${ending}`);
  await speaking('mkdir', folder, () => io.makeFolder(folder));
  await replaceFile(io, folder, file, bytes);
  return { file, sha256, bytes: bytes.length };
}
