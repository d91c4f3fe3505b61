import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as wasm from 'parquet-wasm';
import { type Bar, barsFrom } from '../../src/model/bars.js';
import { contains, subtract } from '../../src/model/interval.js';
import { DAY } from '../../src/model/timeframe.js';
import { toArrow } from '../../src/store/frames/arrow.js';
import { readBars, writeArrow } from '../../src/store/frames/parquet.js';
import { type Input, inlineFrames, isDamage, openStore, type Store } from '../../src/store/index.js';
import type { TableFile } from '../../src/store/log/snapshot.js';
import { sha256Of } from '../../src/store/publish.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import type { MemoryDisk } from '../faults/memory-disk.js';
import { answerOf, BTC, baseDisk, NOW, openOn, put, ROOT, requestOf, run } from '../faults/scene.js';

const TABLE = '/data/main/crypto/BTC~2FUSDT/1m';

/** Bars that came through raw files: two appends, one over the turn of a year, and one that replaces some of each. */
async function scene(): Promise<{ disk: MemoryDisk; store: Store; rows: Bar[] }> {
  const disk = await baseDisk([]);
  const store = await openOn(disk.io());
  for (const [load, bars] of [
    ['one', run(0, 20)],
    ['two', run(20, 40)],
    ['three', run(15, 25, 200)],
    ['four', run(60, 70)],
  ] as const) {
    const order = { load, batch: 0, bars };
    const pages = await store.pages<object, { input: Input | null }>(load, 's');
    await pages.append(barsFrom(bars), {});
    const { input } = await pages.finish(done => ({ input: done }));
    await store.write({ ...(await requestOf(store, order)), inputs: [input as Input] });
    await store.clearLoad(load);
  }
  return { disk, store, rows: await readAll(store, await store.open(BTC)) };
}

let repairs = 0;

async function repair(disk: MemoryDisk, now = NOW) {
  const io = disk.io();
  const store = await openStore({ root: ROOT, io, frames: inlineFrames(io), now: () => now, checkpointEvery: 3 });
  const id = `repair-${repairs++}`;
  const mended = await store.mend(BTC, id);
  const { kind, version } = await store.change({ id, series: BTC, by: 'test', change: { kind: 'repair' }, silenceMs: 10_000 });
  await store.clearLoad(id);
  return { store, mended: mended.map(m => m.did), kind, version };
}

