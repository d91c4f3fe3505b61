/** Small zip files, also such as no honest program writes. */
import { deflateRawSync } from 'node:zlib';
import { crc32 as crcOf } from './crc32.js';

interface Entry {
  readonly name: string;
  readonly data: Buffer;
  readonly crc: number;
  readonly size: number;
  readonly method: 0 | 8;
}

/** Entries are stored as they are, under any name. */
export const zipOf = (entries: Readonly<Record<string, string>> | readonly (readonly [string, string])[], locked = false): Buffer =>
  zip(
    (Array.isArray(entries) ? entries : Object.entries(entries)).map(([name, content]: readonly [string, string]) => {
      const plain = Buffer.from(content);
      // What is locked begins with twelve bytes of its own.
      const data = locked ? Buffer.concat([Buffer.alloc(12), plain]) : plain;
      return { name, data, crc: crcOf(plain), size: plain.length, method: 0 };
    }),
    locked,
  );

/** One deflated entry, of the size that is said. */
export const packedZipOf = (name: string, content: Buffer, size = content.length): Buffer =>
  zip([{ name, data: deflateRawSync(content, { level: 9 }), crc: crcOf(content), size, method: 8 }]);

function zip(entries: readonly Entry[], locked = false): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const { name, data, crc, size, method } of entries) {
    const nameBytes = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(locked ? 1 : 0, 6);
    head.writeUInt16LE(method, 8);
    head.writeUInt32LE(crc, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(size, 22);
    head.writeUInt16LE(nameBytes.length, 26);
    const row = Buffer.alloc(46);
    row.writeUInt32LE(0x02014b50, 0);
    row.writeUInt16LE(20, 4);
    row.writeUInt16LE(20, 6);
    row.writeUInt16LE(locked ? 1 : 0, 8);
    row.writeUInt16LE(method, 10);
    head.copy(row, 16, 14, 26);
    row.writeUInt16LE(nameBytes.length, 28);
    row.writeUInt32LE(at, 42);
    parts.push(head, nameBytes, data);
    index.push(row, nameBytes);
    at += head.length + nameBytes.length + data.length;
  }
  const directory = Buffer.concat(index);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 8);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}
