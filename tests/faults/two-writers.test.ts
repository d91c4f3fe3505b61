import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertStore } from './assert-store.js';
import { type Fault, faultyIo, Gate } from './faulty-io.js';
import type { MemoryDisk } from './memory-disk.js';
import { Proved, printOf } from './proved.js';
import { BTC, baseDisk, FIRST_ORDERS, newest, type Order, openOn, put, RICH_ORDER, rowsAfter, run } from './scene.js';
import { STRIDE, strided } from './stride.js';

const ID = 'main/crypto/BTC~2FUSDT/1m';

/** Where a writer can stand: before the operation that begins the next phase. */
const PHASES: Readonly<Record<string, Omit<Fault, 'effect'>>> = {
  'before it looks at the log': { op: 'list', match: /_delta_log$/, nth: 1 },
  'before it reads what it replaces': { op: 'read', match: /1m\/[0-9a-f]+\.parquet$/, nth: 1 },
  'before its candidate is written': { op: 'create', match: /candidates/, nth: 1 },
  'before validation reads the candidate': { op: 'read', match: /candidates/, nth: 1 },
  'between listing and adopting its files': { op: 'link', match: /1m\/[0-9a-f]+\.parquet$/, nth: 1 },
  'after its files are adopted, before its entry': { op: 'create', match: /temp/, nth: 3 },
  'before its entry gets its name': { op: 'link', match: /_delta_log/, nth: 1 },
  'after its entry, before it is durable': { op: 'syncFolder', match: /_delta_log$/, nth: 1 },
};

const INTERLEAVINGS = Object.entries(PHASES).flatMap(([atA, a]) =>
  Object.entries(PHASES).map(([atB, b]) => ({ a, b, where: `a ${atA}, b ${atB}` })),
);

const PAIRS: Readonly<Record<string, readonly [Order, Order]>> = {
  'other bars': [
    { load: 'a', batch: 0, bars: run(50, 55, 300) },
    { load: 'b', batch: 0, bars: run(60, 65, 400) },
  ],
  'the same bars with other prices': [
    { load: 'a', batch: 0, bars: run(5, 30, 300) },
    { load: 'b', batch: 0, bars: run(15, 40, 400) },
  ],
  'the same bars': [
    { load: 'a', batch: 0, bars: run(15, 40, 300) },
    { load: 'b', batch: 0, bars: run(15, 40, 300) },
  ],
};

interface Writer {
  readonly gate: Gate;
  readonly done: Promise<{ kind: string; version: number }>;
}

/** A writer that comes as far as a phase and stops there, or ends when the phase never comes. */
async function writerAt(disk: MemoryDisk, order: Order, phase: Omit<Fault, 'effect'>): Promise<Writer> {
  const gate = new Gate();
  const io = faultyIo(disk.io(), { faults: [{ ...phase, effect: { hold: gate } }] });
  const done = openOn(io).then(store => put(store, order));
  await Promise.race([gate.reached, done]);
  return { gate, done };
}

/** The orders as the log says that they came in. */
async function inLogOrder(disk: MemoryDisk, orders: readonly Order[]): Promise<Order[]> {
  const store = await openOn(disk.io());
  const entries = (await store.history(BTC)).reverse().slice(FIRST_ORDERS.length);
  return entries.map(e => orders.find(o => o.load === e.commitInfo?.tapekeep?.load) as Order);
}

async function assertBothIn(disk: MemoryDisk, orders: readonly [Order, Order], where: string): Promise<void> {
  const came = await inLogOrder(disk, orders);
  assert.ok(came.length <= 2, where);
  const all = [...FIRST_ORDERS, ...came];
  const store = await openOn(disk.io());
  await assertStore(store, { versions: latest => [latest - 1, latest] });
  const { rows } = await newest(store);
  assert.deepEqual(rows, rowsAfter(all), `${where}: bars are lost or blended`);
  const ts = new Set(rows.map(r => r.ts));
  for (const order of orders) for (const bar of order.bars) assert.ok(ts.has(bar.ts), `${where}: a bar is lost`);
}

