/** Parquet read by parquet-wasm, and small tables of other columns than bars written by it. Bars are written in write-parquet. */
import * as arrow from 'apache-arrow';
import { parseTable } from 'arrow-js-ffi';
import * as wasm from 'parquet-wasm';
import type { Bars } from '../../model/bars.js';
import { fromArrow } from './arrow.js';
import { ROW_GROUP, writeStream } from './write-parquet.js';

export const writeArrow = (table: arrow.Table, properties: wasm.WriterProperties): Uint8Array =>
  writeStream(arrow.tableToIPC(table, 'stream'), properties);

/** The bytes must have been checked before: Parquet does not protect itself. */
export function readBars(parquet: Uint8Array): Bars {
  const table = wasm.readParquet(parquet, { batchSize: ROW_GROUP });
  const stream = table.intoFFI();
  try {
    const memory = wasm.wasmMemory() as unknown as { readonly buffer: ArrayBuffer };
    return fromArrow(parseTable(memory.buffer, stream.arrayAddrs(), stream.schemaAddr(), false));
  } finally {
    stream.free();
  }
}

/** Any Parquet file as an Arrow table, nested types and all: for checkpoints. */
export const readArrow = (parquet: Uint8Array): arrow.Table => arrow.tableFromIPC(wasm.readParquet(parquet).intoIPCStream());
