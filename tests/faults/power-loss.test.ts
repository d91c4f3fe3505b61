import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertOldOrNew, assertRetrySucceeds } from './after-fault.js';
import { assertStore, type Memory } from './assert-store.js';
import { faultyIo } from './faulty-io.js';
import type { MemoryDisk } from './memory-disk.js';
import { afterPowerLoss, fingerprint, leastAfterPowerLoss } from './power-loss.js';
import { Proved, printOfChanges } from './proved.js';
import { baseDisk, CREATE_ORDER, FIRST_ORDERS, newest, type Order, openOn, put, RICH_ORDER } from './scene.js';
import { STRIDE } from './stride.js';

const WRITES = [
  ['a table is made', [], CREATE_ORDER],
  ['bars are replaced', FIRST_ORDERS, RICH_ORDER],
] as const;

async function remembered(base: MemoryDisk): Promise<Memory> {
  const memory: Memory = new Map();
  await assertStore(await openOn(base.io()), { memory });
  return memory;
}

for (const [what, before, order] of WRITES) {
  test(`A14: after a power loss at any moment while ${what} the disk holds the old version or the new one, and a retry succeeds`, async () => {
    const base = await baseDisk(before);
    const memory = await remembered(base);
    const disk = base.copy();
    const io = faultyIo(disk.io());
    await put(await openOn(io), order);
    const tried = new Set<string>();
    const seen = { old: 0, new: 0 };
    for (let moment = 1; moment <= io.calls.length; moment += STRIDE) {
      for (const state of afterPowerLoss(base, io.calls.slice(0, moment), moment)) {
        const print = fingerprint(state);
        if (tried.has(print)) continue;
        tried.add(print);
        const store = await openOn(state.bury(process.pid).io());
        const interrupted = { before, order, memory: new Map(memory) };
        seen[await assertOldOrNew(store, interrupted)]++;
        // A retry takes longer than a look: every third disk is written on as well.
        if (tried.size % 3 === 0) await assertRetrySucceeds(store, interrupted);
      }
    }
    assert.ok(seen.old > 100 / STRIDE && seen.new > 2 / STRIDE, `too few states: ${JSON.stringify(seen)}`);
  });

  test(`A14: what was told to be committed while ${what} survives a power loss, whatever killed the attempts before`, async () => {
    const base = await baseDisk(before);
    const whole = faultyIo(base.copy().io());
    await put(await openOn(whole), order);
    const proved = new Proved();
    for (let n = 1; n <= whole.calls.length; n += STRIDE) await assertSurvives(base, before, order, n, 'kill', proved);
  });

  test(`A14, B4: what was told to be committed while ${what} survives a power loss, also when an fsync failed before`, async () => {
    const base = await baseDisk(before);
    const whole = faultyIo(base.copy().io());
    await put(await openOn(whole), order);
    const syncs = whole.calls.flatMap((c, i) => (c.op === 'sync' || c.op === 'syncFolder' ? [i + 1] : []));
    const proved = new Proved();
    for (const n of syncs) await assertSurvives(base, before, order, n, { error: 'EIO' }, proved);
  });
}

/** An attempt that a fault ends at operation n, another one that succeeds, then the lights go out: only what was synced is left. */
async function assertSurvives(
  base: MemoryDisk,
  before: readonly Order[],
  order: Order,
  n: number,
  effect: 'kill' | { error: string },
  proved: Proved,
) {
  const disk = base.copy();
  const first = faultyIo(disk.io(), { faults: [{ nth: n, effect }], kill: () => {} });
  const attempt = openOn(first).then(store => put(store, order));
  await Promise.race([first.died, attempt.catch(() => {})]);
  // What was under way beside the operation that killed is in the record, too.
  await new Promise(setImmediate);
  await proved.once(printOfChanges(first.calls), async () => {
    const second = faultyIo(disk.io());
    const landed = await put(await openOn(second), order);
    // The drafts of both attempts are told apart by their numbers.
    const later = second.calls.map(c => (c.draft === undefined ? c : { ...c, draft: c.draft + 1_000_000 }));
    const left = await openOn(leastAfterPowerLoss(base, [...first.calls, ...later]).io());
    assert.equal((await newest(left)).version, landed.version, `the commit is gone after ${JSON.stringify(effect)} at operation ${n}`);
    await assertOldOrNew(left, { before, order });
  });
}
