/** Retention: versions whose time is over leave the log, their files leave the table, and nothing that is kept notices. */
import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { toSet } from '../../src/model/interval.js';
import { idOf } from '../../src/model/series.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import type { Store } from '../../src/store/index.js';
import type { Keep } from '../../src/store/log/expired.js';
import { vacuum } from '../../src/store/vacuum.js';
import { assertStore, type Memory, readAll } from '../faults/assert-store.js';
import { CHANGES, faultyIo } from '../faults/faulty-io.js';
import { answerOf, BTC, baseDisk, openOn, put as putOrder, run, scattered } from '../faults/scene.js';
import { bars, put, SERIES, T0, testStore } from './fixture.js';

/** A clock that a test moves; it begins at the machine's own, since files carry that. */
class Clock {
  at = Date.now();
  now = (): number => this.at;
  pass(ms: number): void {
    this.at += ms;
  }
}

const KEEP: Keep = { versions: 3, ms: 10 * DAY, graceMs: DAY };
const NOW_OR_NEVER: Keep = { versions: 2, ms: 0, graceMs: 0 };

interface Scene {
  readonly store: Store;
  readonly clock: Clock;
  readonly folder: string;
}

/** Ten versions, a day apart, each of which replaces the bars of the one before. */
async function tenVersions(t: TestContext): Promise<Scene> {
  const clock = new Clock();
  const store = await testStore(t, { now: clock.now, checkpointEvery: 3 });
  for (let batch = 0; batch < 10; batch++) {
    if (batch > 0) clock.pass(DAY);
    await put(store, bars(T0, 5, { close: 100 + batch }), { load: 'load', batch });
  }
  return { store, clock, folder: join(store.house.root, idOf(SERIES)) };
}

const versionsOf = async (store: Store): Promise<number[]> => (await store.history(SERIES)).map(e => e.version).reverse();
const closeAt = async (store: Store, version: number): Promise<unknown> =>
  (await readAll(store, await store.open(SERIES, version)))[0]?.close;
const treeOf = async (store: Store): Promise<string[]> => (await readdir(store.house.root, { recursive: true })).toSorted();
const dataFiles = async (folder: string): Promise<string[]> => (await readdir(folder)).filter(name => name.endsWith('.parquet'));

test('versions stay for their time and their number, whichever is longer; then history, files and log tell of them no more', async t => {
  const { store, clock, folder } = await tenVersions(t);
  assert.equal((await vacuum(store.house, SERIES, KEEP)).versions, 0, 'none is older than ten days');
  clock.pass(6 * DAY);
  const memory: Memory = new Map();
  await assertStore(store, { memory });
  const first = await vacuum(store.house, SERIES, KEEP);
  assert.deepEqual([first.first, first.versions, first.latest], [3, 3, 9], 'back to the checkpoint before what has to stay');
  assert.deepEqual(await versionsOf(store), [3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual([first.waiting.length, (await dataFiles(folder)).length], [3, 10], 'files wait for their grace time');
  await assert.rejects(store.open(SERIES, 2), error => isTapekeepError(error, 'VERSION_UNKNOWN'));
  clock.pass(100 * DAY);
  await vacuum(store.house, SERIES, KEEP);
  clock.pass(2 * DAY);
  const last = await vacuum(store.house, SERIES, KEEP);
  assert.deepEqual([last.first, (await dataFiles(folder)).length], [7, 4], 'three stay by number, and a file that waits');
  for (const version of [7, 8, 9]) assert.equal(await closeAt(store, version), 100 + version);
  await assertStore(store, { memory });
});

test('who read a version that is long cleaned up, and has not looked since, reads the newest one', async t => {
  const { store, clock } = await tenVersions(t);
  const slow = await testStore(t, { root: store.house.root, now: clock.now });
  const seen = await slow.open(SERIES);
  for (let batch = 10; batch < 20; batch++) await put(store, bars(T0, 5, { close: 100 + batch }), { load: 'load', batch });
  clock.pass(100 * DAY);
  const { first } = await vacuum(store.house, SERIES, NOW_OR_NEVER);
  assert.ok(first > seen.snapshot.version + 1, `${first}`);
  assert.equal((await slow.open(SERIES)).snapshot.version, 19);
  assert.equal((await readAll(slow, await slow.open(SERIES)))[0]?.close, 119);
});

test('after a clean-up the table is written as before: requests find their own commits, and the chain of seals holds', async t => {
  const { store, clock } = await tenVersions(t);
  clock.pass(100 * DAY);
  await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 });
  const again = await put(store, bars(T0, 5, { close: 109 }), { load: 'load', batch: 9 });
  assert.deepEqual([again.kind, again.version], ['already', 9]);
  const reopened = await testStore(t, { root: store.house.root, now: clock.now });
  assert.equal((await put(reopened, bars(T0 + DAY, 5), { load: 'next' })).version, 10);
  await assertStore(reopened);
});