const files = async (store: Store, version?: number) => [...(await store.open(BTC, version)).snapshot.files.values()];
const spoil = (disk: MemoryDisk, path: string) => disk.put(path, new Uint8Array(disk.bytes(path).length));
const withoutRaw = (disk: MemoryDisk) => {
  for (const path of disk.paths(/\/raw\//)) disk.files.delete(path);
};

test('every data file that is missing or damaged is put back byte for byte from raw files, and no version is made', async () => {
  const { store: whole, rows } = await scene();
  for (const file of await files(whole)) {
    for (const how of ['missing', 'damaged'] as const) {
      const { disk } = await scene();
      const path = `${TABLE}/${file.path}`;
      const bytes = Buffer.from(disk.bytes(path)).toString('hex');
      if (how === 'missing') disk.files.delete(path);
      else spoil(disk, path);
      const { store, mended, kind } = await repair(disk);
      assert.deepEqual([mended, kind], [how === 'missing' ? ['put back'] : ['set aside', 'put back'], 'unchanged'], `${how} ${file.path}`);
      assert.equal(Buffer.from(disk.bytes(path)).toString('hex'), bytes);
      assert.deepEqual(await readAll(store, await store.open(BTC)), rows);
      await assertStore(store);
    }
  }
});

test('a file that raw files do not hold is named no more, counts as not asked for, and the broken one is set aside', async () => {
  const { disk, store: before, rows } = await scene();
  withoutRaw(disk);
  const file = (await files(before)).find(
    f => f.rows === 10 && f.first === rows.find(bar => bar.ts >= f.first)?.ts && f.last === rows.at(-1)?.ts,
  );
  assert.ok(file);
  spoil(disk, `${TABLE}/${file.path}`);
  const { store, mended, kind } = await repair(disk);
  assert.deepEqual([mended, kind], [['set aside'], 'committed']);
  const table = await store.open(BTC);
  assert.deepEqual(
    await readAll(store, table),
    rows.filter(bar => bar.ts < file.first),
  );
  assert.ok(!contains(table.holdings.coverage, file.first) && !contains(table.holdings.coverage, file.last));
  assert.deepEqual((await store.history(BTC, 1))[0]?.commitInfo?.tapekeep?.lineage.lost?.rows, 10);
  assert.equal(disk.paths(/quarantine\/main_crypto_BTC~2FUSDT_1m\//).length, 1);
  const asked = subtract(answerOf(rows), table.holdings.coverage);
  assert.equal((await put(store, { load: 'anew', batch: 0, bars: run(60, 70), answered: asked })).kind, 'committed');
  assert.deepEqual(await readAll(store, await store.open(BTC)), rows);
  assert.deepEqual(
    (await store.verify(BTC, { deep: true })).flaws.filter(flaw => flaw.kind !== 'old_file_missing'),
    [],
  );
});

test('a lost file that this program writes with other bytes is made again as a new version, with the same bars', async () => {
  const { disk, store: before, rows } = await scene();
  const file = (await files(before)).find(f => f.rows === 10) as TableFile;
  const path = `${TABLE}/${file.path}`;
  const plain = new wasm.WriterPropertiesBuilder().setCompression(wasm.Compression.UNCOMPRESSED).build();
  const bytes = writeArrow(toArrow(readBars(disk.bytes(path))), plain);
  const sha256 = sha256Of(bytes);
  disk.put(`${TABLE}/${sha256}.parquet`, bytes);
  const proposal = await before.propose({ id: 'x', series: BTC, by: 'test', change: { kind: 'restore', version: 3 }, silenceMs: 500 });
  const other = { ...file, path: `${sha256}.parquet`, bytes: bytes.length, sha256 };
  await before.commit({ ...proposal, configuration: {}, removes: [file.path], back: [other] });
  spoil(disk, `${TABLE}/${sha256}.parquet`);
  const { store, kind } = await repair(disk);
  assert.equal(kind, 'committed');
  assert.deepEqual(await readAll(store, await store.open(BTC)), rows);
  assert.equal((await store.history(BTC, 1))[0]?.commitInfo?.tapekeep?.lineage.lost, undefined);
  await assertStore(store, { versions: latest => [latest] });
});

test('a torn last entry is set aside: the version before it stands, and what it brought is asked for again', async () => {
  const { disk, store: before } = await scene();
  const then = await readAll(before, await before.open(BTC, 2));
  const path = disk.paths(/_delta_log\/0*3\.json$/)[0] as string;
  for (const point of disk.paths(/checkpoint/)) disk.files.delete(point);
  disk.put(path, disk.bytes(path).subarray(0, 200));
  const { store, mended } = await repair(disk, (await modified(disk, path)) + 1000);
  assert.deepEqual(mended, ['set aside']);
  const table = await store.open(BTC);
  assert.deepEqual(await readAll(store, table), then);
  assert.equal((await put(store, { load: 'anew', batch: 0, bars: run(60, 70) })).kind, 'committed');
  assert.deepEqual((await store.verify(BTC, { deep: true })).flaws, []);
});

test('a checkpoint that lies is made again from the entries; one that nothing can replace stays', async () => {
  const { disk } = await scene();
  const path = disk.paths(/checkpoint\.parquet$/)[0] as string;
  spoil(disk, path);
  const { store, mended } = await repair(disk);
  assert.deepEqual(mended, ['made again']);
  assert.deepEqual((await store.verify(BTC, { deep: true })).flaws, []);
  const alone = await scene();
  for (const entry of alone.disk.paths(/_delta_log\/0*[0-3]\.json$/)) alone.disk.files.delete(entry);
  spoil(alone.disk, path);
  const io = alone.disk.io();
  assert.deepEqual(await (await openOn(io)).mend(BTC, 'r'), []);
  assert.ok(alone.disk.files.has(path));
});

test('holdings that are lost are what an earlier version knew and the bars that are there', async () => {
  const disk = await baseDisk();
  const store = await openOn(disk.io());
  const rows = await readAll(store, await store.open(BTC));
  for (const path of disk.paths(/_holdings\//)) spoil(disk, path);
  const { store: after, mended, kind } = await repair(disk);
  assert.deepEqual([mended.every(did => did === 'set aside'), kind], [true, 'committed']);
  const table = await after.open(BTC);
  assert.deepEqual(await readAll(after, table), rows);
  assert.deepEqual(table.holdings.coverage, answerOf(rows));
  assert.ok(!(await after.verify(BTC, { deep: true })).flaws.some(isDamage));
});

test('a log that tells otherwise than a file holds is told again, without a change of data', async () => {
  const { disk, store: before, rows } = await scene();
  const [file] = await files(before);
  assert.ok(file);
  const proposal = await before.propose({ id: 'x', series: BTC, by: 'test', change: { kind: 'restore', version: 3 }, silenceMs: 500 });
  await before.commit({ ...proposal, configuration: {}, back: [{ ...file, rows: file.rows + 5, last: file.last + 60_000 }] });
  const { store, kind } = await repair(disk);
  assert.equal(kind, 'committed');
  assert.deepEqual(await readAll(store, await store.open(BTC)), rows);
  assert.ok((await store.history(BTC, 1))[0]?.adds.every(add => add.dataChange === false));
  assert.deepEqual((await store.verify(BTC, { deep: true })).flaws, []);
});

test('an orphan stays within its grace time; then it goes when its bars are in the table, and else it is set aside', async () => {
  const { disk, store: before } = await scene();
  const other = await baseDisk([{ load: 'x', batch: 0, bars: run(500, 510) }]);
  const [foreign = ''] = other.paths(/1m\/[0-9a-f]{64}\.parquet$/);
  disk.put(foreign, other.bytes(foreign));
  const now = await files(before);
  const twin = await baseDisk([{ load: 'x', batch: 0, bars: run(26, 30) }]);
  const [known = ''] = twin.paths(/1m\/[0-9a-f]{64}\.parquet$/);
  disk.put(known, twin.bytes(known));
  const written = Math.max(...disk.paths(/./).map(() => 0), Date.now());
  assert.deepEqual((await repair(disk, (await modified(disk, known)) + 1000)).mended, []);
  const { store, mended } = await repair(disk, Math.max(written, await modified(disk, known)) + 2 * DAY);
  assert.deepEqual(mended.sort(), ['removed', 'set aside']);
  assert.equal(disk.paths(/quarantine\//).length, 1);
  assert.deepEqual((await files(store)).length, now.length);
});

const modified = async (disk: MemoryDisk, path: string) => (await disk.io().facts(path)).modified;

test('a series that is whole is left as it is, and a repair that is done again changes nothing', async () => {
  const { disk } = await scene();
  const before = disk.paths(/./);
  assert.deepEqual((await repair(disk)).kind, 'unchanged');
  assert.deepEqual(disk.paths(/./), before);
});
