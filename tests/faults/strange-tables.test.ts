/** Tables that this program did not write alone, or that lie where they should not: what each comes to. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as wasm from 'parquet-wasm';
import { barsFrom } from '../../src/model/bars.js';
import { toArrow } from '../../src/store/frames/arrow.js';
import { writeArrow } from '../../src/store/frames/parquet.js';
import { inlineFrames, openStore, type Store } from '../../src/store/index.js';
import { realIo } from '../../src/store/io.js';
import { DELTA_SCHEMA } from '../../src/store/log/snapshot.js';
import { testFolder } from '../store/fixture.js';
import { assertStore, readAll } from './assert-store.js';
import { CHANGES, faultyIo } from './faulty-io.js';
import { BTC, NOW, put, rowsAfter, run } from './scene.js';

const TABLE = join('main', 'crypto', 'BTC~2FUSDT', '1m');
const ORDERS = [
  { load: 'one', batch: 0, bars: run(0, 20) },
  { load: 'two', batch: 0, bars: run(20, 30) },
] as const;

const openAt = (root: string, now = NOW, io = realIo): Promise<Store> =>
  openStore({ root, io, frames: inlineFrames(io), now: () => now, checkpointEvery: 3 });

async function scene(t: Parameters<typeof testFolder>[0]): Promise<{ root: string; store: Store }> {
  const root = await testFolder(t);
  const store = await openAt(root);
  for (const order of ORDERS) await put(store, order);
  return { root, store };
}

const entry = (root: string, version: number): string => join(root, TABLE, '_delta_log', `${String(version).padStart(20, '0')}.json`);
const lines = (...actions: object[]): string => actions.map(action => `${JSON.stringify(action)}\n`).join('');

/** A file of bars as Spark names and writes it, and the action that adds it. */
function sparkFile(root: string, bars: ReturnType<typeof run>): object {
  const plain = new wasm.WriterPropertiesBuilder().setCompression(wasm.Compression.SNAPPY).build();
  const bytes = writeArrow(toArrow(barsFrom(bars)), plain);
  const path = `part-00000-4c1b5a0e-0f3c-4f0e-9d0c-${String(bars.length).padStart(12, '0')}-c000.snappy.parquet`;
  writeFileSync(join(root, TABLE, path), bytes);
  const stamp = (bar: (typeof bars)[number] | undefined) => new Date(bar?.ts ?? 0).toISOString();
  const stats = JSON.stringify({
    numRecords: bars.length,
    minValues: { ts: stamp(bars[0]) },
    maxValues: { ts: stamp(bars.at(-1)) },
    nullCount: { ts: 0 },
  });
  return { add: { path, partitionValues: {}, size: bytes.length, modificationTime: NOW, dataChange: true, stats } };
}

const SPARK_INFO = {
  commitInfo: {
    timestamp: NOW,
    operation: 'WRITE',
    operationParameters: { mode: 'Append' },
    engineInfo: 'Apache-Spark/3.5.1 Delta-Lake/3.2.0',
  },
};
const SPARK_META = {
  metaData: {
    id: '4c1b5a0e-0f3c-4f0e-9d0c-000000000000',
    format: { provider: 'parquet', options: {} },
    schemaString: DELTA_SCHEMA,
    partitionColumns: [],
    configuration: {},
    createdTime: NOW,
  },
};

test('a table that Spark made is read; loads do not write into it, since what its prices are is not known; verify says that nothing proves it', async t => {
  const root = await testFolder(t);
  mkdirSync(join(root, TABLE, '_delta_log'), { recursive: true });
  const add = sparkFile(root, run(0, 20));
  writeFileSync(entry(root, 0), lines(SPARK_INFO, { protocol: { minReaderVersion: 1, minWriterVersion: 2 } }, SPARK_META, add));
  const store = await openAt(root);
  assert.deepEqual(await readAll(store, await store.open(BTC)), run(0, 20));
  await assert.rejects(put(store, ORDERS[1]), (error: Error & { code: string }) => {
    assert.equal(error.code, 'BASIS_MISMATCH');
    assert.match(error.message, /holds another program’s, and so unknown, prices/);
    return true;
  });
  const { flaws, rows } = await store.verify(BTC, { deep: true });
  assert.deepEqual([flaws.map(flaw => flaw.kind), rows], [['entry_unsealed'], 0]);
});

test('rows that Spark appended to a table of ours are read, told of by verify, and written after', async t => {
  const { root, store } = await scene(t);
  writeFileSync(entry(root, 2), lines(SPARK_INFO, sparkFile(root, run(40, 45))));
  const rows = [...rowsAfter(ORDERS), ...run(40, 45)];
  assert.deepEqual(await readAll(store, await store.open(BTC)), rows);
  assert.deepEqual(
    (await store.verify(BTC)).flaws.map(flaw => flaw.kind),
    ['entry_unsealed'],
  );
  assert.equal((await put(store, { load: 'three', batch: 0, bars: run(60, 64) })).kind, 'committed');
  assert.deepEqual(await readAll(store, await store.open(BTC)), [...rows, ...run(60, 64)]);
});

