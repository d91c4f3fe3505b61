import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bar, barsFrom, toRows } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { type Input, inlineFrames, type Store } from '../../src/store/index.js';
import { assertTyped } from './after-fault.js';
import { assertStore, readAll } from './assert-store.js';
import { chance, pick } from './chance.js';
import { faultyIo, flipped } from './faulty-io.js';
import type { MemoryDisk } from './memory-disk.js';
import { BTC, baseDisk, CREATE_ORDER, FIRST_ORDERS, openOn, put, RICH_ORDER, requestOf, run } from './scene.js';
import { STRIDE } from './stride.js';

/** All that a reader can learn of a table at each of its versions. */
async function told(store: Store): Promise<unknown[]> {
  const out: unknown[] = [];
  const { snapshot } = await store.open(BTC);
  for (let v = 0; v <= snapshot.version; v++) {
    const table = await store.open(BTC, v);
    out.push([await readAll(store, table), table.holdings, table.basis]);
  }
  return out;
}

/** Each version as it is told, or the error in its place; a damaged newest version hides none of the others. */
async function toldOrRefused(store: Store, latest: number): Promise<unknown[]> {
  const out: unknown[] = [];
  for (let v = 0; v <= latest; v++) {
    const version = store.open(BTC, v).then(async table => [await readAll(store, table), table.holdings, table.basis]);
    out.push(await version.catch(e => e));
  }
  return out;
}

function flipIn(disk: MemoryDisk, path: string, random: () => number): void {
  disk.files.set(path, { bytes: flipped(disk.bytes(path), random) });
}

const TRIALS = 150 / STRIDE;

