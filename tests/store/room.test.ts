/** Room on the disk: what may not fit is not begun, and the data folder stays below its bound. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { keepBelow } from '../../src/store/bound.js';
import type { Input, Store } from '../../src/store/index.js';
import { realIo } from '../../src/store/io.js';
import { usedBytes } from '../../src/store/room.js';
import { readAll } from '../faults/assert-store.js';
import { bars, put, SERIES, T0, testStore } from './fixture.js';

const isLow = (reason: RegExp) => (error: unknown) => isTapekeepError(error, 'DISK_LOW') && !error.permanent && reason.test(error.message);

test('what may not fit above the floor is refused for now, and let through when there is room', async t => {
  let free = 100e6;
  const store = await testStore(t, { io: { ...realIo, room: async () => free }, floorBytes: 50e6 });
  await store.requireRoom(SERIES, 'a load', 100_000);
  await assert.rejects(store.requireRoom(SERIES, 'a load', 1_000_000), isLow(/a load may need 170 MB, and 100 MB are free on the disk/));
  free = 40e6;
  await assert.rejects(store.requireRoom(SERIES, 'a load', 0), isLow(/disk\.floor/));
  free = 400e6;
  await store.requireRoom(SERIES, 'a load', 1_000_000);
});

test('the space of a bar is measured on what is stored', async t => {
  const store = await testStore(t, { io: { ...realIo, room: async () => 12e6 } });
  await assert.rejects(store.requireRoom(SERIES, 'a load', 100_000), isLow(/17 MB/));
  await put(store, bars(T0, 20_000));
  await store.requireRoom(SERIES, 'a load', 100_000);
});

test('a data folder at its bound takes no load', async t => {
  const store = await testStore(t, { mostBytes: 1e6 });
  await store.requireRoom(SERIES, 'a load', 1_000);
  await put(store, bars(T0, 10));
  await assert.rejects(store.requireRoom(SERIES, 'a load', 1_000_000), isLow(/CACHE_MAX_SIZE_GB/));
});

async function rawOf(store: Store, load: string, first: number, count: number): Promise<Input> {
  const pages = await store.pages<object, { input: Input | null }>(load, 'segment');
  await pages.append(bars(first, count), {});
  return (await pages.finish(input => ({ input }))).input as Input;
}

const GRACE = { versions: 100, ms: 100 * DAY, graceMs: 0 };

test('to stay below the bound raw files go first, the oldest load before the newer, then old versions; the newest history never', async t => {
  const clock = { at: Date.now() };
  const store = await testStore(t, { now: () => clock.at, checkpointEvery: 2 });
  const inputs: Input[] = [];
  for (let i = 0; i < 5; i++) {
    const input = await rawOf(store, `load-${i}`, T0 + i * 500 * MINUTE, 1_000);
    inputs.push(input);
    await put(store, bars(T0 + i * 500 * MINUTE, 1_000, { close: 100 + i }), { load: `load-${i}`, inputs: [input] });
    await store.clearLoad(`load-${i}`);
  }
  clock.at += DAY;
  const rows = await readAll(store, await store.open(SERIES));
  const used = await usedBytes(store.house, true);
  assert.deepEqual((await keepBelow(store.house, used, GRACE)).raw, [], 'nothing goes that need not');
  const some = await keepBelow(store.house, used - 1, GRACE);
  assert.deepEqual([some.raw, some.versions], [['load-0'], []]);
  assert.ok(!existsSync(inputs[0]?.file as string) && existsSync(inputs[1]?.file as string));
  const all = await keepBelow(store.house, 1, GRACE);
  assert.deepEqual([all.raw.length, all.versions.map(v => v.versions), all.failed], [4, [4], []]);
  assert.deepEqual(await readAll(store, await store.open(SERIES)), rows);
  assert.ok(all.bytesAfter < used && all.bytesAfter > 1);
});

test('raw files of an open load never go', async t => {
  const store = await testStore(t);
  await store.recordLoad({ load: 'open', order: {} });
  const input = await rawOf(store, 'open', T0, 100);
  assert.deepEqual((await keepBelow(store.house, 1, GRACE)).raw, []);
  assert.ok(existsSync(input.file));
  assert.deepEqual(await readdir(store.house.folders.raw), ['open']);
});