test('what an open load may look for stays until it is closed', async t => {
  const { store, clock } = await tenVersions(t);
  await store.recordLoad({ load: '01HQX6TDR0EXAMP1ELAADAAAA1', order: {} });
  clock.pass(100 * DAY);
  assert.equal((await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 })).versions, 0);
  await store.closeLoad('01HQX6TDR0EXAMP1ELAADAAAA1');
  assert.equal((await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 })).versions, 6);
});

test('a clock that went back lets no version go', async t => {
  const { store, clock } = await tenVersions(t);
  clock.pass(-300 * DAY);
  assert.equal((await vacuum(store.house, SERIES, KEEP)).versions, 0);
});

test('a dry run tells what would go, and changes nothing', async t => {
  const { store, clock } = await tenVersions(t);
  clock.pass(100 * DAY);
  const before = await treeOf(store);
  const told = await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 }, true);
  assert.deepEqual(await treeOf(store), before);
  const done = await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 });
  assert.deepEqual([told.first, told.versions], [done.first, done.versions]);
  assert.ok(told.bytes > 0 && told.removed.length > 6);
  const gone =
    before.filter(path => path.startsWith(`${idOf(SERIES)}/`)).length -
    (await treeOf(store)).filter(p => p.startsWith(`${idOf(SERIES)}/`)).length;
  assert.equal(gone, done.removed.length);
});

test('what a crashed writer left goes after its grace time; strangers and folders of others stay', async t => {
  const { store, clock, folder } = await tenVersions(t);
  const orphan = `${'a'.repeat(64)}.parquet`;
  await writeFile(join(folder, orphan), 'left');
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await writeFile(join(folder, 'export.parquet'), 'mine, too');
  await mkdir(join(folder, '_holdings'), { recursive: true });
  await writeFile(join(folder, '_holdings', `${'b'.repeat(64)}.json`), '{}');
  assert.deepEqual((await vacuum(store.house, SERIES, KEEP)).removed, []);
  clock.pass(2 * HOUR);
  assert.deepEqual((await vacuum(store.house, SERIES, KEEP)).removed, [], 'the grace time is not over');
  clock.pass(DAY);
  assert.deepEqual((await vacuum(store.house, SERIES, KEEP)).removed.toSorted(), [`_holdings/${'b'.repeat(64)}.json`, orphan].toSorted());
  assert.deepEqual((await dataFiles(folder)).includes('export.parquet'), true);
  assert.ok((await readdir(folder)).includes('notes.txt'));
});

test('a file that a version names again is not removed, however long it was named by none', async t => {
  const { store, clock, folder } = await tenVersions(t);
  const [waiting = ''] = (await store.open(SERIES, 0)).snapshot.files.keys();
  clock.pass(100 * DAY);
  await vacuum(store.house, SERIES, { ...KEEP, graceMs: DAY });
  clock.pass(2 * DAY);
  assert.ok((await vacuum(store.house, SERIES, KEEP, true)).removed.includes(waiting));
  // The bars of the first version come again: their file has the same name.
  const landed = await put(store, bars(T0, 5, { close: 100 }), { load: 'again' });
  assert.ok((await store.open(SERIES, landed.version)).snapshot.files.has(waiting));
  const done = await vacuum(store.house, SERIES, KEEP);
  assert.ok(!done.removed.includes(waiting) && (await dataFiles(folder)).includes(waiting));
  await assertStore(store);
});