for (const [kind, files] of [
  ['data file', /1m\/[0-9a-f]{64}\.parquet$/],
  ['log entry', /_delta_log\/\d{20}\.json$/],
  ['holdings file', /_holdings\//],
] as const) {
  test(`B7: a bit flipped anywhere in a ${kind} is found in each of ${TRIALS} trials, and what is served is true`, async () => {
    const base = await baseDisk([...FIRST_ORDERS, RICH_ORDER]);
    // Without its checkpoint every entry is needed.
    for (const path of base.paths(/checkpoint/)) base.files.delete(path);
    const truth = await told(await openOn(base.io()));
    for (let seed = 1; seed <= TRIALS; seed++) {
      const disk = base.copy();
      const random = chance(seed);
      const path = pick(random, disk.paths(files));
      flipIn(disk, path, random);
      const seen = await toldOrRefused(await openOn(disk.io()), 3);
      assert.ok(seen.some(isDamage), `seed ${seed}: a flip in ${path} is not found`);
      for (const [v, version] of seen.entries()) {
        if (!isDamage(version)) assert.deepEqual(version, truth[v], `seed ${seed}: version ${v} is served wrong`);
      }
    }
  });
}

const isDamage = (e: unknown): boolean => isTapekeepError(e) && ['FILE_DAMAGED', 'LOG_CORRUPT', 'LOG_GAP', 'FILE_MISSING'].includes(e.code);

test(`B7: a bit flipped anywhere in a checkpoint, its checksum or its hint changes nothing that is served, in each of ${TRIALS} trials`, async () => {
  const base = await baseDisk([...FIRST_ORDERS, RICH_ORDER, { ...CREATE_ORDER, load: 'more', bars: run(200, 204) }]);
  const truth = await told(await openOn(base.io()));
  for (let seed = 1; seed <= TRIALS; seed++) {
    const disk = base.copy();
    const random = chance(seed);
    const path = pick(random, disk.paths(/checkpoint/));
    flipIn(disk, path, random);
    assert.deepEqual(await told(await openOn(disk.io())), truth, `seed ${seed}: ${path}`);
  }
});

test(`B7: a checkpoint with a flipped bit is refused, not believed, when the entries behind it are gone`, async () => {
  const base = await baseDisk([...FIRST_ORDERS, RICH_ORDER]);
  for (const path of base.paths(/\/0*[0-2]\.json$/)) base.files.delete(path);
  const truth = await readAll(await openOn(base.io()), await (await openOn(base.io())).open(BTC));
  assert.equal(truth.length, 31);
  for (let seed = 1; seed <= TRIALS; seed++) {
    const disk = base.copy();
    flipIn(disk, disk.paths(/checkpoint\.(parquet|sha256)$/)[seed % 2] as string, chance(seed));
    const seen = await openOn(disk.io())
      .then(async store => readAll(store, await store.open(BTC)))
      .catch(e => e);
    assert.ok(isDamage(seen), `seed ${seed}: the checkpoint is believed`);
  }
});

test(`B7: a bit flipped in staged pages, a raw file or a candidate is found by the step that needs it, in each of ${TRIALS} trials`, async () => {
  const base = await baseDisk();
  for (let seed = 1; seed <= TRIALS; seed++) {
    const disk = base.copy();
    const random = chance(seed);
    const store = await openOn(disk.io());
    const request = await requestOf(store, RICH_ORDER);
    const pages = await store.pages<object, { input: Input | null }>('rich', 'seg');
    await pages.append(barsFrom(run(300, 320)), {});
    const { input } = await pages.finish(done => ({ input: done }));
    const rich = { ...request, inputs: [...request.inputs, input as Input], answered: [{ from: 0, to: 1e14 }] };
    const proposal = await store.merge(rich);
    const path = pick(random, disk.paths(/(candidates|raw|pages)\/rich\/.*(parquet|pages)$/));
    flipIn(disk, path, random);
    const validated = await store.validate(proposal).then(
      () => undefined,
      e => e,
    );
    const merged = await store.merge(rich).then(
      () => undefined,
      e => e,
    );
    assert.ok(isDamage(validated) || isDamage(merged), `seed ${seed}: a flip in ${path} is not found`);
  }
});

test('B7: a bit flipped in a page of a segment ends its pages there; they are never taken for whole', async () => {
  for (let seed = 1; seed <= TRIALS; seed++) {
    const disk = await baseDisk([]);
    const random = chance(seed);
    const pages = await (await openOn(disk.io())).pages<{ n: number }, { input: Input | null }>('l', 's');
    for (let n = 0; n < 4; n++) await pages.append(barsFrom(run(10 * n, 10 * n + 10)), { n });
    const hit = Math.floor(random() * 4);
    flipIn(disk, disk.paths(/\.page$/)[hit] as string, random);
    const again = await (await openOn(disk.io())).pages<{ n: number }, { input: Input | null }>('l', 's');
    assert.deepEqual(
      again.facts.map(f => f.n),
      [0, 1, 2, 3].slice(0, hit),
      `seed ${seed}`,
    );
    assert.equal(disk.paths(/\.page$/).length, hit, 'pages behind a damaged one are left');
  }
});

test('B7: bits that turn over while they are read, from a good disk, are found as well', async () => {
  const base = await baseDisk([...FIRST_ORDERS, RICH_ORDER]);
  const truth = await told(await openOn(base.io()));
  for (let seed = 1; seed <= TRIALS; seed++) {
    const io = faultyIo(base.io(), { faults: [{ op: 'read', probability: 0.05, effect: 'flip' }], seed });
    const seen = await openOn(io)
      .then(store => toldOrRefused(store, 3))
      .catch(e => [e]);
    for (const [v, version] of seen.entries()) {
      if (version instanceof Error) assertTyped(version);
      else assert.deepEqual(version, truth[v], `seed ${seed}: version ${v}`);
    }
  }
});

test('B7: a damaged file is never rewritten into a new version, and bars that do not need it are still written', async () => {
  const base = await baseDisk();
  const store = await openOn(base.io());
  const file = [...(await store.open(BTC)).snapshot.files.values()].find(f => f.rows === 10);
  flipIn(base, `/data/main/crypto/BTC~2FUSDT/1m/${file?.path}`, chance(1));
  await assert.rejects(
    openOn(base.io()).then(s => put(s, RICH_ORDER)),
    { code: 'FILE_DAMAGED' },
  );
  const added = await put(await openOn(base.io()), { ...CREATE_ORDER, bars: run(500, 510) });
  assert.equal(added.kind, 'committed');
});

test('B7: a file that is damaged in the table is replaced when a commit brings the same content again', async () => {
  const bars: Bar[] = toRows(barsFrom(run(0, 5)));
  const disk = await baseDisk([
    { load: 'a', batch: 0, bars },
    { load: 'a', batch: 1, bars: run(0, 5, 200) },
  ]);
  const first = [...(await (await openOn(disk.io())).open(BTC, 0)).snapshot.files.keys()][0];
  flipIn(disk, `/data/main/crypto/BTC~2FUSDT/1m/${first}`, chance(5));
  const store = await openOn(disk.io());
  await put(store, { load: 'b', batch: 0, bars });
  assert.deepEqual([...(await store.open(BTC)).snapshot.files.keys()], [first]);
  await assertStore(store, { rows: { 'main/crypto/BTC~2FUSDT/1m': bars } });
});

test('B7: what the frames read they have proved: an input with another checksum is refused', async () => {
  const disk = await baseDisk();
  const store = await openOn(disk.io());
  const request = await requestOf(store, RICH_ORDER);
  const lying = request.inputs.map(i => ({ ...i, sha256: '0'.repeat(64) }));
  await assert.rejects(
    inlineFrames(disk.io()).merge({
      series: 'lying',
      inputs: lying,
      files: [],
      held: [],
      answered: [],
      timeframe: '1m',
      rule: 'newer',
      sliceRows: 100,
      outFolder: '/data/.tapekeep/candidates/rich',
    }),
    { code: 'FILE_DAMAGED' },
  );
});
