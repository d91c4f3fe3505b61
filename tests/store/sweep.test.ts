/** The catalog of open loads, and the sweeper: it removes what no open load and no version needs, and nothing else. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { MINUTE } from '../../src/model/timeframe.js';
import type { Input, Store } from '../../src/store/index.js';
import { bars, put, T0, testStore } from './fixture.js';

const stagedIn = async (store: Store): Promise<string[]> =>
  (await readdir(store.house.folders.staging, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => relative(store.house.folders.staging, join(entry.parentPath ?? entry.path, entry.name)));

async function rawOf(store: Store, load: string, first: number): Promise<Input> {
  const pages = await store.pages<object, { input: Input | null }>(load, 'segment');
  await pages.append(bars(first, 5), {});
  return (await pages.finish(input => ({ input }))).input as Input;
}

test('open loads are listed until they are closed; recording and closing may run twice', async t => {
  const store = await testStore(t);
  for (const load of ['load-1', 'load-2', 'load-1']) await store.recordLoad({ load, order: { wanted: load } });
  assert.deepEqual((await store.openLoads()).loads.map(l => l.load).toSorted(), ['load-1', 'load-2']);
  for (let i = 0; i < 2; i++) await store.closeLoad('load-1');
  assert.deepEqual(await store.openLoads(), { loads: [{ load: 'load-2', order: { wanted: 'load-2' } }], unreadable: [] });
});

test('a record that cannot be read is named, and its load counts as open', async t => {
  const store = await testStore(t);
  await writeFile(join(store.house.folders.loads, 'load-9.json'), '{"load":"lo');
  await writeFile(join(store.house.folders.loads, 'notes.txt'), 'not a load');
  assert.deepEqual(await store.openLoads(), { loads: [], unreadable: ['load-9'] });
  await store.stageBars('load-9', [bars(T0, 1)]);
  assert.deepEqual((await store.sweep()).removed, []);
});

test('what an open load staged stays; once it is closed all of it goes', async t => {
  const store = await testStore(t);
  await store.recordLoad({ load: 'open', order: {} });
  await rawOf(store, 'open', T0);
  await store.stageBars('open', [bars(T0, 1)]);
  const before = await stagedIn(store);
  assert.deepEqual((await store.sweep()).removed, []);
  assert.deepEqual(await stagedIn(store), before);
  await store.closeLoad('open');
  const swept = await store.sweep();
  assert.ok(swept.removed.length >= 2 && swept.bytes > 0);
  assert.deepEqual(await stagedIn(store), []);
  assert.deepEqual((await store.sweep()).removed, [], 'nothing is left to remove');
});

test('raw files that a version names stay for ever, those that none names go with their load', async t => {
  const store = await testStore(t);
  const used = await rawOf(store, 'used', T0);
  const unused = await rawOf(store, 'unused', T0 + 99 * MINUTE);
  await put(store, bars(T0, 5), { load: 'used', inputs: [used] });
  const { removed } = await store.sweep();
  assert.ok(existsSync(used.file) && !existsSync(unused.file));
  assert.ok(removed.map(file => basename(file)).includes(basename(unused.file)));
  assert.deepEqual(
    (await stagedIn(store)).map(file => join(store.house.folders.staging, file)),
    [used.file],
  );
});

test('nothing of a table is ever swept: every version reads as before', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5), { load: 'a' });
  await put(store, bars(T0, 5, { close: 7 }), { load: 'b' });
  const tree = async () => (await readdir(join(store.house.root, 'main'), { recursive: true })).toSorted();
  const before = await tree();
  await store.sweep();
  assert.deepEqual(await tree(), before);
});

test('temporary files go when their process is gone, and stay while it runs', async t => {
  const store = await testStore(t);
  const { temp } = store.house.folders;
  const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
  const names = [`${gone}-${randomUUID()}.tmp`, `${process.pid}-${randomUUID()}.tmp`, 'somebody-elses.txt'];
  for (const name of names) await writeFile(join(temp, name), 'x');
  await store.recordLoad({ load: 'open', order: {} });
  await store.stageBars('open', [bars(T0, 1)]);
  await writeFile(join(store.house.folders.pages, 'open', names[0] as string), 'x');
  const { removed } = await store.sweep();
  assert.deepEqual(
    removed.map(file => basename(file)),
    [names[0], names[0]],
  );
  assert.deepEqual((await readdir(temp)).toSorted(), names.slice(1).toSorted());
});

test('notes are named by their content and read back whole or not at all', async t => {
  const store = await testStore(t);
  const note = await store.writeNote('load-1', { big: 'list' });
  assert.deepEqual(await store.readNote('load-1', note), { big: 'list' });
  const file = join(store.house.folders.pages, 'load-1', `${note}.json`);
  await writeFile(file, (await readFile(file, 'utf8')).replace('list', 'lost'));
  await assert.rejects(store.readNote('load-1', note), error => isTapekeepError(error, 'FILE_DAMAGED'));
  await assert.rejects(store.readNote('load-1', '../../x'), error => isTapekeepError(error, 'FILE_MISSING'));
});

test('a load can let go of its own pages and candidates at once', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5), { load: 'mine' });
  await mkdir(join(store.house.folders.pages, 'other'), { recursive: true });
  for (let i = 0; i < 2; i++) await store.clearLoad('mine');
  assert.deepEqual(await readdir(store.house.folders.pages), ['other']);
  assert.deepEqual(await readdir(store.house.folders.candidates), []);
});

test('the raw files of bars that were refused are set aside, where no sweep comes', async t => {
  const store = await testStore(t);
  const refused = await rawOf(store, 'refused', T0);
  for (let i = 0; i < 2; i++) await store.setAside('refused');
  await store.clearLoad('refused');
  await store.sweep();
  assert.deepEqual(await stagedIn(store), [join('quarantine', 'refused', basename(refused.file))]);
});

test('several may sweep at once: what another removed meanwhile is no fault', async t => {
  const store = await testStore(t);
  for (let load = 0; load < 20; load++) await rawOf(store, `closed-${load}`, T0 + load * MINUTE);
  const swept = await Promise.all(Array.from({ length: 6 }, () => store.sweep()));
  assert.ok(swept.some(s => s.removed.length > 0));
  assert.deepEqual(await stagedIn(store), []);
});