test('C4: a reader that opened a version before is not broken within the grace time, also in the middle of its read', async t => {
  const clock = new Clock();
  const store = await testStore(t, { now: clock.now, checkpointEvery: 2 });
  for (let batch = 0; batch < 6; batch++) await put(store, bars(T0 + batch * DAY, 50), { load: 'load', batch });
  const reader = await testStore(t, { root: store.house.root, reading: true });
  const table = await reader.open(SERIES);
  const walk = reader.bars(table, { most: 50 });
  const sizes = [((await walk.next()).value as { ts: Float64Array }).ts.length];
  for (let batch = 0; batch < 6; batch++) await put(store, bars(T0 + batch * DAY, 50, { close: 7 }), { load: 'all-anew', batch });
  clock.pass(HOUR);
  const { versions, waiting } = await vacuum(store.house, SERIES, { versions: 1, ms: 0, graceMs: HOUR / 2 });
  assert.ok(versions > 6 && waiting.length === 5, 'the version is gone from the log, its files are not');
  for await (const part of walk) sizes.push(part.ts.length);
  assert.deepEqual(sizes, [50, 50, 50, 50, 50, 50]);
  clock.pass(HOUR);
  assert.equal(
    (await vacuum(store.house, SERIES, { versions: 1, ms: 0, graceMs: HOUR / 2 })).removed.filter(p => p.endsWith('.parquet')).length >= 6,
    true,
  );
  await assert.rejects(readAll(reader, table), error => isTapekeepError(error, 'FILE_MISSING'));
});

const DAMAGES: Readonly<Record<string, (folder: string, files: readonly string[]) => Promise<void>>> = {
  'a file is missing': (folder, [file = '']) => rm(join(folder, file)),
  'a file is too long': (folder, [file = '']) => appendFile(join(folder, file), 'x'),
  'an entry is torn': async folder => writeFile(join(folder, '_delta_log', '00000000000000000008.json'), '{"commitInfo"'),
  'an entry is missing': folder => rm(join(folder, '_delta_log', '00000000000000000008.json')),
  'a bit of the newest file is turned over': async (folder, [file = '']) => {
    const bytes = await readFile(join(folder, file));
    bytes[30] = (bytes[30] as number) ^ 4;
    await writeFile(join(folder, file), bytes);
  },
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`B3, B8: a damaged table is not vacuumed, and no data file goes: ${name}`, async t => {
    const { store, clock, folder } = await tenVersions(t);
    clock.pass(100 * DAY);
    const newest = [...(await store.open(SERIES)).snapshot.files.keys()];
    await damage(folder, newest);
    const before = await dataFiles(folder);
    const other = await testStore(t, { root: store.house.root, now: clock.now });
    await assert.rejects(vacuum(other.house, SERIES, { ...KEEP, graceMs: 0 }), error => isTapekeepError(error));
    assert.deepEqual(await dataFiles(folder), before);
  });
}

test('a checkpoint that lies with a fitting checksum is found out before the entries go', async t => {
  const { store, clock, folder } = await tenVersions(t);
  clock.pass(100 * DAY);
  const log = join(folder, '_delta_log');
  // The checkpoint of version 3 under the name of version 6.
  const bytes = await readFile(join(log, '00000000000000000003.checkpoint.parquet'));
  const sum = (await readFile(join(log, '00000000000000000003.checkpoint.sha256'), 'utf8')).replace(/0{19}3/, '00000000000000000006');
  await writeFile(join(log, '00000000000000000006.checkpoint.parquet'), bytes);
  await writeFile(join(log, '00000000000000000006.checkpoint.sha256'), sum);
  const other = await testStore(t, { root: store.house.root, now: clock.now });
  await assert.rejects(vacuum(other.house, SERIES, { ...KEEP, graceMs: 0 }), error => isTapekeepError(error));
  assert.equal((await readdir(log)).filter(file => /^\d+\.json$/.test(file)).length, 10);
});

test('after a clean-up one damaged checkpoint is not the end of the table: the newest version opens by another', async t => {
  const clock = new Clock();
  const store = await testStore(t, { now: clock.now, checkpointEvery: 1_000 });
  for (let batch = 0; batch < 6; batch++) await put(store, bars(T0 + batch * DAY, 5), { load: 'load', batch });
  clock.pass(HOUR);
  const { first } = await vacuum(store.house, SERIES, { versions: 3, ms: 0, graceMs: 0 });
  assert.equal(first, 3);
  await writeFile(join(store.house.root, idOf(SERIES), '_delta_log', '00000000000000000003.checkpoint.parquet'), 'cut');
  const other = await testStore(t, { root: store.house.root });
  assert.equal((await readAll(other, await other.open(SERIES))).length, 30);
});

