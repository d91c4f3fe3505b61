/** A second place for the tables: incremental, proved, readable at every instant, and brought back. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { backUp, bringBack, inBackup, listBackup, requireBackup } from '../../src/store/backup/backup.js';
import { verifyBackup } from '../../src/store/backup/verify.js';
import type { Store } from '../../src/store/index.js';
import { type Io, realIo } from '../../src/store/io.js';
import { entryPath } from '../../src/store/log/entry.js';
import { filesBelow } from '../export/scene.js';
import { startPython } from '../interop/python-reader.js';
import { pythonForTests } from '../python.js';
import { bars, put, SERIES, T0, testFolder, testStore } from './fixture.js';

const is = (code: string) => (error: unknown) => isTapekeepError(error) && error.code === code;
const ID = idOf(SERIES);
const python = await pythonForTests();

/** A store with versions that append, and that replace the files of earlier ones. */
async function scene(t: TestContext, versions = 3, io: Io = realIo) {
  const folder = await testFolder(t);
  const store = await testStore(t, { root: join(folder, 'data'), io });
  for (let i = 0; i < versions; i++) await change(store, i);
  return { folder, store, place: join(folder, 'second') };
}

const change = (store: Store, i: number) =>
  put(store, bars(T0 + (i % 2 === 0 ? i * 100 : 0) * MINUTE, 100, { close: 100 + i }), { load: `load-${i}` });

async function rowsIn(t: TestContext, root: string, asOf?: number): Promise<number[]> {
  const store = await testStore(t, { root, reading: true });
  const frame = await store.read(await store.open(SERIES, asOf));
  return frame.getColumn('close').toArray() as number[];
}

const verdicts = async (store: Store, place: string) => {
  const all = [];
  for await (const verdict of verifyBackup(store.house, place)) all.push(verdict);
  return all;
};

test('a backup holds every version byte by byte, and the next one copies only what is new', async t => {
  const { store, place } = await scene(t);
  const first = await backUp(store.house, place, SERIES);
  assert.deepEqual([first.version, await rowsIn(t, place)], [2, await rowsIn(t, store.house.root)]);
  assert.deepEqual(await rowsIn(t, place, 0), await rowsIn(t, store.house.root, 0));
  for (const path of filesBelow(join(store.house.root, ID)))
    assert.deepEqual(readFileSync(join(place, ID, path)), readFileSync(join(store.house.root, ID, path)));
  assert.deepEqual(await backUp(store.house, place, SERIES), { version: 2, files: 0, bytes: 0 });
  await change(store, 3);
  const next = await backUp(store.house, place, SERIES);
  assert.deepEqual([next.version, next.files], [3, 2]);
  assert.deepEqual(await listBackup(store.house, place), [SERIES]);
  const [verdict] = await verdicts(store, place);
  assert.deepEqual([verdict?.faults, verdict?.version], [[], 3]);
  assert.deepEqual(filesBelow(join(place, '.tapekeep/temp')), []);
});

test('the copy is a readable table at every instant, and goes on where it was interrupted', async t => {
  const { store, place } = await scene(t, 6);
  let looks = 0;
  const stop = new AbortController();
  const looking: Io = {
    ...realIo,
    async link(from, to) {
      await realIo.link(from, to);
      if (!to.startsWith(place)) return;
      looks++;
      const reader = await testStore(t, { root: place, reading: true });
      const table = await reader.find(SERIES);
      if (table) await reader.read(table);
      if (looks === 7) stop.abort();
    },
  };
  const watched = await testStore(t, { root: store.house.root, io: looking });
  await assert.rejects(backUp(watched.house, place, SERIES, { signal: stop.signal }));
  assert.equal(looks, 7);
  assert.equal(await inBackup(store.house, place, SERIES, 0), false, 'without a manifest nothing is promised');
  const rest = await backUp(watched.house, place, SERIES);
  assert.equal(rest.files, looks - 7);
  assert.deepEqual(await rowsIn(t, place), await rowsIn(t, store.house.root));
});

test('a table is backed up while it is written: each copy is one of its versions', async t => {
  const { store, place } = await scene(t, 1);
  let writing = true;
  const writer = (async () => {
    for (let i = 1; i < 12; i++) await change(store, i);
    writing = false;
  })();
  const copier = await testStore(t, { root: store.house.root });
  let copies = 0;
  while (writing) {
    const { version } = await backUp(copier.house, place, SERIES);
    assert.deepEqual(await rowsIn(t, place, version), await rowsIn(t, store.house.root, version));
    copies++;
  }
  await writer;
  assert.equal((await backUp(copier.house, place, SERIES)).version, 11);
  assert.ok(copies > 1, 'there were copies in between');
  assert.deepEqual((await verdicts(store, place))[0]?.faults, []);
});

test('a dry run tells what would be copied and leaves nothing, there and back', async t => {
  const { folder, store, place } = await scene(t);
  const dry = await backUp(store.house, place, SERIES, { dryRun: true });
  assert.deepEqual(filesBelow(place), []);
  assert.equal(existsSync(place), false);
  assert.deepEqual(await backUp(store.house, place, SERIES), dry);
  const third = join(folder, 'third');
  assert.equal((await bringBack(store.house, place, SERIES, third, { dryRun: true })).files, dry.files);
  assert.equal(existsSync(third), false);
});

test('delta-rs reads the copy', { skip: python.skip }, async t => {
  const { store, place } = await scene(t, 4);
  await backUp(store.house, place, SERIES);
  const reader = startPython(python.python as string);
  t.after(() => reader.close());
  const read = (root: string) => reader.ask<unknown>({ op: 'rows', by: 'deltalake', table: join(root, ID) });
  assert.deepEqual(await read(place), await read(store.house.root));
});