for (const [what, orders] of Object.entries(PAIRS)) {
  test(`C2: two writers of ${what}, in each interleaving of their phases: both land, no bar is lost`, async () => {
    const base = await baseDisk();
    const proved = new Proved();
    for (const { a, b, where: at } of strided(INTERLEAVINGS)) {
      for (const first of [0, 1] as const) {
        const disk = base.copy();
        const writers = [await writerAt(disk, orders[0], a), await writerAt(disk, orders[1], b)] as const;
        writers[first].gate.open();
        await writers[first].done;
        writers[1 - first]?.gate.open();
        const landed = await Promise.all(writers.map(w => w.done));
        const where = `${at}, ${'ab'[first]} first`;
        assert.ok(landed.filter(l => l.kind === 'committed').length >= 1, where);
        await proved.once(printOf(disk), () => assertBothIn(disk, orders, where));
      }
    }
  });
}

test('C2: another writer that commits at any single operation of a write makes it start over, and nothing is lost', async () => {
  const base = await baseDisk();
  const proved = new Proved();
  const other: Order = { load: 'other', batch: 0, bars: run(9, 45, 500) };
  const whole = faultyIo(base.copy().io());
  await put(await openOn(whole), RICH_ORDER);
  for (let nth = 1; nth <= whole.calls.length; nth += STRIDE) {
    const disk = base.copy();
    const writer = await writerAt(disk, RICH_ORDER, { nth });
    await put(await openOn(disk.io()), other);
    writer.gate.open();
    assert.equal((await writer.done).kind, 'committed');
    await proved.once(printOf(disk), () => assertBothIn(disk, [RICH_ORDER, other], `other at operation ${nth}`));
  }
});

test('C3: the same request written twice at once, in each interleaving, is one commit that both are told of', async () => {
  const base = await baseDisk();
  const proved = new Proved();
  const order = PAIRS['the same bars with other prices']?.[0] as Order;
  for (const { a, b, where } of strided(INTERLEAVINGS)) {
    const disk = base.copy();
    const writers = [await writerAt(disk, order, a), await writerAt(disk, order, b)] as const;
    for (const w of writers) w.gate.open();
    const landed = await Promise.all(writers.map(w => w.done));
    assert.deepEqual(
      landed.map(l => l.version),
      [3, 3],
      where,
    );
    assert.deepEqual(landed.map(l => l.kind).sort(), ['already', 'committed'], where);
    await proved.once(printOf(disk), async () =>
      assertStore(await openOn(disk.io()), { rows: { [ID]: rowsAfter([...FIRST_ORDERS, order]) }, versions: v => [v] }),
    );
  }
});

test('C3: a request committed before is a no-op that names its version, behind other commits, checkpoints and a restart', async () => {
  const disk = await baseDisk();
  const store = await openOn(disk.io());
  assert.equal((await put(store, RICH_ORDER)).version, 3);
  for (let batch = 0; batch < 5; batch++) await put(store, { load: 'later', batch, bars: run(70 + batch, 75 + batch, 100 + batch) });
  for (const again of [store, await openOn(disk.io())]) {
    const landed = await put(again, RICH_ORDER);
    assert.deepEqual([landed.kind, landed.version], ['already', 3]);
  }
  assert.equal((await store.open(BTC)).snapshot.version, 8);
  await assertStore(store, { swept: true });
});

test('C3: the same bars as another batch of a load say nothing new, and make no version', async () => {
  const disk = await baseDisk();
  const store = await openOn(disk.io());
  await put(store, RICH_ORDER);
  const landed = await put(store, { ...RICH_ORDER, batch: 1 });
  assert.deepEqual([landed.kind, landed.version], ['unchanged', 3]);
});
