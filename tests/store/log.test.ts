/** The log: what an entry says is proved before it is believed. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type ErrorCode, isTapekeepError } from '../../src/model/errors.js';
import { idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { openStore, type Store } from '../../src/store/index.js';
import { decodeEntry, entryPath, versionName } from '../../src/store/log/entry.js';
import { bytesOf, rowsOf } from '../../src/store/log/snapshot.js';
import { bars, put, SERIES, T0, testStore } from './fixture.js';

const ID = idOf(SERIES);

/** Five versions: rows 10, 20, 30, then ten bars replaced, then 40. */
async function fiveVersions(t: TestContext, load = 'load-1'): Promise<Store> {
  const store = await testStore(t);
  for (const [batch, first] of [0, 10, 20].entries()) await put(store, bars(T0 + first * MINUTE, 10), { load, batch });
  await put(store, bars(T0, 10, { close: 200 }), { batch: 3 });
  await put(store, bars(T0 + 30 * MINUTE, 10), { batch: 4 });
  return store;
}

/** The same folder with nothing in memory. */
const reopened = (store: Store): Promise<Store> => openStore({ root: store.house.root, frames: store.house.frames, now: store.house.now });
const fileOf = (store: Store, version: number): string => join(store.house.root, entryPath(ID, version));
const is = (code: ErrorCode, part: string) => (error: unknown) => {
  assert.ok(isTapekeepError(error, code), String(error));
  assert.ok(error.message.includes(part), error.message);
  return true;
};

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  assert.notEqual(changed, text);
  await writeFile(file, changed);
}

test('a table has at each version the files and rows it had then', async t => {
  const store = await fiveVersions(t);
  const fresh = await reopened(store);
  const rows = await Promise.all([0, 1, 2, 3, 4].map(async v => rowsOf((await fresh.open(SERIES, v)).snapshot)));
  assert.deepEqual(rows, [10, 20, 30, 30, 40]);
  const { snapshot } = await fresh.open(SERIES);
  assert.equal(snapshot.version, 4);
  assert.equal(snapshot.files.size, 4);
  assert.equal(
    bytesOf(snapshot),
    [...snapshot.files.values()].reduce((n, f) => n + f.bytes, 0),
  );
});

test('history tells the versions newest first, with their lineage', async t => {
  const store = await fiveVersions(t);
  const told = await store.history(SERIES);
  assert.deepEqual(
    told.map(e => [e.version, e.commitInfo?.operationParameters.change, e.commitInfo?.tapekeep?.batch]),
    [
      [4, 'append', 4],
      [3, 'replace', 3],
      [2, 'append', 2],
      [1, 'append', 1],
      [0, 'create', 0],
    ],
  );
  assert.equal((await store.history(SERIES, 2)).length, 2);
  const { lineage, counts } = told[1]?.commitInfo?.tapekeep ?? {};
  assert.deepEqual(lineage?.interval, { from: T0, to: T0 + 10 * MINUTE });
  assert.equal(lineage?.by, 'test');
  assert.equal(counts?.replaced, 10);
});

test('versions that are not there are named with those that are', async t => {
  const store = await fiveVersions(t);
  await assert.rejects(store.open(SERIES, 5), is('VERSION_UNKNOWN', 'no version 5: it has 0 to 4'));
  await assert.rejects(store.open(SERIES, -1), is('VERSION_UNKNOWN', 'no version -1'));
  await assert.rejects(store.open({ ...SERIES, symbol: 'NOT' }), is('SERIES_UNKNOWN', 'NOT 1m'));
  await assert.rejects(store.history({ ...SERIES, symbol: 'NOT' }), is('SERIES_UNKNOWN', 'NOT 1m'));
  assert.equal(await store.find({ ...SERIES, symbol: 'NOT' }), undefined);
});

test('a log with a missing version is a gap; versions before it are readable', async t => {
  const store = await fiveVersions(t);
  await rm(fileOf(store, 2));
  const fresh = await reopened(store);
  await assert.rejects(fresh.open(SERIES), is('LOG_GAP', 'lacks version 2'));
  assert.equal(rowsOf((await fresh.open(SERIES, 1)).snapshot), 20);
});

const DAMAGE: Record<string, [reason: string, change: (text: string) => string]> = {
  'a number that was changed': ['its SHA-256 is not the one in its seal', text => text.replace('"size":', '"size":1')],
  'a torn end': ['its last line is cut', text => text.slice(0, -20)],
  'a quote that was lost': ['a line is not JSON', text => text.replace('{"add"', '{add"')],
  'an end torn between lines': ['its SHA-256 is not the one in its seal', text => `${text.split('\n').slice(0, -2).join('\n')}\n`],
  'its seal gone': ['its seal is gone', text => text.replace(/,"seal":"\w+"/, '')],
  'nothing in it': ['its last line is cut', () => ''],
};
for (const [what, [reason, change]] of Object.entries(DAMAGE)) {
  test(`an entry with ${what} is damaged, and says so`, async t => {
    const store = await fiveVersions(t);
    await rewrite(fileOf(store, 1), change);
    await assert.rejects((await reopened(store)).open(SERIES), is('LOG_CORRUPT', reason));
  });
}

test('bytes that are no text are damaged', async t => {
  const store = await fiveVersions(t);
  await writeFile(fileOf(store, 1), Buffer.from([0xff, 0xfe, 0x0a]));
  await assert.rejects((await reopened(store)).open(SERIES), is('LOG_CORRUPT', 'it is not UTF-8'));
});

