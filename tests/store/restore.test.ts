import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChangeOrder, ChangeWish } from '../../src/model/change.js';
import type { Store } from '../../src/store/index.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import type { MemoryDisk } from '../faults/memory-disk.js';
import { BTC, baseDisk, FIRST_ORDERS, openOn, put, RICH_ORDER, requestOf, rowsAfter, run } from '../faults/scene.js';

const orderOf = (id: string, change: ChangeWish): ChangeOrder => ({ id, series: BTC, by: 'test', change, silenceMs: 10_000 });
const restore = (version: number, id = `restore-${version}`) => orderOf(id, { kind: 'restore', version });

async function scene(): Promise<{ disk: MemoryDisk; store: Store }> {
  const disk = await baseDisk([...FIRST_ORDERS, RICH_ORDER]);
  return { disk, store: await openOn(disk.io()) };
}

/** Every file with its bytes. */
const treeOf = (disk: MemoryDisk) => Object.fromEntries(disk.paths(/./).map(path => [path, Buffer.from(disk.bytes(path)).toString('hex')]));

test('a restore is a new version with the bars, coverage and ledger of the old one, and every version stays', async () => {
  const { store } = await scene();
  const then = await store.open(BTC, 1);
  const { kind, version } = await store.change(restore(1));
  assert.deepEqual([kind, version], ['committed', 4]);
  const table = await store.open(BTC);
  assert.deepEqual(await readAll(store, table), rowsAfter(FIRST_ORDERS.slice(0, 2)));
  assert.deepEqual(table.holdings, then.holdings);
  assert.deepEqual([...table.snapshot.files.keys()].sort(), [...then.snapshot.files.keys()].sort());
  const [entry] = await store.history(BTC, 1);
  assert.equal(entry?.commitInfo?.operationParameters.change, 'restore');
  assert.equal(entry?.commitInfo?.tapekeep?.lineage.restored, 1);
  await assertStore(store, { swept: true });
  assert.deepEqual(await readAll(store, await store.open(BTC, 3)), rowsAfter([...FIRST_ORDERS, RICH_ORDER]), 'the version before it');
});

test('a restore of the same order is done once, and a restore can be taken back by another', async () => {
  const { store } = await scene();
  await store.change(restore(0));
  assert.deepEqual((await store.change(restore(0))).kind, 'already');
  await store.change(restore(3));
  assert.deepEqual(await readAll(store, await store.open(BTC)), rowsAfter([...FIRST_ORDERS, RICH_ORDER]));
  await assertStore(store);
});

test('a restored series is held: writes are refused before and after the merge until it is released', async () => {
  const { store } = await scene();
  await store.change(restore(1));
  const { hold } = await store.open(BTC);
  assert.deepEqual([hold?.version, hold?.by], [1, 'test']);
  const more = { load: 'more', batch: 0, bars: run(400, 402) };
  await assert.rejects(put(store, more), { code: 'SERIES_HELD' });
  assert.equal((await store.change(orderOf('free', { kind: 'release' }))).kind, 'committed');
  assert.equal((await store.open(BTC)).hold, null);
  assert.equal((await put(store, more)).kind, 'committed');
  await assert.rejects(store.change(orderOf('again', { kind: 'release' })), { code: 'USAGE' });
});

test('a write that was merged before the restore loses the race, and is refused on the restored version', async () => {
  const { store } = await scene();
  const order = { load: 'racing', batch: 0, bars: run(400, 402) };
  const proposal = await store.merge(await requestOf(store, order));
  await store.change(restore(2));
  assert.equal((await store.commit(proposal)).kind, 'raced');
  await assert.rejects(put(store, order), { code: 'SERIES_HELD' });
});

test('a restore that was proposed before a write is proposed again on it', async () => {
  const { store } = await scene();
  const proposal = await store.propose(restore(0));
  await put(store, { load: 'first', batch: 9, bars: run(500, 503) });
  assert.equal((await store.commit(proposal)).kind, 'raced');
  assert.deepEqual([(await store.change(restore(0))).version], [5]);
  assert.deepEqual(await readAll(store, await store.open(BTC)), rowsAfter(FIRST_ORDERS.slice(0, 1)));
});

test('a preview tells rows, files and bytes, and leaves nothing behind: not in the data folder, not elsewhere', async t => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'tapekeep-restore-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = elsewhere;
  t.after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(elsewhere, { recursive: true });
  });
  const { disk, store } = await scene();
  const before = treeOf(disk);
  const preview = await store.preview(restore(1));
  assert.deepEqual(treeOf(disk), before);
  assert.deepEqual(readdirSync(elsewhere), []);
  const [now, then] = [await store.open(BTC), await store.open(BTC, 1)];
  const [a, b] = [await readAll(store, now), await readAll(store, then)];
  const changed = b.filter(bar => a.some(other => other.ts === bar.ts && other.close !== bar.close)).length;
  assert.deepEqual(preview.rows, {
    added: b.filter(bar => !a.some(other => other.ts === bar.ts)).length,
    replaced: changed,
    unchanged: a.filter(bar => b.some(other => other.ts === bar.ts && other.close === bar.close)).length,
    dropped: a.filter(bar => !b.some(other => other.ts === bar.ts)).length,
  });
  assert.ok(changed > 0 && preview.rows.dropped > 0);
  const done = await store.change(restore(1));
  const after = [...(await store.open(BTC, done.version)).snapshot.files.values()].reduce((n, f) => n + f.bytes, 0);
  assert.equal(preview.bytes.after, after);
  assert.deepEqual(preview.warnings, []);
});

test('a file of the old version that is missing or damaged stops the restore before anything is committed', async () => {
  for (const spoil of ['missing', 'damaged'] as const) {
    const { disk, store } = await scene();
    const now = (await store.open(BTC)).snapshot.files;
    const gone = [...(await store.open(BTC, 1)).snapshot.files.values()].find(file => !now.has(file.path));
    const path = `/data/main/crypto/BTC~2FUSDT/1m/${gone?.path}`;
    if (spoil === 'missing') disk.files.delete(path);
    else disk.put(path, new Uint8Array(disk.bytes(path).length));
    await assert.rejects(store.change(restore(1)), { code: spoil === 'missing' ? 'FILE_MISSING' : 'FILE_DAMAGED' });
    assert.equal((await store.open(BTC)).snapshot.version, 3);
    assert.equal((await store.open(BTC)).hold, null);
  }
});

test('the rows in which two versions differ come in time order, with what each says; equal versions have none', async () => {
  const { store } = await scene();
  const at = (version: number) => store.open(BTC, version);
  const found = [];
  for await (const part of store.diff(await at(2), await at(3))) found.push(...part);
  const before = new Map((await readAll(store, await at(2))).map(bar => [bar.ts, bar]));
  const after = new Map((await readAll(store, await at(3))).map(bar => [bar.ts, bar]));
  const expected = [...new Set([...before.keys(), ...after.keys()])]
    .sort((a, b) => a - b)
    .map(ts => ({ ts, before: before.get(ts) ?? null, after: after.get(ts) ?? null }))
    .filter(row => JSON.stringify(row.before) !== JSON.stringify(row.after));
  assert.deepEqual(found, expected);
  assert.ok(expected.length > 5);
  for await (const part of store.diff(await at(3), await at(3))) assert.fail(`equal versions differ in ${part.length} rows`);
});
