/** Pages survive what a crash and a bad disk do to them, as far as they are whole. */
import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { countOf, emptyBars, toRows } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { decodePage, encodePage, factsOf, readPages } from '../../src/store/frames/pages.js';
import { readBars } from '../../src/store/frames/parquet.js';
import type { Input } from '../../src/store/index.js';
import { realIo } from '../../src/store/io.js';
import { faultyIo, Gate } from '../faults/faulty-io.js';
import { bars, streamOf, T0, testStore } from './fixture.js';

const MINUTE = 60_000;
const pages = [
  encodePage(bars(T0, 3), { cursor: 'a' }),
  encodePage(emptyBars(), { cursor: 'b' }),
  encodePage(bars(T0 + 9 * MINUTE, 2), {}),
].map(parts => Buffer.concat(parts));
const file = Buffer.concat(pages);

test('pages in one file are read one after the other, with their facts', () => {
  const read = [...readPages(file)];
  assert.deepEqual(
    read.map(page => page.facts),
    [
      { cursor: 'a', rows: 3, first: T0, last: T0 + 2 * MINUTE },
      { cursor: 'b', rows: 0, first: 0, last: 0 },
      { rows: 2, first: T0 + 9 * MINUTE, last: T0 + 10 * MINUTE },
    ],
  );
  assert.deepEqual(
    read.map(page => countOf(page.bars())),
    [3, 0, 2],
  );
  assert.equal(read.at(-1)?.end, file.length);
});

test('the bars of a page are the stream that they would be by themselves, byte for byte', () => {
  for (const given of [emptyBars(), bars(T0, 1), bars(T0, 1_001)])
    assert.deepEqual(decodePage(Buffer.concat(encodePage(given, {})))?.stream, Buffer.from(streamOf(given)));
});

test('a file cut anywhere holds the pages before the cut, and no part of one', () => {
  const ends = [0, ...[...readPages(file)].map(page => page.end)];
  fc.assert(
    fc.property(fc.nat(file.length), length => {
      assert.equal([...readPages(file.subarray(0, length))].length, ends.filter(end => end > 0 && end <= length).length);
    }),
  );
});

test('a flipped bit anywhere ends the walk at its page', () => {
  const ends = [...readPages(file)].map(page => page.end);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] as number) ^ (1 << bit);
      assert.equal([...readPages(flipped)].length, ends.filter(end => end <= at).length);
    }),
    { numRuns: 300 },
  );
});

test('a page file holds one page and nothing behind it', () => {
  assert.equal(decodePage(pages[0] as Uint8Array)?.facts.rows, 3);
  assert.equal(decodePage(file), undefined);
  assert.equal(decodePage(new Uint8Array()), undefined);
});

test('facts are of the smallest and largest open, in whatever order they came', () => {
  const backwards = { ...bars(T0, 3), ts: Float64Array.of(T0 + 5, T0 - 5, T0) };
  assert.deepEqual(factsOf(backwards), { rows: 3, first: T0 - 5, last: T0 + 5 });
});

interface Done {
  readonly input: Input | null;
  readonly note: string;
}

test('a second attempt finds the pages of the first, and its raw file holds all bars', async t => {
  const store = await testStore(t);
  const first = await store.pages<{ cursor: number }, Done>('load-1', 'segment-1');
  await first.append(bars(T0, 3), { cursor: 1 });
  await first.append(emptyBars(), { cursor: 2 });
  const second = await store.pages<{ cursor: number }, Done>('load-1', 'segment-1');
  assert.deepEqual(
    second.facts.map(f => [f.cursor, f.rows]),
    [
      [1, 3],
      [2, 0],
    ],
  );
  assert.equal(second.done, undefined);
  await second.append(bars(T0 + 3 * MINUTE, 2), { cursor: 3 });
  const done = await second.finish(input => ({ input, note: 'told' }));
  assert.ok(done.input && done.input.kind === 'raw' && done.input.rows === 5);
  assert.equal(countOf(readBars(await readFile(done.input.file))), 5);
  const third = await store.pages<{ cursor: number }, Done>('load-1', 'segment-1');
  assert.deepEqual(third.done, done);
  assert.deepEqual(third.facts, []);
});

test('an attempt that was given up but still runs lets go of its pages while the next one does: that one goes on', async t => {
  const [listing, dropping] = [new Gate(), new Gate()];
  const match = /segment-1/;
  const faults = [
    { op: 'list', match, nth: 1, effect: { hold: listing } },
    { op: 'remove', match, nth: 1, effect: { hold: dropping } },
  ] as const;
  const first = await testStore(t);
  const { root } = first.house;
  const second = await testStore(t, { root, io: faultyIo(realIo, { faults }) });
  const given = await first.pages<{ cursor: number }, Done>('load-1', 'segment-1');
  const opening = second.pages<{ cursor: number }, Done>('load-1', 'segment-1');
  await listing.reached;
  await given.append(bars(T0, 3), { cursor: 1 });
  listing.open();
  await dropping.reached;
  const done = await given.finish(input => ({ input, note: 'told' }));
  dropping.open();
  assert.deepEqual((await opening).done, done);
});

test('a raw file that changed since is fetched again: the segment is not done', async t => {
  const store = await testStore(t);
  const pages = await store.pages<object, Done>('load-1', 's');
  await pages.append(bars(T0, 3), {});
  const { input } = await pages.finish(made => ({ input: made, note: '' }));
  await truncate((input as Input).file, 100);
  assert.equal((await store.pages<object, Done>('load-1', 's')).done, undefined);
});

test('a torn page and those behind it are asked for again', async t => {
  const store = await testStore(t);
  const pages = await store.pages<object, Done>('load-1', 's');
  for (let i = 0; i < 3; i++) await pages.append(bars(T0 + i * MINUTE, 1), {});
  const folder = join(store.house.folders.pages, 'load-1', 's');
  const [, second] = (await readdir(folder)).toSorted();
  await truncate(join(folder, second as string), 50);
  assert.equal((await store.pages<object, Done>('load-1', 's')).facts.length, 1);
});

test('a page that was damaged between reading its facts and staging stops the raw file', async t => {
  const store = await testStore(t);
  const pages = await store.pages<object, Done>('load-1', 's');
  await pages.append(bars(T0, 3), {});
  await writeFile(join(store.house.folders.pages, 'load-1', 's', '000000.page'), 'nonsense');
  await assert.rejects(
    pages.finish(input => ({ input, note: '' })),
    error => isTapekeepError(error, 'FILE_DAMAGED'),
  );
});

test('a segment without bars has no raw file, and a discarded one leaves nothing', async t => {
  const store = await testStore(t);
  const pages = await store.pages<object, Done>('load-1', 'empty');
  await pages.append(emptyBars(), {});
  assert.equal((await pages.finish(input => ({ input, note: 'none' }))).input, null);
  await pages.discard();
  assert.deepEqual(await readdir(join(store.house.folders.pages, 'load-1')), []);
});

test('bars that are handed over become one input file, also when there are none', async t => {
  const store = await testStore(t);
  const input = await store.stageBars('load-1', [bars(T0, 2), emptyBars(), bars(T0 + 5 * MINUTE, 1)]);
  assert.deepEqual([input.rows, input.first, input.last], [3, T0, T0 + 5 * MINUTE]);
  assert.equal([...readPages(await readFile(input.file))].flatMap(page => toRows(page.bars())).length, 3);
  const none = await store.stageBars('load-1', []);
  assert.deepEqual([none.rows, none.first, none.last], [0, 0, 0]);
});
