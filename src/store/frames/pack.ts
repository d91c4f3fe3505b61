/**
 * Parquet files whose pages are not compressed yet become one file with pages in zstd. Native zstd takes a quarter of the time
 * that zstd in WebAssembly takes, and works in threads beside. What a page says, and what the end of the file says of it, stays as it is, but
 * for lengths and places.
 */
import { createRequire } from 'node:module';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { ByteWriter } from 'hyparquet-writer';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';

export type Zstd = (bytes: Buffer, level: number) => Promise<Uint8Array>;

/** undefined on a system for which there is none. Named by its file: what the package names first leaves the level out. */
export const nativeZstd: Zstd | undefined = loaded();

function loaded(): Zstd | undefined {
  try {
    return createRequire(import.meta.url)('@mongodb-js/zstd/bindings.js').compress as Zstd;
  } catch {
    return undefined;
  }
}

/** On pages of prices two is as quick as one and makes a tenth less; three takes half as long again and makes more. */
const LEVEL = 2;

const MAGIC = Buffer.from('PAR1');
/** The length of what the end says, and the magic once more. */
const TAIL_BYTES = 8;

// Fields of parquet.thrift by their numbers, as far as they are read here or change.
const END = { rows: 'field_3', groups: 'field_4' } as const;
const GROUP = { columns: 'field_1', plainBytes: 'field_2', at: 'field_5', bytes: 'field_6', ordinal: 'field_7' } as const;
const COLUMN = { facts: 'field_3', indexAt: 'field_4', indexBytes: 'field_5' } as const;
const FACTS = { codec: 'field_4', plainBytes: 'field_6', bytes: 'field_7', dataAt: 'field_9', dictionaryAt: 'field_11' } as const;
const PAGE = { bytes: 'field_3' } as const;
const INDEX = { places: 'field_1' } as const;
const PLACE = { at: 'field_1', bytes: 'field_2' } as const;
const ZSTD = 6;

type Struct = ReturnType<typeof deserializeTCompactProtocol>;

interface Page {
  readonly head: Struct;
  readonly plainBytes: number;
  readonly body: Uint8Array;
}

interface Column {
  /** What the end of the file says of it, and its index of pages: both are told anew when it is written. */
  readonly said: Struct;
  readonly index: Struct;
  readonly pages: readonly Page[];
}

/** Files of the same columns, a row group each, become one. While a row group is compressed the next file is made. */
export async function packed(files: Iterable<Uint8Array>, zstd: Zstd): Promise<Uint8Array> {
  const writer = new ByteWriter();
  writer.appendBytes(MAGIC);
  const ends: Struct[] = [];
  const written: Column[] = [];
  let begun: Promise<Column[]> | undefined;
  for (const file of files) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const end = structAt(view, file.length - TAIL_BYTES - view.getUint32(file.length - TAIL_BYTES, true));
    const [group] = end[END.groups];
    // No bars: there is nothing to compress, and no other file.
    if (group === undefined) return file;
    const columns = Promise.all((group[GROUP.columns] as Struct[]).map(said => packedColumn(view, said, zstd)));
    // When one before fails nobody waits for this one any more.
    columns.catch(() => {});
    if (begun) written.push(...writeGroup(writer, ends.at(-1) as Struct, await begun));
    ends.push(end);
    begun = columns;
  }
  if (begun) written.push(...writeGroup(writer, ends.at(-1) as Struct, await begun));
  for (const { said, index } of written) {
    said[COLUMN.indexAt] = BigInt(writer.offset);
    said[COLUMN.indexBytes] = write(writer, index);
  }
  const rows = ends.reduce((sum, end) => sum + end[END.rows], 0n);
  const all = { ...ends[0], [END.rows]: rows, [END.groups]: ends.flatMap(end => end[END.groups]) };
  writer.appendUint32(write(writer, all));
  writer.appendBytes(MAGIC);
  return writer.getBytes();
}

async function packedColumn(view: DataView, said: Struct, zstd: Zstd): Promise<Column> {
  return { said, index: structAt(view, Number(said[COLUMN.indexAt])), pages: await packedPages(view, said[COLUMN.facts], zstd) };
}

/** The pages of a column in their order: they lie behind each other. */
function packedPages(view: DataView, facts: Struct, zstd: Zstd): Promise<Page[]> {
  const pages: Promise<Page>[] = [];
  const reader = { view, offset: Number(facts[FACTS.dictionaryAt] ?? facts[FACTS.dataAt]) };
  for (const end = reader.offset + Number(facts[FACTS.bytes]); reader.offset < end; ) {
    const head = deserializeTCompactProtocol(reader);
    const plain = Buffer.from(view.buffer, view.byteOffset + reader.offset, head[PAGE.bytes]);
    reader.offset += plain.length;
    pages.push(zstd(plain, LEVEL).then(body => ({ head: { ...head, [PAGE.bytes]: body.length }, plainBytes: plain.length, body })));
  }
  return Promise.all(pages);
}

function writeGroup(writer: ByteWriter, end: Struct, columns: readonly Column[]): readonly Column[] {
  const [group] = end[END.groups];
  const at = writer.offset;
  for (const column of columns) writeColumn(writer, column);
  group[GROUP.plainBytes] = columns.reduce((sum, { said }) => sum + said[COLUMN.facts][FACTS.plainBytes], 0n);
  group[GROUP.at] = BigInt(at);
  group[GROUP.bytes] = BigInt(writer.offset - at);
  // A number of 16 bits, which cannot be told from one of 32 when it is written; only encryption needs it.
  delete group[GROUP.ordinal];
  return columns;
}

function writeColumn(writer: ByteWriter, { said, index, pages }: Column): void {
  const facts = said[COLUMN.facts];
  const places: Struct[] = index[INDEX.places];
  const start = writer.offset;
  let plainBytes = 0;
  const ats = pages.map(({ head, plainBytes: bytes, body }) => {
    const at = writer.offset;
    plainBytes += write(writer, head) + bytes;
    writer.appendBytes(body);
    return { at, bytes: writer.offset - at };
  });
  // The dictionary comes first, and has no place in the index.
  if (facts[FACTS.dictionaryAt] !== undefined) {
    ats.shift();
    facts[FACTS.dictionaryAt] = BigInt(start);
  }
  for (const [i, { at, bytes }] of ats.entries()) Object.assign(places[i] as Struct, { [PLACE.at]: BigInt(at), [PLACE.bytes]: bytes });
  facts[FACTS.dataAt] = (places[0] as Struct)[PLACE.at];
  facts[FACTS.codec] = ZSTD;
  facts[FACTS.plainBytes] = BigInt(plainBytes);
  facts[FACTS.bytes] = BigInt(writer.offset - start);
}

const structAt = (view: DataView, offset: number): Struct => deserializeTCompactProtocol({ view, offset });

/** How many bytes it took. */
function write(writer: ByteWriter, struct: Struct): number {
  const at = writer.offset;
  serializeTCompactProtocol(writer, struct);
  return writer.offset - at;
}
