/** Texts that are longer than what is read at once: stretch by stretch, unpacked once, in bounded memory, with room on the disk. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { LookNote } from '../../src/activities/imports/look.js';
import type { TakenNote } from '../../src/activities/imports/take.js';
import type { MigrateOrder } from '../../src/model/migrate.js';
import { realIo } from '../../src/store/io.js';
import { attemptOf } from '../activities/world.js';
import { csvOf, put as putLegacy, Y2024 } from './legacy-files.js';
import { importScene } from './scene.js';
import { zipOf } from './zip.js';

const T0 = Date.UTC(2022, 0, 2);
const HEADING = 'time,open,high,low,close,Volume';
const row = (i: number, from = T0): string => `${from / 1000 + i * 60},100.25,${102 + (i % 7)},99,101.5,${i + 1}`;
const csv = (count: number, from = T0): string => `${HEADING}\n${Array.from({ length: count }, (_, i) => row(i, from)).join('\n')}\n`;
/** More than a first look sees. */
const LONG = 40_000;
const NAME = 'BINANCE_BTCUSDT, 1.csv';

for (const [what, name, content] of [
  ['a .gz', `${NAME}.gz`, () => gzipSync(csv(LONG))],
  ['an entry of a .zip', 'export.zip', () => zipOf({ 'readme.csv': 'x', [NAME]: csv(LONG) })],
  ['a text in UTF-16', NAME, () => Buffer.from(`\uFEFF${csv(LONG)}`, 'utf16le')],
] as const) {
  test(`${what} that is long is unpacked once, and its stretches are read from that`, async t => {
    const { put, look, orderOf, steps, store } = await importScene(t);
    const file = await put(name, content());
    const order = orderOf(file, { batchBars: 15_000 });
    const { note, found } = await look(order, name.endsWith('.zip') ? 1 : 0);
    assert.deepEqual(found.questions, []);
    const { unpacked } = await store.readNote<LookNote>(order.id, note);
    assert.ok(unpacked !== null && existsSync(unpacked));
    // Whatever is read now cannot come from the file.
    await rm(file);
    const sizes: number[] = [];
    for (let from = null; ; ) {
      const taken: Awaited<ReturnType<typeof steps.importTake>> = await attemptOf(steps.importTake, order, note, from as never).result;
      sizes.push(taken.bars);
      if (!taken.next) break;
      from = taken.next as never;
    }
    assert.deepEqual(sizes, [15_000, 15_000, 10_000]);
    await attemptOf(steps.close, [order.id]).result;
    assert.equal(existsSync(unpacked), false);
  });
}

test('a .gz that is unpacked already by an attempt that died is not unpacked again', async t => {
  const { put, look, orderOf, store } = await importScene(t);
  const order = orderOf(await put(`${NAME}.gz`, gzipSync(csv(LONG))));
  const [first, second] = [await look(order), await look(order)];
  assert.equal(first.note, second.note);
  const { unpacked } = await store.readNote<LookNote>(order.id, first.note);
  const texts = (await readdir(join(unpacked as string, '..'))).filter(name => name.endsWith('.text'));
  assert.equal(texts.length, 1);
});

test('a stretch has as many bars as a commit should have, whatever its rows are long, and lines are counted on', async t => {
  const { put, take, quarantine } = await importScene(t);
  const lines = csv(LONG).split('\n');
  lines[30_001] = 'odd';
  const done = await take(await put(NAME, lines.join('\n')), { batchBars: 7_000 });
  assert.deepEqual([done.rows, done.stored, done.quarantined], [LONG, LONG - 1, 1]);
  assert.deepEqual(
    (await quarantine()).map(aside => [aside.line, aside.row]),
    [[30_002, 'odd']],
  );
});

test('bars of another length that no sample shows are refused in the preview, with their line, and what was taken before them stays', async t => {
  const { put, take, bars } = await importScene(t);
  const minutes = 60_000;
  const hidden = (step: number): string => {
    const stamps = Array.from({ length: minutes }, (_, i) => i * 60);
    const there = 40_000;
    const other = Array.from({ length: 12 }, (_, i) => (stamps[there] as number) + (i + 1) * step);
    const shift = (other.at(-1) as number) - (stamps[there] as number);
    const all = [...stamps.slice(0, there + 1), ...other, ...stamps.slice(there + 1).map(at => at + shift)];
    return `${HEADING}\n${all.map(at => `${T0 / 1000 + at},100.25,102,99,101.5,1`).join('\n')}\n`;
  };
  for (const [step, than] of [
    [300, 'longer'],
    [15, 'shorter'],
  ] as const) {
    const file = await put(NAME, hidden(step));
    const says = new RegExp(`mixes bars of 1m with ${than} ones, from line 40002, column 1, on\\. One file holds one series`);
    await assert.rejects(take(file, { dryRun: true }), says);
    const dataset = `in-${step}`;
    await assert.rejects(take(file, { batchBars: 15_000, dataset }), (error: Error) => {
      assert.match(error.message, says);
      assert.match(error.message, /The rows before line 30002 are taken, and stay$/);
      return true;
    });
    assert.equal((await bars(dataset)).length, 30_000);
  }
});

