/** Files of columns: Parquet, and Arrow as a file (feather) or as a stream. Written batch by batch. */
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm';
import type { Bars } from '../../model/bars.js';
import { toArrow } from '../../store/frames/arrow.js';
import { ROW_GROUP } from '../../store/frames/write-parquet.js';

export type Batches = AsyncIterable<arrow.RecordBatch>;

export const batchOf = (schema: arrow.Schema, length: number, children: arrow.Data[]): arrow.RecordBatch =>
  new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children }));

/** All columns of the table, as they are. */
export async function* batchesOf(bars: AsyncIterable<Bars>): AsyncGenerator<arrow.RecordBatch> {
  for await (const some of bars) yield* toArrow(some).batches;
}

/** Without any batch the schema alone makes the file. */
async function* orEmpty(schema: arrow.Schema, batches: Batches): AsyncGenerator<arrow.RecordBatch> {
  let some = false;
  for await (const batch of batches) {
    some = true;
    yield batch;
  }
  if (!some)
    yield batchOf(
      schema,
      0,
      schema.fields.map(field => arrow.makeData({ type: field.type, length: 0 }) as arrow.Data),
    );
}

export async function* parquetOf(schema: arrow.Schema, batches: Batches): AsyncGenerator<Uint8Array> {
  const properties = new wasm.WriterPropertiesBuilder()
    .setCompression(wasm.Compression.ZSTD)
    .setMaxRowGroupSize(ROW_GROUP)
    .setStatisticsEnabled(wasm.EnabledStatistics.Chunk)
    .setCreatedBy('tapekeep')
    .build();
  const rows = orEmpty(schema, batches);
  let fault: unknown;
  const stream = new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await rows.next();
        if (done) controller.close();
        else for (const part of partsOf(schema, value)) controller.enqueue(part);
      } catch (error) {
        fault = error;
        throw error;
      }
    },
  });
  try {
    yield* (await wasm.transformParquetStream(stream, properties)) as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    // The writer does not hand on what went wrong before it.
    throw fault ?? error;
  }
}

/** A batch in the writer's memory, which is not ours: a table that is not let go stays for as long as the process does. */
function partsOf(schema: arrow.Schema, batch: arrow.RecordBatch): wasm.RecordBatch[] {
  const table = wasm.Table.fromIPCStream(arrow.tableToIPC(new arrow.Table(schema, [batch]), 'stream'));
  try {
    return table.recordBatches();
  } finally {
    table.free();
  }
}

export const featherOf = (schema: arrow.Schema, batches: Batches): AsyncGenerator<Uint8Array> =>
  written(new arrow.RecordBatchFileWriter(), orEmpty(schema, batches));

export const arrowStreamOf = (schema: arrow.Schema, batches: Batches): AsyncGenerator<Uint8Array> =>
  written(new arrow.RecordBatchStreamWriter(), orEmpty(schema, batches));

/** What the writer made of a batch goes out before the next one comes in. */
async function* written(writer: arrow.RecordBatchWriter, batches: Batches): AsyncGenerator<Uint8Array> {
  const made = writer[Symbol.asyncIterator]();
  let next = made.next();
  async function* ready(): AsyncGenerator<Uint8Array> {
    // What is made is there at once: an idle moment comes first only when nothing is.
    for (let got = await Promise.race([next, idle()]); got && !got.done; got = await Promise.race([next, idle()])) {
      next = made.next();
      yield got.value;
    }
  }
  for await (const batch of batches) {
    writer.write(batch);
    yield* ready();
  }
  writer.finish();
  yield* ready();
}

const idle = (): Promise<undefined> => new Promise(resolve => setImmediate(() => resolve(undefined)));
