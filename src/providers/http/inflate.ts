/** Takes the compression off an answer, never beyond the size it may have. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Broken } from './broken.js';

const UNPACK = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

export const ACCEPTED = 'gzip, br';

export async function unpacked(bytes: Uint8Array, encoding: string | undefined, most: number): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes;
  if (!Object.hasOwn(UNPACK, name)) throw new Broken('ANSWER_MALFORMED', 'it is packed in an unknown way');
  try {
    return await UNPACK[name as keyof typeof UNPACK](bytes, { maxOutputLength: most });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new Broken('ANSWER_TOO_LARGE', 'unpacked', most);
    throw code === 'Z_BUF_ERROR'
      ? new Broken('ANSWER_TRUNCATED', 'what was packed ends too early')
      : new Broken('ANSWER_MALFORMED', `it cannot be unpacked (${String(code)})`);
  }
}
