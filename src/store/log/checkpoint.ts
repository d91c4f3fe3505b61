/**
 * Checkpoints: the files and the configuration of one version in a Parquet file, so that opening stays quick.
 * Beside each lies its SHA-256; one that does not fit it is passed by, and the entries are read instead.
 */
import type * as arrow from 'apache-arrow';
import type { AddRow, CheckpointRow, MetaDataRow } from '../frames/jobs.js';
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
    await objects.adopt(made.file, checkpointPath(table, snapshot.version));
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
  for (const row of rows) {
    const action = row?.toJSON() as { add?: arrow.StructRow | null; metaData?: arrow.StructRow | null };
    if (action.add) {
      const add = action.add.toJSON() as unknown as AddRow;
      const file = fileOf({ ...add, tags: mapOf(add.tags) });
      files.set(file.path, file);
    } else if (action.metaData) {
      const { id, name, schemaString, createdTime, configuration } = action.metaData.toJSON() as unknown as MetaDataRow;
      metaData = { id, name, schemaString, createdTime: Number(createdTime), configuration: mapOf(configuration) };
    }
  }
  return { version, metaData, files, seal: null };
}

/** An Arrow map as a plain object. */
function mapOf(map: unknown): Record<string, string> {
  const out: Record<string, string> = {};
  if (map) for (const [key, value] of map as Iterable<[string, string]>) out[key] = value;
  return out;
}
