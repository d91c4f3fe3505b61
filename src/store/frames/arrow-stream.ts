/** Arrow streams as they lie on the disk: a schema, batches, an end. Joined without being decoded. */
import * as arrow from 'apache-arrow';
import { fail } from '../../model/errors.js';
import { BAR_SCHEMA } from './arrow.js';

/** Before a message: a mark, and the length of its head. */
const MARK_BYTES = 8;
export const END: Uint8Array = Buffer.from('ffffffff00000000', 'hex');

/** Streams of one schema as one stream: the schema of the first, the batches of all, one end. */
export function joined(streams: readonly Uint8Array[]): Uint8Array {
  const [first] = streams;
  if (first === undefined) return arrow.tableToIPC(new arrow.Table(BAR_SCHEMA), 'stream');
  if (streams.length === 1) return first;
  const schema = schemaOf(first);
  const batches = streams.map(stream => {
    if (Buffer.compare(schemaOf(stream), schema) !== 0)
      throw fail('INTERNAL', { reason: 'the pages of one segment have different columns' });
    return batchesIn(stream);
  });
  return Buffer.concat([schema, ...batches, END]);
}

/** A schema has no body: its message is all of it. */
export const schemaOf = (stream: Uint8Array): Uint8Array =>
  stream.subarray(0, MARK_BYTES + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true));

/** What lies between the schema and the end. */
export const batchesIn = (stream: Uint8Array): Uint8Array => withoutEnd(stream).subarray(schemaOf(stream).length);

const withoutEnd = (stream: Uint8Array): Uint8Array =>
  Buffer.compare(stream.subarray(-MARK_BYTES), END) === 0 ? stream.subarray(0, -MARK_BYTES) : stream;
