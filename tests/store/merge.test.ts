/** The merge job: input files in, candidate files out. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Bars, concatBars, countOf, toRows } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { writeByContent } from '../../src/store/frames/files.js';
import { type Input, type MergeJob, NO_COUNTS } from '../../src/store/frames/jobs.js';
import { merge } from '../../src/store/frames/merge.js';
import { encodePage, factsOf } from '../../src/store/frames/pages.js';
import { readBars } from '../../src/store/frames/parquet.js';
import { writeBars } from '../../src/store/frames/write-parquet.js';
import { realIo } from '../../src/store/io.js';
import { bars, streamOf, T0, testFolder } from './fixture.js';

async function inputOf(folder: string, kind: Input['kind'], ...parts: Bars[]): Promise<Input> {
  const all = concatBars(parts);
  const pages = () => Buffer.concat(parts.flatMap(part => encodePage(part, {})));
  const bytes = kind === 'raw' ? await writeBars(all) : kind === 'stream' ? streamOf(all) : pages();
  return { kind, ...(await writeByContent(realIo, folder, kind, bytes)), ...factsOf(all) };
}

const ORDINARY = { series: 'BTC/USDT 1m', files: [], held: [], answered: [], timeframe: '1m', rule: 'newer' } as const;

async function mergeOf(t: TestContext, kind: Input['kind'], parts: Bars[][], change: Partial<MergeJob> = {}) {
  const folder = await testFolder(t);
  const inputs = await Promise.all(parts.map(part => inputOf(folder, kind, ...part)));
  const outFolder = join(folder, 'out');
  const job: MergeJob = { ...ORDINARY, inputs, sliceRows: 1000, outFolder, ...change };
  const merged = await merge(realIo, job);
  const files = await Promise.all(merged.candidates.map(async c => readBars(await readFile(c.file))));
  return { ...merged, files };
}

for (const kind of ['raw', 'pages', 'stream'] as const) {
  test(`${kind}: bars of two years become a file for each year, whatever order they came in`, async t => {
    const december = bars(T0 - 3 * MINUTE, 6);
    const january = bars(T0 + 2 * MINUTE, 4, { close: 200 });
    const { files, counts } = await mergeOf(t, kind, [[january], [december]]);
    assert.deepEqual(
      files.map(f => [f.ts[0], countOf(f)]),
      [
        [T0 - 3 * MINUTE, 3],
        [T0, 6],
      ],
    );
    assert.deepEqual(
      toRows(files[1] as Bars).map(row => row.close),
      [100, 100, 100, 200, 200, 200],
    );
    assert.deepEqual(counts, { ...NO_COUNTS, offered: 10, added: 9, conflicts: 1 });
  });

  test(`${kind}: a chunk over three years and one that goes to and fro between them end up in three files`, async t => {
    const years = [2022, 2023, 2024].map(year => Date.UTC(year, 5, 1));
    const toAndFro = concatBars([...years, ...years.map(ts => ts + MINUTE)].map(ts => bars(ts, 1)));
    const { files } = await mergeOf(t, kind, [[toAndFro], [bars(years[0] as number, 3, { step: 366 * DAY })]]);
    assert.deepEqual(files.map(countOf), [2, 3, 3]);
  });
}

test('no file is longer than a slice may be', async t => {
  const { files } = await mergeOf(t, 'pages', [[bars(T0, 25)]], { sliceRows: 10 });
  assert.deepEqual(files.map(countOf), [10, 10, 5]);
});

test('days of all years lie in one file', async t => {
  const { files } = await mergeOf(t, 'pages', [[bars(T0 - 800 * DAY, 900, { step: DAY })]], { timeframe: '1d' });
  assert.deepEqual(files.map(countOf), [900]);
});

test('nothing comes of nothing', async t => {
  assert.deepEqual((await mergeOf(t, 'pages', [[bars(T0, 0)]])).candidates, []);
  assert.deepEqual((await mergeOf(t, 'raw', [], { timeframe: '1d' })).candidates, []);
});

test('an input that is not what was recorded stops the merge', async t => {
  const folder = await testFolder(t);
  for (const kind of ['raw', 'pages'] as const) {
    const input = await inputOf(folder, kind, bars(T0, 3));
    const bytes = await readFile(input.file);
    bytes[100] = (bytes[100] as number) ^ 1;
    await writeFile(input.file, bytes);
    const job = { ...ORDINARY, inputs: [input], sliceRows: 10, outFolder: folder };
    await assert.rejects(merge(realIo, job), error => isTapekeepError(error, 'FILE_DAMAGED'));
  }
});

test('of a hundred and fifty thousand bars that all say otherwise than what is stored, each gives way, and none is lost from the count', async t => {
  const rows = 150_000;
  const folder = await testFolder(t);
  const stored = bars(T0, rows);
  const span = { from: T0, to: T0 + rows * MINUTE };
  const there = {
    ...(await writeByContent(realIo, folder, 'parquet', await writeBars(stored))),
    ...factsOf(stored),
    path: 'there.parquet',
  };
  const change = { files: [there], held: [span], answered: [span], rule: 'keep', sliceRows: rows } as const;
  const { counts, candidates } = await mergeOf(t, 'stream', [[bars(T0, rows, { close: 150 })]], change);
  assert.deepEqual([counts.kept, counts.added, counts.replaced, candidates.length], [rows, 0, 0, 0]);
});
