/** The one way to write: what a version says, and what it does not say twice. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { CRYPTO_BASIS, idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { NO_COUNTS } from '../../src/store/frames/jobs.js';
import { inlineFrames, openStore, type Store } from '../../src/store/index.js';
import { bars, NOON, put, requestFor, SERIES, T0, testStore } from './fixture.js';

const closesOf = async (store: Store): Promise<number[]> =>
  (await store.read(await store.open(SERIES))).getColumn('close').toArray() as number[];
const changeOf = async (store: Store) => (await store.history(SERIES, 1))[0]?.commitInfo?.operationParameters.change;
const secondStore = (store: Store): Promise<Store> => openStore({ root: store.house.root, frames: inlineFrames(), now: () => NOON });

test('a version is created, appended to, inserted into, replaced and answered, and says which', async t => {
  const store = await testStore(t);
  const done: [string | undefined, number][] = [];
  for (const [load, first, close] of [
    ['a', 10, 1],
    ['b', 20, 1],
    ['c', 0, 1],
    ['d', 15, 2],
  ] as const) {
    const { proposal } = await put(store, bars(T0 + first * MINUTE, 10, { close }), { load });
    done.push([await changeOf(store), proposal.merged.counts.replaced]);
  }
  await put(store, bars(T0, 0), { load: 'e', inputs: [], answered: [{ from: T0 + 60 * MINUTE, to: T0 + 90 * MINUTE }] });
  done.push([await changeOf(store), 0]);
  assert.deepEqual(done, [
    ['create', 0],
    ['append', 0],
    ['insert', 0],
    ['replace', 10],
    ['answer', 0],
  ]);
  assert.deepEqual(await closesOf(store), [...Array(15).fill(1), ...Array(10).fill(2), ...Array(5).fill(1)]);
  assert.deepEqual((await store.open(SERIES)).holdings.coverage, [
    { from: T0, to: T0 + 30 * MINUTE },
    { from: T0 + 60 * MINUTE, to: T0 + 90 * MINUTE },
  ]);
});

test('where nothing was answered, because it is not out yet, there is no new version; and no table where there was none', async t => {
  const store = await testStore(t);
  const none = { inputs: [], answered: [] };
  await assert.rejects(put(store, bars(T0, 0), none), error => isTapekeepError(error, 'CANDIDATE_REFUSED'));
  assert.equal(await store.find(SERIES), undefined);
  await put(store, bars(T0, 5));
  const { kind, version } = await put(store, bars(T0, 0), { load: 'early', ...none });
  assert.deepEqual([kind, version], ['unchanged', 0]);
});

test('only the files whose bars are replaced are rewritten', async t => {
  const store = await testStore(t);
  for (let i = 0; i < 3; i++) await put(store, bars(T0 + 10 * i * MINUTE, 10), { batch: i });
  const before = new Set((await store.open(SERIES)).snapshot.files.keys());
  await put(store, bars(T0 + 12 * MINUTE, 1, { close: 5 }), { load: 'fix' });
  const after = [...(await store.open(SERIES)).snapshot.files.keys()];
  assert.equal(after.filter(path => before.has(path)).length, 2);
  assert.equal(after.length, 3);
});

test('by the rule "keep" the bar that is there stays, and the number that said otherwise is told', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5));
  const { kind, proposal } = await put(store, bars(T0 + 3 * MINUTE, 4, { close: 9 }), { load: 'late', rule: 'keep' });
  assert.equal(kind, 'committed');
  assert.deepEqual(proposal.merged.counts, { ...NO_COUNTS, offered: 4, added: 2, kept: 2, compared: 2 });
  assert.deepEqual(await closesOf(store), [100, 100, 100, 100, 100, 9, 9]);
});

test('the same request twice is one version, also when others came between, also in a new process', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5));
  const request = await requestFor(store, bars(T0 + 5 * MINUTE, 5), { load: 'twice' });
  assert.deepEqual([(await store.write(request)).kind, (await store.open(SERIES)).snapshot.version], ['committed', 1]);
  await put(store, bars(T0 + 10 * MINUTE, 5), { load: 'between' });
  for (const again of [store, await secondStore(store)]) {
    const { kind, version } = await again.write(request);
    assert.deepEqual([kind, version], ['already', 1]);
  }
  assert.equal((await store.open(SERIES)).snapshot.version, 2);
});

test('a proposal that is committed twice lands once', async t => {
  const store = await testStore(t);
  const proposal = await store.merge(await requestFor(store, bars(T0, 5)));
  await store.validate(proposal);
  assert.deepEqual(await store.commit(proposal), { kind: 'committed', version: 0 });
  assert.deepEqual(await store.commit(proposal), { kind: 'already', version: 0 });
});

test('bars the table has already make no new version', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5));
  const { kind, version } = await put(store, bars(T0 + MINUTE, 3, { source: 'other' }), { load: 'again' });
  assert.deepEqual([kind, version], ['unchanged', 0]);
});

test('a proposal that another writer overtook is told so, and merged again on the new version', async t => {
  const store = await testStore(t);
  const other = await secondStore(store);
  await put(store, bars(T0, 5));
  const request = await requestFor(store, bars(T0 + 5 * MINUTE, 5), { load: 'late' });
  const late = await store.merge(request);
  await put(other, bars(T0 + 10 * MINUTE, 5), { load: 'quick' });
  assert.deepEqual(await store.commit(late), { kind: 'raced', version: 1 });
  assert.deepEqual((await store.write(request)).version, 2);
  assert.equal((await closesOf(store)).length, 15);
});

test('writers that are overtaken for ever give up with an error that may be retried', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5));
  const { objects } = store.house;
  const hasty = await openStore({
    root: store.house.root,
    frames: inlineFrames(),
    now: () => NOON,
    objects: {
      ...objects,
      putIfAbsent: async (path, bytes) => (path.includes('_delta_log') ? 'exists' : objects.putIfAbsent(path, bytes)),
    },
  });
  await assert.rejects(
    put(hasty, bars(T0 + 5 * MINUTE, 1), { load: 'never' }),
    error => isTapekeepError(error, 'COMMIT_CONTENDED') && !error.permanent,
  );
});

test('prices of another basis are refused, naming both, and nothing is written', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5));
  const attempt = put(store, bars(T0 + 5 * MINUTE, 5), { load: 'b', basis: { ...CRYPTO_BASIS, price: 'bid', feed: 'sip' } });
  await assert.rejects(attempt, error => {
    assert.ok(isTapekeepError(error, 'BASIS_MISMATCH'));
    assert.equal(error.facts.stored, 'raw trade 24h any base');
    assert.equal(error.facts.offered, 'raw bid 24h sip base');
    return true;
  });
  assert.equal((await store.open(SERIES)).snapshot.version, 0);
});

test('bars from outside of what was answered are refused before anything is committed', async t => {
  const store = await testStore(t);
  const attempt = put(store, bars(T0, 5), { answered: [{ from: T0, to: T0 + 3 * MINUTE }] });
  await assert.rejects(attempt, error => isTapekeepError(error, 'CANDIDATE_REFUSED'));
  assert.equal(await store.find(SERIES), undefined);
});

test('no bars are replaced when the file that holds them is damaged: there would be no way back', async t => {
  const store = await testStore(t);
  await put(store, bars(T0, 5));
  const proposal = await store.merge(await requestFor(store, bars(T0, 5, { close: 7 }), { load: 'fix' }));
  const [path] = (await store.open(SERIES)).snapshot.files.keys();
  const file = join(store.house.root, idOf(SERIES), path as string);
  const bytes = await readFile(file);
  bytes[50] = (bytes[50] as number) ^ 1;
  await writeFile(file, bytes);
  await assert.rejects(store.commit(proposal), error => isTapekeepError(error, 'FILE_DAMAGED'));
  assert.equal((await store.open(SERIES)).snapshot.version, 0);
});

test('absences stand in the ledger of their version, and bars that come later take their place', async t => {
  const store = await testStore(t);
  const absence = {
    from: T0 + 5 * MINUTE,
    to: T0 + 10 * MINUTE,
    reason: 'no_trade',
    verdict: null,
    asked: ['test'],
    attempts: 1,
    firstAsked: NOON,
    lastAsked: NOON,
    evidence: 'between two bars of one answer',
    next: null,
  } as const;
  await put(store, bars(T0, 5), { answered: [{ from: T0, to: T0 + 10 * MINUTE }], absences: [absence] });
  assert.deepEqual((await store.open(SERIES)).holdings.ledger, [absence]);
  await put(store, bars(T0 + 5 * MINUTE, 5), { load: 'later' });
  assert.deepEqual((await store.open(SERIES)).holdings.ledger, []);
  assert.deepEqual((await store.open(SERIES, 0)).holdings.ledger, [absence]);
});

test('a load whose id tells its birth is looked for no further back than that', async t => {
  const store = await testStore(t, { now: () => NOON });
  await put(store, bars(T0, 5), { load: '01HZ9J3V00AAAAAAAAAAAAAAAA' });
  const { kind } = await put(store, bars(T0 + 5 * MINUTE, 5), { load: '7ZZZZZZZZZAAAAAAAAAAAAAAAA' });
  assert.equal(kind, 'committed');
});

test('the id of a load that is no plain name never becomes a path', async t => {
  const store = await testStore(t);
  for (const load of ['../x', '', 'a/b', 'x'.repeat(65)]) {
    await assert.rejects(store.stageBars(load, [bars(T0, 1)]), error => isTapekeepError(error, 'USAGE'));
  }
});