test('A2, C4: a kill at any operation of a vacuum leaves every kept version whole, and the next vacuum ends it', async () => {
  const base = await baseDisk();
  const store = await openOn(base.io());
  for (let batch = 0; batch < 4; batch++)
    await putOrder(store, {
      load: 'more',
      batch,
      bars: run(0, 20, 200 + batch),
      answered: toSet([...scattered(1000, 200 + batch), ...answerOf(run(0, 20))]),
    });
  const whole = base.copy();
  const done = await vacuum((await openOn(whole.io())).house, BTC, NOW_OR_NEVER);
  assert.ok(done.versions >= 3 && done.removed.some(path => path.startsWith('_holdings')));
  for (let i = 0; i < 2; i++) await vacuum((await openOn(whole.io())).house, BTC, NOW_OR_NEVER);
  let nth = 1;
  for (let died = true; died; nth++) {
    const disk = base.copy();
    const io = faultyIo(disk.io(), { faults: [{ op: CHANGES, nth, effect: 'kill' }], kill: () => {} });
    const ended = openOn(io)
      .then(async found => vacuum(found.house, BTC, NOW_OR_NEVER))
      .then(() => false);
    died = await Promise.race([io.died.then(() => true), ended]);
    disk.bury(process.pid);
    const after = await openOn(disk.io());
    await assertStore(after, { swept: true });
    for (let i = 0; i < 2; i++) await vacuum(after.house, BTC, NOW_OR_NEVER);
    await assertStore(after);
    const files = /^\/data\/main\/.*(?<!checkpoint)\.parquet$|_holdings/;
    assert.deepEqual(disk.paths(files), whole.paths(files), `killed at operation ${nth}`);
  }
  assert.ok(nth > done.removed.length, `${nth} operations were tried`);
});

test('B1: a disk that fails at any operation of a vacuum costs nothing that is kept', async () => {
  const base = await baseDisk();
  const store = await openOn(base.io());
  for (let batch = 0; batch < 4; batch++) await putOrder(store, { load: 'more', batch, bars: run(0, 20, 200 + batch) });
  for (let nth = 1, failed = true; failed; nth++) {
    const disk = base.copy();
    const io = faultyIo(disk.io(), { faults: [{ op: CHANGES, nth, effect: { error: nth % 2 ? 'ENOSPC' : 'EIO' } }] });
    failed = await openOn(io).then(
      found =>
        vacuum(found.house, BTC, NOW_OR_NEVER).then(
          () => io.calls.some(c => c.failed !== undefined),
          () => true,
        ),
      () => true,
    );
    await assertStore(await openOn(disk.io()));
  }
});

test('bars that were set aside stay as long as the newest version misses any of them', async t => {
  const { store, clock, folder } = await tenVersions(t);
  const aside = `${'c'.repeat(64)}.jsonl`;
  await mkdir(join(folder, '_quarantine'));
  await writeFile(join(folder, '_quarantine', aside), '{}\n');
  const missing = { from: T0 + 5 * MINUTE, to: T0 + 6 * MINUTE };
  const absence = {
    ...missing,
    reason: 'refused',
    verdict: null,
    asked: [],
    attempts: 1,
    firstAsked: 1,
    lastAsked: 1,
    evidence: '',
    next: 2,
  } as const;
  await put(store, bars(T0, 5, { close: 7 }), { load: 'refused', answered: [{ from: T0, to: missing.to }], absences: [absence] });
  clock.pass(100 * DAY);
  assert.ok(!(await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 })).removed.includes(`_quarantine/${aside}`));
  await put(store, bars(T0, 6, { close: 8 }), { load: 'mended', answered: [{ from: T0, to: missing.to }] });
  clock.pass(100 * DAY);
  assert.ok((await vacuum(store.house, SERIES, { ...KEEP, graceMs: 0 })).removed.includes(`_quarantine/${aside}`));
});
