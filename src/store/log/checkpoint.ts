/**
 * Checkpoints: the files and the configuration of one version in a Parquet file, so that opening stays quick.
 * Beside each lies its SHA-256; one that does not fit it is passed by, and the entries are read instead.
 */
import type * as arrow from 'apache-arrow';
import { readSealed } from '../frames/files.js';
import type { CheckpointRow, MetaDataRow } from '../frames/jobs.js';
import type { House } from '../house.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Of } from '../publish.js';
import { READER_VERSION, versionName, WRITER_VERSION } from './entry.js';
import { addOf, fileOf, type Snapshot, type TableFile, type Unfinished } from './snapshot.js';

const folderOf = (table: string) => `${table}/_delta_log`;
export const checkpointPath = (table: string, version: number) => `${folderOf(table)}/${versionName(version)}.checkpoint.parquet`;
export const checksumPath = (table: string, version: number) => `${folderOf(table)}/${versionName(version)}.checkpoint.sha256`;

export async function writeCheckpoint(
  { objects, frames, io, folders }: Pick<House, 'objects' | 'frames' | 'io' | 'folders'>,
  table: string,
  snapshot: Snapshot,
): Promise<void> {
  const rows: CheckpointRow[] = [
    { protocol: { minReaderVersion: READER_VERSION, minWriterVersion: WRITER_VERSION } },
    { metaData: snapshot.metaData },
    ...[...snapshot.files.values()].map(file => ({ add: { ...addOf(file), dataChange: false } })),
  ];
  const made = await frames.checkpoint({ rows, outFolder: folders.temp });
  try {
    // What has the name already may be damaged, or lack its checksum.
    if ((await objects.adopt(made.file, checkpointPath(table, snapshot.version))) === 'exists')
      await objects.put(checkpointPath(table, snapshot.version), await readSealed(io, made));
  } finally {
    await io.remove(made.file).catch(() => {});
  }
  const sum = new TextEncoder().encode(sumOf(made.sha256, snapshot.version));
  await objects.put(checksumPath(table, snapshot.version), sum);
  const hint = JSON.stringify({ version: snapshot.version, size: rows.length });
  await objects.put(`${folderOf(table)}/_last_checkpoint`, new TextEncoder().encode(hint));
}

/** As `sha256sum` writes it; the name keeps the checkpoint of one version from passing for another's. */
const sumOf = (sha256: string, version: number): string => `${sha256}  ${versionName(version)}.checkpoint.parquet\n`;

/** The state at a checkpoint; undefined when it cannot be believed. */
export async function readCheckpoint(objects: ObjectStore, table: string, version: number): Promise<Unfinished | undefined> {
  try {
    const bytes = await objects.read(checkpointPath(table, version));
    const sum = new TextDecoder().decode(await objects.read(checksumPath(table, version)));
    if (sum !== sumOf(sha256Of(bytes), version)) return undefined;
    const { readArrow } = await import('../frames/parquet.js');
    return stateOf(version, readArrow(bytes));
  } catch {
    return undefined;
  }
}

function stateOf(version: number, rows: arrow.Table): Unfinished {
  const files = new Map<string, TableFile>();
  let metaData: MetaDataRow | null = null;
  for (const batch of rows.batches) {
    for (const file of filesOf(columnOf(batch, 'add'))) files.set(file.path, file);
    metaData ??= metaDataOf(batch);
  }
  return { version, metaData, files, seal: null };
}

const columnOf = ({ schema, data }: arrow.RecordBatch, name: string): arrow.Data =>
  data.children[schema.fields.findIndex(field => field.name === name)] as arrow.Data;

const fieldOf = (struct: arrow.Data, name: string): arrow.Data =>
  struct.children[(struct.type as arrow.Struct).children.findIndex(field => field.name === name)] as arrow.Data;

/** By columns: an object of Arrow's for each row and field costs ten times the reading. */
function* filesOf(add: arrow.Data): Generator<TableFile> {
  const [path, stats] = [textsOf(fieldOf(add, 'path')), textsOf(fieldOf(add, 'stats'))];
  const [size, modified] = [fieldOf(add, 'size').values, fieldOf(add, 'modificationTime').values] as BigInt64Array[];
  const tags = fieldOf(add, 'tags');
  const [key, value] = (tags.children[0] as arrow.Data).children.map(textsOf) as [Texts, Texts];
  for (let i = 0; i < add.length; i++) {
    if (!add.getValid(i)) continue;
    const named: Record<string, string> = {};
    for (let k = tags.valueOffsets[i] as number; k < (tags.valueOffsets[i + 1] as number); k++) named[key(k)] = value(k);
    yield fileOf({ path: path(i), size: Number(size?.[i]), modificationTime: Number(modified?.[i]), stats: stats(i), tags: named });
  }
}

type Texts = (row: number) => string;

function textsOf({ values, valueOffsets }: arrow.Data): Texts {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return row => bytes.toString('utf8', valueOffsets[row], valueOffsets[row + 1]);
}

function metaDataOf(batch: arrow.RecordBatch): MetaDataRow | null {
  const column = columnOf(batch, 'metaData');
  const place = Array.from({ length: batch.numRows }, (_, row) => row).find(row => column.getValid(row));
  if (place === undefined) return null;
  const row = batch.getChild('metaData')?.get(place) as arrow.StructRow;
  const { id, name, schemaString, createdTime, configuration } = row.toJSON() as unknown as MetaDataRow;
  return {
    id,
    name,
    schemaString,
    createdTime: Number(createdTime),
    configuration: Object.fromEntries(configuration as unknown as Entries),
  };
}

type Entries = Iterable<[string, string]>;
