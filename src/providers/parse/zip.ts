/**
 * The one file of a zip archive, from bytes that nobody vouches for. Only what archives of bars need: one entry, stored or
 * deflated, whose name and sizes are known before anything is unpacked. Nothing is ever written.
 */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

export interface Bounds {
  /** Unpacked at most. */
  readonly mostBytes: number;
  /** Unpacked bytes for each packed one at most. */
  readonly mostRatio: number;
}

/** Why an archive is not opened, in words. */
export class BadZip extends Error {}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const FILE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const FILE_BYTES = 30;
const LONGEST_COMMENT = 65_535;
const unpack = promisify(inflateRaw);

export async function onlyFileOf(zip: Uint8Array, name: string, bounds: Bounds): Promise<Uint8Array> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const { method, packed, size, at } = entryOf(view, name);
  if (size > bounds.mostBytes) throw new BadZip(`it unpacks to ${size} bytes`);
  if (size > packed * bounds.mostRatio) throw new BadZip(`it unpacks to ${Math.round(size / packed)} times its size`);
  if (at + FILE_BYTES > zip.length || view.getUint32(at, true) !== FILE) throw new BadZip('its file is not where its index says');
  const from = at + FILE_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + packed > zip.length) throw new BadZip('its file reaches beyond its end');
  const body = zip.subarray(from, from + packed);
  const bytes = method === 0 ? body : await inflated(body, size);
  if (bytes.length !== size) throw new BadZip(`its file has ${bytes.length} bytes, its index says ${size}`);
  return bytes;
}

async function inflated(body: Uint8Array, size: number): Promise<Uint8Array> {
  try {
    // Unpacked into one piece: its size is known and bounded. A piece that becomes full would be followed by another one as large.
    return await unpack(body, { maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size + 1) });
  } catch (error) {
    throw new BadZip(`it cannot be unpacked (${String((error as { code?: unknown }).code)})`);
  }
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

function entryOf(view: DataView, name: string): Entry {
  const end = endOf(view);
  if (view.getUint16(end + 10, true) !== 1) throw new BadZip(`it holds ${view.getUint16(end + 10, true)} files, not one`);
  const at = view.getUint32(end + 16, true);
  if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== ENTRY) throw new BadZip('it has no index');
  const own = bytesAt(view, at + ENTRY_BYTES, view.getUint16(at + 28, true));
  if (own !== name) throw new BadZip(`it holds ${JSON.stringify(own.slice(0, 80))}, not ${name}`);
  const method = view.getUint16(at + 10, true);
  if ((view.getUint16(at + 8, true) & 1) !== 0) throw new BadZip('it is encrypted');
  if (method !== 0 && method !== 8) throw new BadZip(`it is packed in the unknown way ${method}`);
  return { method, packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true) };
}

/** The end of the index stands at the end of the archive, before a comment. */
function endOf(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) if (view.getUint32(at, true) === END) return at;
  throw new BadZip('it has no end: it was cut short, or is no zip');
}

const bytesAt = (view: DataView, from: number, length: number): string =>
  from + length > view.byteLength ? '' : Buffer.from(view.buffer, view.byteOffset + from, length).toString('latin1');
