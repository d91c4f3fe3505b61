/** Writes the rows of a checkpoint as the Parquet file that Delta readers want: Map and Struct types. */
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm';
import type { Io } from '../io.js';
import { sha256Of, tempName, writeDurably } from '../publish.js';
import type { CheckpointJob, CheckpointRow, Sealed } from './jobs.js';
import { writeArrow } from './parquet.js';

const field = (name: string, type: arrow.DataType, nullable = true) => new arrow.Field(name, type, nullable);
const text = () => new arrow.Utf8();
const textMap = () =>
  new arrow.Map_(
    new arrow.Field(
      'key_value',
      new arrow.Struct<{ key: arrow.Utf8; value: arrow.Utf8 }>([
        new arrow.Field('key', new arrow.Utf8(), false),
        new arrow.Field('value', new arrow.Utf8(), true),
      ]),
      false,
    ),
    false,
  );

const PROTOCOL = new arrow.Struct([field('minReaderVersion', new arrow.Int32()), field('minWriterVersion', new arrow.Int32())]);
const META = new arrow.Struct([
  field('id', text()),
  field('name', text()),
  field('description', text()),
  field('format', new arrow.Struct([field('provider', text()), field('options', textMap())])),
  field('schemaString', text()),
  field('partitionColumns', new arrow.List(field('element', text()))),
  field('createdTime', new arrow.Int64()),
  field('configuration', textMap()),
]);
const ADD = new arrow.Struct([
  field('path', text()),
  field('partitionValues', textMap()),
  field('size', new arrow.Int64()),
  field('modificationTime', new arrow.Int64()),
  field('dataChange', new arrow.Bool()),
  field('stats', text()),
  field('tags', textMap()),
]);
const REMOVE = new arrow.Struct([
  field('path', text()),
  field('deletionTimestamp', new arrow.Int64()),
  field('dataChange', new arrow.Bool()),
]);
const TXN = new arrow.Struct([field('appId', text()), field('version', new arrow.Int64())]);

const asMap = (o: Readonly<Record<string, string>>) => new Map(Object.entries(o));

function plainRow(row: CheckpointRow) {
  return {
    txn: null,
    add: row.add
      ? {
          ...row.add,
          partitionValues: asMap(row.add.partitionValues),
          size: BigInt(row.add.size),
          modificationTime: BigInt(row.add.modificationTime),
          tags: asMap(row.add.tags),
        }
      : null,
    remove: null,
    metaData: row.metaData
      ? {
          ...row.metaData,
          description: null,
          format: { provider: 'parquet', options: asMap({}) },
          partitionColumns: [],
          createdTime: BigInt(row.metaData.createdTime),
          configuration: asMap(row.metaData.configuration),
        }
      : null,
    protocol: row.protocol ?? null,
  };
}

export async function checkpoint(io: Io, job: CheckpointJob): Promise<Sealed> {
  const rows = job.rows.map(plainRow);
  const columns = { txn: TXN, add: ADD, remove: REMOVE, metaData: META, protocol: PROTOCOL } as const;
  const vectors = Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [
      name,
      arrow.vectorFromArray(
        rows.map(row => row[name as keyof typeof columns]),
        type as arrow.DataType,
      ),
    ]),
  );
  const properties = new wasm.WriterPropertiesBuilder().setCompression(wasm.Compression.SNAPPY).setCreatedBy('tapekeep').build();
  const bytes = writeArrow(new arrow.Table(vectors), properties);
  const file = tempName(job.outFolder);
  await writeDurably(io, file, bytes);
  return { file, sha256: sha256Of(bytes) };
}