test('an entry put in place of another is seen by the chain, though its own seal is right', async t => {
  const store = await fiveVersions(t);
  const stranger = await fiveVersions(t, 'load-2');
  await writeFile(fileOf(store, 2), await readFile(fileOf(stranger, 2)));
  await assert.rejects((await reopened(store)).open(SERIES), is('LOG_CORRUPT', 'it does not follow the entry before it'));
});

test('a flipped bit anywhere in an entry is never believed', async t => {
  const store = await fiveVersions(t);
  const bytes = await readFile(fileOf(store, 3));
  const honest = decodeEntry(3, bytes);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << bit);
      try {
        assert.deepEqual(decodeEntry(3, flipped), honest, `bit ${bit} of byte ${at}`);
      } catch (error) {
        assert.equal((error as Error).constructor.name, 'BadEntry', String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('a table of a newer program is left alone', async t => {
  const store = await fiveVersions(t);
  const newer = { protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [] } };
  await writeFile(fileOf(store, 5), `${JSON.stringify(newer)}\n`);
  await assert.rejects((await reopened(store)).open(SERIES), is('LOG_NEWER', 'Delta reader 3, writer 7'));
});

test('a log without metaData is no table', async t => {
  const store = await testStore(t);
  await store.house.objects.put(entryPath(ID, 0), new TextEncoder().encode('{"commitInfo":{"timestamp":1}}\n'));
  await assert.rejects(store.open(SERIES), is('LOG_CORRUPT', 'it has no metaData'));
});

async function checkpointed(t: TestContext): Promise<Store> {
  const store = await fiveVersions(t);
  await store.checkpoint(SERIES, 2);
  return store;
}
const checkpointFile = (store: Store): string => join(store.house.root, ID, '_delta_log', `${versionName(2)}.checkpoint.parquet`);

test('a checkpoint stands for the entries up to it', async t => {
  const store = await checkpointed(t);
  const expected = await store.open(SERIES, 2);
  for (const v of [0, 1, 2]) await rm(fileOf(store, v));
  const fresh = await reopened(store);
  const { snapshot, basis, calendar, holdings } = await fresh.open(SERIES, 2);
  assert.deepEqual(snapshot.files, expected.snapshot.files);
  const { id, name, schemaString, createdTime, configuration } = expected.snapshot.metaData;
  assert.deepEqual(snapshot.metaData, { id, name, schemaString, createdTime, configuration });
  assert.deepEqual({ basis, calendar, holdings }, { basis: expected.basis, calendar: expected.calendar, holdings: expected.holdings });
  assert.equal(rowsOf((await fresh.open(SERIES)).snapshot), 40);
  await assert.rejects(fresh.open(SERIES, 1), is('VERSION_UNKNOWN', 'it has 2 to 4'));
  assert.equal((await fresh.history(SERIES)).length, 2);
});

test('writing goes on behind a checkpoint', async t => {
  const store = await checkpointed(t);
  for (const v of [0, 1, 2]) await rm(fileOf(store, v));
  const fresh = await reopened(store);
  const outcome = await put(fresh, bars(T0 + 40 * MINUTE, 5), { load: 'later' });
  assert.deepEqual([outcome.kind, outcome.version], ['committed', 5]);
});

for (const [what, spoil] of Object.entries({
  'was changed': (file: string) => writeFile(file, 'PAR1 nonsense PAR1'),
  'has lost its checksum': (file: string) => rm(file.replace('.parquet', '.sha256')),
})) {
  test(`a checkpoint that ${what} is passed by, and the entries are read`, async t => {
    const store = await checkpointed(t);
    await spoil(checkpointFile(store));
    assert.equal(rowsOf((await (await reopened(store)).open(SERIES)).snapshot), 40);
  });
}

test('a checkpoint comes by itself every so many versions, and one that fails does not fail the commit', async t => {
  const store = await testStore(t, { checkpointEvery: 2 });
  for (let i = 0; i < 5; i++) await put(store, bars(T0 + i * MINUTE, 1), { batch: i });
  const names = (await readdir(join(store.house.root, ID, '_delta_log'))).filter(name => name.includes('checkpoint.parquet'));
  assert.deepEqual(
    names,
    [2, 4].map(v => `${versionName(v)}.checkpoint.parquet`),
  );

  const frames = { ...store.house.frames, checkpoint: () => Promise.reject(new Error('no checkpoint today')) };
  const unlucky = await openStore({ root: store.house.root, frames, now: store.house.now, checkpointEvery: 2 });
  await put(unlucky, bars(T0 + 5 * MINUTE, 1), { batch: 5 });
  assert.equal((await put(unlucky, bars(T0 + 6 * MINUTE, 1), { batch: 6 })).kind, 'committed');
});

test('holdings that grew big lie in a file of their own, and damage to it is found', async t => {
  const store = await testStore(t);
  const answered = Array.from({ length: 300 }, (_, i) => ({ from: T0 + 10 * i * MINUTE, to: T0 + (10 * i + 5) * MINUTE }));
  await put(store, bars(T0, 5), { answered });
  assert.deepEqual((await (await reopened(store)).open(SERIES)).holdings.coverage, answered);
  const folder = join(store.house.root, ID, '_holdings');
  const [name] = await readdir(folder);
  await rewrite(join(folder, name as string), text => text.replace('0', '1'));
  await assert.rejects((await reopened(store)).open(SERIES), is('FILE_DAMAGED', 'its SHA-256 is not its name'));
});
