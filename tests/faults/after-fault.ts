/** What must hold after a write was broken off, whatever broke it: the version before or the new one, and a retry that succeeds. */
import assert from 'node:assert/strict';
import { isTapekeepError } from '../../src/model/errors.js';
import { idOf } from '../../src/model/series.js';
import type { Store } from '../../src/store/index.js';
import { assertStore, type Memory } from './assert-store.js';
import { BTC, newest, type Order, put, rowsAfter } from './scene.js';

export interface Interrupted {
  /** What the table held before, and the order that was being written. */
  readonly before: readonly Order[];
  readonly order: Order;
  readonly memory?: Memory;
}

/** The old version or the new one, whole; every version as it was. Answers which of them it is. */
export async function assertOldOrNew(store: Store, { before, order, memory = new Map() }: Interrupted): Promise<'old' | 'new'> {
  await assertStore(store, { memory });
  const { version, rows } = await newest(store);
  const isNew = version === before.length;
  assert.equal(version, isNew ? before.length : before.length - 1, 'I2: another version than the old or the new one');
  assert.deepEqual(rows, rowsAfter(isNew ? [...before, order] : before), 'I2: a version with other rows');
  return isNew ? 'new' : 'old';
}

/** Older versions were read just before: after a retry the newest two are enough. */
const lastTwo = (latest: number): number[] => [latest - 1, latest].filter(v => v >= 0);

/** The write, done again, ends in success: the exact rows, one commit. */
export async function assertRetrySucceeds(store: Store, { before, order, memory = new Map() }: Interrupted, swept = true): Promise<void> {
  const landed = await put(store, order);
  assert.equal(landed.version, before.length, 'I3: the retry made another version');
  await assertStore(store, { memory, rows: { [idOf(BTC)]: rowsAfter([...before, order]) }, swept, versions: lastTwo });
  assert.deepEqual(await put(store, order).then(l => [l.kind, l.version]), ['already', before.length]);
}

/** A failure is one of ours, with its words; a bare errno or a TypeError is a bug. */
export function assertTyped(error: unknown): void {
  assert.ok(isTapekeepError(error) && error.code !== 'INTERNAL', `I7: not one of our errors: ${(error as Error)?.stack ?? error}`);
}
