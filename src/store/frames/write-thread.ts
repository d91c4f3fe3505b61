/** What a writing thread runs: one Arrow stream at a time becomes Parquet. */
import { parentPort } from 'node:worker_threads';
import { writeBarStream } from './write-parquet.js';

parentPort?.on('message', async (stream: Uint8Array) => {
  const parquet = (await writeBarStream(stream)) as Uint8Array<ArrayBuffer>;
  parentPort?.postMessage(parquet, [parquet.buffer]);
});
