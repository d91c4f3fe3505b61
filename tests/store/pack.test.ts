/** Data files packed by native zstd say what parquet-wasm would have said, and every page lies where the file says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import pl from 'nodejs-polars';
import { type Bars, COLUMNS, concatBars, countOf, emptyBars } from '../../src/model/bars.js';
import { nativeZstd, packed, type Zstd } from '../../src/store/frames/pack.js';
import { readBars } from '../../src/store/frames/parquet.js';
import { ROW_GROUP, writeWith } from '../../src/store/frames/write-parquet.js';
import { anyBars } from './arbitrary-bars.js';
import { bars, T0 } from './fixture.js';

const skip = nativeZstd ? false : 'there is no native zstd for this system';
const native = nativeZstd as Zstd;

const bufferOf = (file: Uint8Array): ArrayBuffer => new Uint8Array(file).buffer;

/** What the end of a file says, but for lengths and places. */
const saidOf = (file: Uint8Array): unknown =>
  JSON.parse(
    JSON.stringify(parquetMetadata(bufferOf(file)), (key, value) =>
      /offset|length|size|ordinal/.test(key) ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  );

/** The first rows of the pages of each column, each page looked up where its index says that it lies. */
function pagesOf(file: Uint8Array): bigint[][] {
  const view = new DataView(bufferOf(file));
  return parquetMetadata(view.buffer as ArrayBuffer).row_groups.flatMap(({ columns }) =>
    columns.map(({ offset_index_offset, meta_data }) => {
      const places = deserializeTCompactProtocol({ view, offset: Number(offset_index_offset) }).field_1;
      assert.equal(places[0].field_1, meta_data?.data_page_offset);
      for (const { field_1: at, field_2: bytes } of places) {
        const reader = { view, offset: Number(at) };
        const head = deserializeTCompactProtocol(reader);
        assert.equal(head.field_1, 0, 'a data page');
        assert.equal(reader.offset + head.field_3, Number(at) + bytes);
      }
      return places.map((place: { field_3: bigint }) => place.field_3);
    }),
  );
}

async function saySame(given: Bars): Promise<void> {
  const [ours, theirs] = [await writeWith(native, given), await writeWith(undefined, given)];
  assert.deepEqual(saidOf(ours), saidOf(theirs));
  assert.deepEqual(pagesOf(ours), pagesOf(theirs));
  assert.ok(pl.readParquet(Buffer.from(ours)).frameEqual(pl.readParquet(Buffer.from(theirs)), true));
  assert.deepEqual(readBars(ours), readBars(theirs));
}

test('any bars are packed as they would have been compressed: nulls, bounds, several sources, none at all', { skip }, async () => {
  await fc.assert(fc.asyncProperty(anyBars(), saySame), { numRuns: 60 });
});

test('so are several row groups of several pages each, some of whose columns are not stated', { skip }, async () => {
  const blank = emptyBars(30_000, ['gap']);
  blank.ts.set(blank.ts.map((_, i) => T0 + (ROW_GROUP + 10 + i) * 60_000));
  const given = concatBars([bars(T0, ROW_GROUP + 10), blank]);
  await saySame(given);
  const file = await writeWith(native, given);
  assert.deepEqual(
    pagesOf(file).map(({ length }) => length > 1),
    Array.from({ length: 2 * COLUMNS.length }, () => true),
  );
  assert.equal(countOf(readBars(file)), countOf(given));
});

test('a file of no bars is a file of no bars, and what cannot be packed is told', { skip }, async () => {
  const none = emptyBars(0, []);
  assert.equal(countOf(readBars(await writeWith(native, none))), 0);
  const refusing: Zstd = () => Promise.reject(new Error('no memory'));
  await assert.rejects(writeWith(refusing, bars(T0, 5)), /no memory/);
  await assert.rejects(packed([Buffer.from('PAR1 and no more PAR1')], native));
});