test('B12: a table of a newer program is refused, for reading and for writing, and verify names it; nothing in it changes', async t => {
  const { root } = await scene(t);
  writeFileSync(entry(root, 2), lines({ commitInfo: SPARK_INFO.commitInfo }, { protocol: { minReaderVersion: 3, minWriterVersion: 7 } }));
  const store = await openAt(root);
  await assert.rejects(store.open(BTC), { code: 'LOG_NEWER' });
  await assert.rejects(put(store, ORDERS[1]), { code: 'LOG_NEWER' });
  assert.deepEqual(
    (await store.verify(BTC)).flaws.map(flaw => flaw.kind),
    ['entry_unsealed', 'log_newer'],
  );
  assert.deepEqual(await store.mend(BTC, 'r'), []);
});

test('a clock that jumps back between a commit and its retry does not commit it twice, and versions stay in order', async t => {
  const { root } = await scene(t);
  const born = NOW + 5 * 3_600_000;
  const load = ulidAt(born);
  const order = { load, batch: 0, bars: run(60, 64) };
  const ahead = await openAt(root, born);
  assert.equal((await put(ahead, order)).version, 2);
  const behind = await openAt(root, NOW);
  assert.equal((await put(behind, { load: 'other', batch: 0, bars: run(70, 74) })).version, 3);
  const retried = await put(behind, order);
  assert.deepEqual([retried.kind, retried.version], ['already', 2]);
  const later = await put(await openAt(root, born), order);
  assert.deepEqual([later.kind, later.version], ['already', 2]);
  await assertStore(behind);
});

/** A ULID of this moment. */
function ulidAt(ms: number): string {
  let text = '';
  for (let rest = ms, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) text = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[rest % 32] + text;
  return `${text}0123456789ABCDEF`;
}

test('a folder that nobody may write to is read, verified and compared; a write is refused and names the rights', async t => {
  const { root } = await scene(t);
  const io = faultyIo(realIo, { faults: [{ op: CHANGES, probability: 1, effect: { error: 'EROFS' } }] });
  const reading = await openStore({ root, io, frames: inlineFrames(io), now: () => NOW, reading: true });
  assert.deepEqual(await readAll(reading, await reading.open(BTC)), rowsAfter(ORDERS));
  assert.deepEqual((await reading.verify(BTC, { deep: true })).flaws, []);
  for await (const part of reading.diff(await reading.open(BTC, 0), await reading.open(BTC, 1))) assert.equal(part.length, 10);
  await assert.rejects(openAt(root, NOW, io), { code: 'DISK_REFUSED' });
});

test('B10: a folder of a table that is a link is refused for reading and writing, and nothing is written where it points', async t => {
  for (const below of [TABLE, join('main', 'crypto'), join(TABLE, '_delta_log'), join(TABLE, '_holdings')]) {
    const { root } = await scene(t);
    const elsewhere = join(await testFolder(t), 'elsewhere');
    const planted = join(root, below);
    if (below.endsWith('_holdings')) mkdirSync(elsewhere);
    else {
      cpSync(planted, elsewhere, { recursive: true });
      rmSync(planted, { recursive: true });
    }
    symlinkSync(elsewhere, planted);
    const store = await openAt(root);
    const wide = {
      load: 'wide',
      batch: 0,
      bars: run(100, 104),
      answered: Array.from({ length: 200 }, (_, i) => ({ from: NOW + 2 * i * 60_000, to: NOW + (2 * i + 1) * 60_000 })),
    };
    const answered = [...wide.answered, { from: run(100, 101)[0]?.ts ?? 0, to: (run(103, 104)[0]?.ts ?? 0) + 60_000 }].sort(
      (a, b) => a.from - b.from,
    );
    await assert.rejects(put(store, { ...wide, answered }), { code: 'DISK_REFUSED' }, below);
    if (!below.endsWith('_holdings')) await assert.rejects(store.open(BTC), { code: 'DISK_REFUSED' }, below);
  }
});

test('B10: a table whose folder is removed under a running store is gone, and the next write makes it anew', async t => {
  const { root, store } = await scene(t);
  renameSync(join(root, TABLE), join(root, 'kept'));
  assert.equal(await store.find(BTC), undefined);
  assert.equal((await put(store, { load: 'anew', batch: 0, bars: run(0, 5) })).version, 0);
  assert.deepEqual(await readAll(store, await store.open(BTC)), run(0, 5));
});
