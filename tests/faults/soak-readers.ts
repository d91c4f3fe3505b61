/** Readers that come in while versions are made: each time they see one of them whole, and never an older one than before. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../src/store/index.js';
import { assertStore } from './assert-store.js';
import { faultyIo } from './faulty-io.js';
import { manyOrders, priceAt } from './many-orders.js';
import { baseDisk, newest, type Order, openOn, put, ROOT, run } from './scene.js';

const READERS = 3;
export const FIRST: Order = { load: 'first', batch: 0, bars: run(0, 20, priceAt(0)) };

/** Reads again and again until the writer is done; every read must be one whole version, none older than the one before. */
async function readThroughout(open: () => Promise<Store>, writing: () => boolean): Promise<number> {
  let store = await open();
  let before = 0;
  let reads = 0;
  for (; writing(); reads++) {
    if (reads % 5 === 0) store = await open();
    const { version, rows } = await newest(store);
    assert.ok(version >= before, `version ${version} after ${before}`);
    assert.deepEqual(rows, run(0, 20, priceAt(version)), `version ${version} is not whole`);
    before = version;
    // The writer gets the better part of the processor.
    await pause(15);
  }
  return reads;
}

export async function readDuring(open: () => Promise<Store>, commits: number, write: () => Promise<unknown>): Promise<void> {
  let writing = true;
  const writer = write().finally(() => {
    writing = false;
  });
  const readers = Array.from({ length: READERS }, () => readThroughout(open, () => writing));
  const [reads] = await Promise.all([Promise.all(readers), writer]);
  for (const n of reads) assert.ok(n > 10, `a reader came to read only ${n} times`);
  const store = await open();
  assert.equal((await newest(store)).version, commits);
  await assertStore(store, { versions: latest => [0, 1, latest >> 1, latest], swept: true });
}

/** On a disk in memory, where a reader may come in between any two operations of a commit. */
export async function readersSoak(commits: number): Promise<void> {
  const disk = await baseDisk([FIRST]);
  // Memory answers at once: without pauses the readers would not get their turns.
  const pauses = faultyIo(disk.io(), { faults: [{ probability: 0.2, effect: { delayMs: 0 } }], seed: 6 });
  const writer = await openOn(pauses, ROOT, 50);
  const write = async () => {
    for (const order of manyOrders('whole', 'a', commits)) await put(writer, order);
  };
  await readDuring(() => openOn(disk.io()), commits, write);
}
