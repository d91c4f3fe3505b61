/** Bars go to Arrow, Parquet and pages and come back as they were. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import * as wasm from 'parquet-wasm';
import { type Bars, COLUMNS, concatBars, countOf, emptyBars, sliceBars, toRows, VALUES, type Value } from '../../src/model/bars.js';
import { fromArrow, toArrow } from '../../src/store/frames/arrow.js';
import { joined } from '../../src/store/frames/arrow-stream.js';
import { barsOf, frameOf, numbersOf } from '../../src/store/frames/frame.js';
import { decodePage, encodePage } from '../../src/store/frames/pages.js';
import { readBars } from '../../src/store/frames/parquet.js';
import { ROW_GROUP, writeBars, writeRaw } from '../../src/store/frames/write-parquet.js';
import { anyBars } from './arbitrary-bars.js';
import { bars, streamOf, T0 } from './fixture.js';

const throughStream = (given: Bars): Bars => fromArrow(arrow.tableFromIPC(streamOf(given)));
const throughParquet = async (given: Bars): Promise<Bars> => readBars(await writeBars(given));
const throughRaw = async (given: Bars): Promise<Bars> => readBars(await writeRaw(streamOf(given), countOf(given)));
const throughPage = (given: Bars): Bars => decodePage(Buffer.concat(encodePage(given, {})))?.bars() as Bars;
/** Nothing is told apart that a table does not tell apart: −0 is 0 in whole numbers of trades. */
const rowsOf = (given: Bars) => toRows(given).map(row => ({ ...row, trades: row.trades === null ? null : (row.trades ?? 0) + 0 }));

for (const [way, go] of Object.entries({
  toArrow: (b: Bars) => fromArrow(toArrow(b)),
  throughStream,
  throughParquet,
  throughRaw,
  throughPage,
})) {
  test(`any bars come back ${way}: nulls, exact numbers, several sources, none at all`, async () => {
    await fc.assert(
      fc.asyncProperty(anyBars(), async given => assert.deepEqual(rowsOf(await go(given)), rowsOf(given))),
      { numRuns: 60 },
    );
  });

  test(`a view on some of the bars comes back ${way} as those bars`, async () => {
    await fc.assert(
      fc.asyncProperty(anyBars(40), fc.nat(40), fc.nat(40), async (given, a, b) => {
        const view = sliceBars(given, Math.min(a, b), Math.max(a, b));
        assert.deepEqual(rowsOf(await go(view)), rowsOf(view));
      }),
      { numRuns: 40 },
    );
  });
}

test('polars tells the same bars whether they are few or many: some values not stated, a column not at all, none of its own shared', () => {
  for (const rows of [1_000, 60_000]) {
    const given = bars(T0, rows);
    given.volume[7] = Number.NaN;
    given.trades[rows - 1] = Number.NaN;
    given.turnover.fill(Number.NaN);
    const frame = frameOf(given);
    const { bars: told, nulls } = numbersOf(frame);
    for (const column of ['ts', ...VALUES] as const) assert.deepEqual(told[column], given[column], `${column} of ${rows}`);
    assert.deepEqual(
      ['ts', 'open', 'volume', 'trades', 'turnover'].map(c => nulls(c as Value)),
      [0, 0, 1, 1, rows],
    );
    const own = barsOf(frame);
    assert.deepEqual(toRows(sliceBars(own, 0, 10)), toRows(sliceBars(given, 0, 10)));
    own.turnover.fill(1);
    assert.deepEqual(numbersOf(frame).bars.turnover, given.turnover);
  }
});

test('bars over several row groups come back, null or not', async () => {
  const many = bars(T0, ROW_GROUP + 10);
  const blank = emptyBars(3, ['gap']);
  blank.ts.set([1, 2, 3].map(i => T0 + (ROW_GROUP + 10 + i) * 60_000));
  const given = concatBars([many, blank]);
  const back = await throughParquet(given);
  assert.equal(countOf(back), ROW_GROUP + 13);
  assert.deepEqual(back.ts, given.ts);
  assert.deepEqual(back.close, given.close);
  assert.deepEqual(back.trades, given.trades);
  assert.deepEqual(toRows(sliceBars(back, ROW_GROUP + 8, ROW_GROUP + 13)), toRows(sliceBars(given, ROW_GROUP + 8, ROW_GROUP + 13)));
});

test('the Parquet file has the columns of a table, and what is not stated is null to another reader', async () => {
  const given = emptyBars(2, ['x']);
  given.ts.set([T0, T0 + 60_000]);
  given.close.set([1, 2]);
  const frame = pl.readParquet(Buffer.from(await writeBars(given)));
  assert.deepEqual(frame.columns, [...COLUMNS]);
  assert.equal(frame.getColumn('open').nullCount(), 2);
  assert.equal(frame.getColumn('close').nullCount(), 0);
  assert.equal(frame.getColumn('trades').nullCount(), 2);
});

test('streams are joined as they lie there, in their order, and never when their columns differ', () => {
  const parts = fc.array(anyBars(), { maxLength: 5 });
  fc.assert(
    fc.property(parts, given =>
      assert.deepEqual(rowsOf(fromArrow(arrow.tableFromIPC(joined(given.map(streamOf))))), given.flatMap(rowsOf)),
    ),
    { numRuns: 60 },
  );
  const other = arrow.tableToIPC(new arrow.Table({ ts: arrow.vectorFromArray([1, 2]) }), 'stream');
  assert.throws(() => joined([streamOf(bars(T0, 2)), other]), /different columns/);
});

async function codecOf(parquet: Uint8Array): Promise<wasm.Compression> {
  const file = await wasm.ParquetFile.fromFile(new Blob([Buffer.from(parquet)]));
  return file.metadata().rowGroup(0).column(1).compression();
}

test('a raw file says the same to polars as a data file, in pages that are LZ4', async () => {
  const given = bars(T0, 1_000);
  const raw = await writeRaw(joined([streamOf(sliceBars(given, 0, 400)), streamOf(sliceBars(given, 400, 1_000))]), 1_000);
  assert.deepEqual(pl.readParquet(Buffer.from(raw)).toRecords(), pl.readParquet(Buffer.from(await writeBars(given))).toRecords());
  assert.deepEqual(toRows(readBars(raw)), toRows(given));
  assert.equal(await codecOf(raw), wasm.Compression.LZ4_RAW);
  assert.equal(await codecOf(await writeBars(given)), wasm.Compression.ZSTD);
});