test('a table whose past was cleaned up behind a checkpoint is backed up from there', async t => {
  const { store, place } = await scene(t, 5);
  await store.checkpoint(SERIES, 3);
  const kept = new Set((await store.open(SERIES, 3)).snapshot.files.keys());
  const later = new Set((await store.open(SERIES)).snapshot.files.keys());
  for (const version of [0, 1, 2]) rmSync(join(store.house.root, entryPath(ID, version)));
  for (const path of filesBelow(join(store.house.root, ID)).filter(p => !p.includes('/') && !kept.has(p) && !later.has(p)))
    rmSync(join(store.house.root, ID, path));
  const done = await backUp(store.house, place, SERIES);
  assert.equal(done.version, 4);
  assert.deepEqual(await rowsIn(t, place), await rowsIn(t, store.house.root));
  assert.deepEqual(await rowsIn(t, place, 3), await rowsIn(t, store.house.root, 3));
  assert.deepEqual((await verdicts(store, place))[0]?.faults, []);
});

test('damage here never reaches the backup; damage there is found, and mended from here', async t => {
  const { store, place } = await scene(t, 2);
  await backUp(store.house, place, SERIES);
  const [file] = [...(await store.open(SERIES)).snapshot.files.keys()];
  const there = join(place, ID, file as string);
  const flipped = readFileSync(there);
  flipped[100] = (flipped[100] as number) ^ 1;
  writeFileSync(there, flipped);
  assert.match((await verdicts(store, place))[0]?.faults.join() ?? '', new RegExp(`${file} is damaged`));
  await backUp(store.house, place, SERIES, { again: true });
  assert.deepEqual((await verdicts(store, place))[0]?.faults, []);
  await change(store, 2);
  const [, , third] = [...(await store.open(SERIES)).snapshot.files.values()].sort((a, b) => a.first - b.first);
  const here = join(store.house.root, ID, (third ?? [...(await store.open(SERIES)).snapshot.files.values()].at(-1))?.path as string);
  writeFileSync(here, flipped);
  await assert.rejects(backUp(store.house, place, SERIES), is('FILE_DAMAGED'));
  assert.deepEqual((await verdicts(store, place))[0]?.faults, []);
  assert.equal((await verdicts(store, place))[0]?.version, 1);
});

test('a lost table is brought back, a damaged one is mended, and another one of its name is left alone', async t => {
  const { folder, store, place } = await scene(t, 4);
  const rows = await rowsIn(t, store.house.root);
  await backUp(store.house, place, SERIES);
  await bringBack(store.house, place, SERIES, join(folder, 'third'));
  assert.deepEqual(await rowsIn(t, join(folder, 'third')), rows);
  const [file] = [...(await store.open(SERIES)).snapshot.files.keys()];
  rmSync(join(store.house.root, ID, file as string));
  assert.equal((await bringBack(store.house, place, SERIES, null)).files, 1);
  assert.deepEqual(await rowsIn(t, store.house.root), rows);
  rmSync(join(store.house.root, ID), { recursive: true });
  const again = await testStore(t, { root: store.house.root });
  await bringBack(again.house, place, SERIES, null);
  assert.deepEqual(await rowsIn(t, store.house.root), rows);
  rmSync(join(store.house.root, ID), { recursive: true });
  const other = await testStore(t, { root: store.house.root, now: () => T0 });
  await change(other, 1);
  await assert.rejects(bringBack(other.house, place, SERIES, null), is('BACKUP_CONFLICT'));
  await assert.rejects(backUp(other.house, place, SERIES), is('BACKUP_CONFLICT'));
  assert.deepEqual(await rowsIn(t, place), rows);
});

test('a version counts as backed up once it was copied and proved, and while its files are there', async t => {
  const { store, place } = await scene(t, 2);
  assert.equal(await inBackup(store.house, place, SERIES, 1), false);
  await assert.rejects(requireBackup(store.house, place, SERIES, 1), is('BACKUP_MISSING'));
  await backUp(store.house, place, SERIES);
  await requireBackup(store.house, place, SERIES, 1);
  await change(store, 2);
  assert.deepEqual([await inBackup(store.house, place, SERIES, 1), await inBackup(store.house, place, SERIES, 2)], [true, false]);
  rmSync(join(place, ID, [...(await store.open(SERIES, 1)).snapshot.files.keys()][0] as string));
  assert.equal(await inBackup(store.house, place, SERIES, 1), false);
});

test('a folder that lies in the data folder, around it, or behind a link is no place for a backup', async t => {
  const { folder, store, place } = await scene(t, 1);
  symlinkSync(store.house.root, join(folder, 'link'));
  for (const unfit of [join(store.house.root, 'x'), folder, join(folder, 'link/y'), 'relative'])
    await assert.rejects(backUp(store.house, unfit, SERIES), is('BACKUP_UNFIT'), unfit);
  mkdirSync(place);
  symlinkSync(join(folder, 'elsewhere'), join(place, 'main'));
  await assert.rejects(backUp(store.house, place, SERIES), is('BACKUP_UNFIT'));
  assert.deepEqual(filesBelow(join(folder, 'elsewhere')), []);
});

test('where the settings demand it, no version is followed by another one before it is in the backup', async t => {
  const { folder, place } = await scene(t, 0);
  const store = await testStore(t, { root: join(folder, 'data'), backup: place });
  await change(store, 0);
  await assert.rejects(change(store, 1), is('BACKUP_MISSING'));
  assert.equal((await store.open(SERIES)).snapshot.version, 0);
  await store.backUp(place, SERIES);
  await change(store, 1);
  assert.equal((await store.open(SERIES)).snapshot.version, 1);
});