test('rows that are refused together are told with their line, how they were read, and what says it otherwise', async t => {
  const { put, take } = await importScene(t);
  const stamps = Array.from({ length: 400 }, (_, i) => T0 / 1000 + 30 + i * 60);
  const file = await put(NAME, `${HEADING}\n${stamps.map(at => `${at},100.25,102,99,101.5,1`).join('\n')}\n`);
  await assert.rejects(
    take(file, { dryRun: true }),
    /: from line 2, column 1, on, read as 1m, UTC and stamps of the open: .*no 1m bar opens then; --timeframe, --zone, --stamp and --calendar say it otherwise\. Nothing was written/,
  );
});

test('what a version holds is let go from staging while the import goes on', async t => {
  const { put, look, orderOf, steps, store } = await importScene(t);
  const order = orderOf(await put(NAME, csv(LONG)), { batchBars: 20_000 });
  const { note } = await look(order);
  const first = await attemptOf(steps.importTake, order, note, null).result;
  const second = await attemptOf(steps.importTake, order, note, first.next).result;
  const filesOf = async (taken: string) => (await store.readNote<TakenNote>(order.id, taken)).inputs.map(input => existsSync(input.file));
  const merged = await attemptOf(steps.importMerge, order, note, { number: 0, taken: [first.note], landed: [] }).result;
  await attemptOf(steps.commit, { load: order.id }, merged.proposal).result;
  assert.deepEqual([await filesOf(first.note), await filesOf(second.note)], [[true], [true]]);
  await attemptOf(steps.importMerge, order, note, { number: 1, taken: [second.note], landed: [first.note] }).result;
  assert.deepEqual([await filesOf(first.note), await filesOf(second.note)], [[false], [true]]);
});

test('rows that are no bars in masses make short stretches, and every one is in quarantine with its line', async t => {
  const { put, take, quarantine } = await importScene(t);
  // The last bars lie in the future: their clock was wrong.
  const [past, future] = [1_000, 230_000];
  const lines = [HEADING, ...Array.from({ length: past }, (_, i) => row(i))];
  for (let i = 0; i < future; i++) lines.push(row(i, Date.UTC(2030, 0, 1)));
  const done = await take(await put(NAME, `${lines.join('\n')}\n`), { given: { timeframe: '1m' } });
  assert.deepEqual([done.rows, done.stored, done.quarantined], [past + future, past, future]);
  const aside = await quarantine();
  const inFile = aside.map(line => line.line as number).sort((a, b) => a - b);
  assert.deepEqual([inFile.length, inFile[0], inFile.at(-1)], [future, past + 2, past + future + 1]);
  assert.ok(aside.every(line => /^20\d\d-\S+Z lies in the future$/.test(String(line.says))));
});

test('an import that may not fit is not begun: no stretch is read before there is room', async t => {
  let free = 3e6;
  const { put, look, orderOf } = await importScene(t, { io: { ...realIo, room: async () => free }, floorBytes: 1e6 });
  const order = orderOf(await put(NAME, csv(LONG)));
  const isLow = (error: Error & { details?: unknown }) => /the import of .* may need 6\.8 MB, and 3\.0 MB are free/.test(error.message);
  await assert.rejects(look(order), isLow);
  free = 9e6;
  await look(order);
});

test('a migration that may not fit is not begun', async t => {
  let free = 3e6;
  const { folder, steps } = await importScene(t, { io: { ...realIo, room: async () => free }, floorBytes: 1e6 });
  const legacy = join(folder, 'older');
  putLegacy(legacy, 'BTCUSDT_1m.csv', csvOf(Y2024, 20_000));
  const order: MigrateOrder = {
    job: 'migrate',
    id: 'migrate-1',
    folder: legacy,
    only: { symbol: 'BTCUSDT', timeframe: '1m' },
    dataset: 'main',
    assetClass: 'crypto',
    calendar: null,
    provider: null,
    again: false,
    dryRun: false,
    by: 'test',
    batchBars: 1_000_000,
    silenceMs: 10_000,
  };
  const { note, files } = await attemptOf(steps.legacySurvey, order).result;
  assert.equal(files, 1);
  await assert.rejects(attemptOf(steps.legacyRead, order, note, 0).result, /the migration of BTCUSDT 1m may need \d/);
  free = 1e9;
  assert.equal((await attemptOf(steps.legacyRead, order, note, 0).result).files, 1);
});

test('what is unpacked stops at the floor of the disk, and leaves nothing half behind', async t => {
  const { put, look, orderOf, store } = await importScene(t, { io: { ...realIo, room: async () => 50e6 } });
  const order = orderOf(await put(`${NAME}.gz`, gzipSync(csv(LONG))));
  await assert.rejects(look(order), /what an import unpacks may need 67 MB/);
  const left = (await readdir(store.house.folders.staging, { recursive: true })).filter(name => /\.(text|tmp)$/.test(name));
  assert.deepEqual(left, []);
});
