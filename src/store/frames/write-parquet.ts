/**
 * Parquet as our tables hold it, written by parquet-wasm. Many bars are handed to it a row group at a time: given all at once it takes twice the memory
 * of all of them, and never gives it back.
 */
import { ReadableStream } from 'node:stream/web';
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm';
import type { Bars } from '../../model/bars.js';
import { toArrow } from './arrow.js';
import { nativeZstd, packed, type Zstd } from './pack.js';

export const ROW_GROUP = 131_072;

const barProperties = (compression: wasm.Compression): wasm.WriterProperties =>
  new wasm.WriterPropertiesBuilder()
    .setCompression(compression)
    .setDictionaryEnabled(false)
    .setColumnDictionaryEnabled('source', true)
    .setColumnEncoding('ts', wasm.Encoding.DELTA_BINARY_PACKED)
    .setColumnEncoding('trades', wasm.Encoding.DELTA_BINARY_PACKED)
    .setMaxRowGroupSize(ROW_GROUP)
    .setStatisticsEnabled(wasm.EnabledStatistics.Chunk)
    .setCreatedBy('tapekeep')
    .build();

export const writeBars = (bars: Bars): Promise<Uint8Array> => writeWith(nativeZstd, bars);

/** Where there is no native zstd parquet-wasm compresses by itself: the same table, in twice the time. */
export async function writeWith(zstd: Zstd | undefined, bars: Bars): Promise<Uint8Array> {
  const table = toArrow(bars);
  if (zstd) return packed(plainGroups(table), zstd);
  const properties = barProperties(wasm.Compression.ZSTD);
  return isOneGroup(table.numRows) ? writeStream(arrow.tableToIPC(table, 'stream'), properties) : writeByGroups(table, properties);
}

/** A file for each row group. */
function* plainGroups({ batches }: arrow.Table): Generator<Uint8Array> {
  for (const piece of piecesOf(batches)) yield writeStream(piece, barProperties(wasm.Compression.UNCOMPRESSED));
}

/** A raw file, of an Arrow stream of so many rows. It is read once and let go with its version: LZ4 takes a quarter of zstd's time, and a third more room. */
export async function writeRaw(stream: Uint8Array, rows: number): Promise<Uint8Array> {
  const properties = barProperties(wasm.Compression.LZ4_RAW);
  return isOneGroup(rows) ? writeStream(stream, properties) : writeByGroups(arrow.tableFromIPC(stream), properties);
}

/** Few rows are quicker written at once. */
const isOneGroup = (rows: number): boolean => rows <= ROW_GROUP;

export const writeStream = (stream: Uint8Array, properties: wasm.WriterProperties): Uint8Array =>
  wasm.writeParquet(wasm.Table.fromIPCStream(stream), properties);

async function writeByGroups({ batches }: arrow.Table, properties: wasm.WriterProperties): Promise<Uint8Array> {
  const pieces = piecesOf(batches);
  const handed = new ReadableStream<wasm.RecordBatch>(
    {
      pull(controller) {
        const { value, done } = pieces.next();
        if (done) return controller.close();
        const table = wasm.Table.fromIPCStream(value);
        controller.enqueue(table.recordBatch(0) as wasm.RecordBatch);
        table.free();
      },
    },
    { highWaterMark: 0 },
  );
  const written = await wasm.transformParquetStream(handed as never, properties);
  const parts: Uint8Array[] = [];
  for await (const part of written as unknown as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts);
}

/** Each a stream of its own, and no more rows than a row group has. */
function* piecesOf(batches: readonly arrow.RecordBatch[]): Generator<Uint8Array, undefined> {
  for (const batch of batches)
    for (let at = 0; at === 0 || at < batch.numRows; at += ROW_GROUP)
      yield arrow.tableToIPC(new arrow.Table([batch.slice(at, at + ROW_GROUP)]), 'stream');
}
