import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangeOrder, ChangeWish } from '../../src/model/change.js';
import { contains } from '../../src/model/interval.js';
import type { Market } from '../../src/model/market.js';
import { correctionsOf } from '../../src/store/changes/correct.js';
import type { Store } from '../../src/store/index.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { BTC, baseDisk, FIRST_ORDERS, MINUTE, openOn, put, requestOf, rowsAfter, run, T0 } from '../faults/scene.js';

let orders = 0;
const orderOf = (change: ChangeWish): ChangeOrder => ({ id: `change-${orders++}`, series: BTC, by: 'cli', change, silenceMs: 10_000 });
const correct = (ts: number, values: Extract<ChangeWish, { kind: 'correct' }>['values']) =>
  orderOf({ kind: 'correct', ts, values, reason: 'a bad print' });
const withdraw = (ts: number) => orderOf({ kind: 'withdraw', ts });

const AT = T0 + 5 * MINUTE;
const MARKET: Market = { calendar: null, tick: null, mayBeNegative: false, statesVolume: true };

const scene = async (): Promise<Store> => openOn((await baseDisk(FIRST_ORDERS)).io());
const rowsOf = async (store: Store) => readAll(store, await store.open(BTC));
const barOf = async (store: Store, ts = AT) => (await rowsOf(store)).find(bar => bar.ts === ts);

test('a correction changes what it names in one bar, is marked, and tells who and why; the version before keeps the bar', async () => {
  const store = await scene();
  const before = await rowsOf(store);
  const { kind, version } = await store.change(correct(AT, { close: 100.25 }), MARKET);
  assert.deepEqual([kind, version], ['committed', 3]);
  assert.deepEqual(
    await rowsOf(store),
    before.map(bar => (bar.ts === AT ? { ...bar, close: 100.25, source: 'correction' } : bar)),
  );
  const facts = (await store.history(BTC, 1))[0]?.commitInfo?.tapekeep;
  assert.deepEqual([facts?.lineage.reason, facts?.lineage.by, facts?.counts.replaced], ['a bad print', 'cli', 1]);
  assert.deepEqual(await readAll(store, await store.open(BTC, 2)), before);
  await assertStore(store, { swept: true });
});

test('a corrected bar is kept against later answers, and they are counted as kept', async () => {
  const store = await scene();
  await store.change(correct(AT, { close: 100.25 }), MARKET);
  const landed = await put(store, { load: 'later', batch: 0, bars: run(4, 8, 300) });
  assert.deepEqual([landed.proposal.merged.counts.kept, landed.proposal.merged.counts.replaced], [1, 3]);
  assert.equal((await barOf(store))?.close, 100.25);
  assert.equal((await barOf(store, AT + MINUTE))?.close, 300.5);
  await assertStore(store);
});

test('withdrawn, the bar is what the source last said, also when it said so after the correction', async () => {
  const store = await scene();
  const first = await barOf(store);
  await store.change(correct(AT, { close: 100.25 }), MARKET);
  await store.change(correct(AT, { close: 100.75 }), MARKET);
  await store.change(withdraw(AT));
  assert.deepEqual(await barOf(store), first);
  await store.change(correct(AT, { close: 100.25 }), MARKET);
  const [later] = run(5, 6, 300);
  await put(store, { load: 'later', batch: 0, bars: [later as never] });
  await store.change(withdraw(AT));
  assert.deepEqual(await barOf(store), later);
  assert.equal((await put(store, { load: 'last', batch: 0, bars: run(5, 6, 400) })).proposal.merged.counts.replaced, 1);
  await assert.rejects(store.change(withdraw(AT)), { code: 'USAGE' });
  await assertStore(store);
});

test('a bar that no source has can be put in; withdrawn it goes, and its time is asked for again', async () => {
  const store = await scene();
  const ts = T0 + 50 * MINUTE;
  const before = await rowsOf(store);
  await store.change(correct(ts, { open: 5, high: 6, low: 4, close: 5.5 }), MARKET);
  const put_ = await barOf(store, ts);
  assert.deepEqual([put_?.close, put_?.volume, put_?.source], [5.5, null, 'correction']);
  assert.ok(contains((await store.open(BTC)).holdings.coverage, ts));
  await store.change(withdraw(ts));
  assert.deepEqual(await rowsOf(store), before);
  assert.ok(!contains((await store.open(BTC)).holdings.coverage, ts));
  await assertStore(store);
});

test('a correction that makes nonsense is refused by the checks that every bar passes, and nothing is written', async () => {
  const store = await scene();
  for (const [ts, values] of [
    [AT, { close: 500 }],
    [AT, { low: 200 }],
    [AT, { close: null }],
    [AT + 1, { close: 100 }],
    [T0 + 50 * MINUTE, { open: 5 }],
  ] as const) {
    await assert.rejects(store.change(correct(ts, values), MARKET), { code: 'CORRECTION_REFUSED' });
    await assert.rejects(store.preview(correct(ts, values), MARKET), { code: 'CORRECTION_REFUSED' });
  }
  await assert.rejects(store.change(correct(AT, { close: 500 })), { code: 'CANDIDATE_REFUSED' });
  assert.equal((await store.open(BTC)).snapshot.version, 2);
});

test('a preview of a correction tells of one changed bar and a new file, and writes nothing', async () => {
  const disk = await baseDisk(FIRST_ORDERS);
  const store = await openOn(disk.io());
  const before = disk.paths(/./);
  const { rows, files } = await store.preview(correct(AT, { close: 100.25 }), MARKET);
  assert.deepEqual(rows, { added: 0, replaced: 1, unchanged: 27, dropped: 0 });
  assert.deepEqual([files.added.length, files.removed.length], [1, 1]);
  assert.deepEqual(disk.paths(/./), before);
});

test('many corrections move to a file of their own, and a restore brings back those of its version', async () => {
  const store = await scene();
  for (let i = 0; i < 24; i++) await store.change(correct(T0 + i * MINUTE, { close: 100.25 }), MARKET);
  const table = await store.open(BTC);
  assert.match(table.snapshot.metaData.configuration['tapekeep.corrections'] ?? '', /^\{"sha256":"[0-9a-f]{64}"\}$/);
  assert.equal((await correctionsOf(store.house, table)).length, 24);
  await store.change(orderOf({ kind: 'restore', version: 4 }));
  assert.deepEqual(
    (await correctionsOf(store.house, await store.open(BTC))).map(c => c.ts),
    [T0, T0 + MINUTE],
  );
  assert.equal((await barOf(store, T0 + MINUTE))?.source, 'correction');
  assert.equal((await barOf(store, T0 + 2 * MINUTE))?.source, 'test');
});

test('a past that is taken anew ends the corrections of the old one', async () => {
  const store = await scene();
  await store.change(correct(AT, { close: 100.25 }), MARKET);
  const bars = rowsAfter(FIRST_ORDERS).map(bar => ({ ...bar, open: 10, high: 11, low: 9, close: 10 }));
  const { coverage } = (await store.open(BTC)).holdings;
  await store.write({ ...(await requestOf(store, { load: 'anew', batch: 0, bars, answered: coverage })), anew: true });
  assert.equal((await barOf(store))?.close, 10);
  assert.deepEqual(await correctionsOf(store.house, await store.open(BTC)), []);
});
