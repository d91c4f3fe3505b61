/** Bytes of an open file, a chunk at a time. The handle stays open: it is what was checked. */
import type { FileHandle } from 'node:fs/promises';

const CHUNK = 4 << 20;

export async function* bytesOf(handle: FileHandle, from = 0, to = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK, to - at));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}
