/** A data folder copied as `cp -r` does it, one file after another, while loads commit and upkeep folds; and opened elsewhere. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import type { Store } from '../../src/store/index.js';
import type { Io } from '../../src/store/io.js';
import { readAll } from './assert-store.js';
import { MemoryDisk } from './memory-disk.js';
import { BTC, baseDisk, FIRST_ORDERS, openOn, put, RICH_ORDER, ROOT, run } from './scene.js';

const ELSEWHERE = '/mnt/second disk/of another';
const BEFORE = [...FIRST_ORDERS, RICH_ORDER];

type Turn = (names: string[]) => string[];
const TURNS: Readonly<Record<string, Turn>> = {
  'the log first': names => names.sort((a, b) => Number(b.startsWith('_')) - Number(a.startsWith('_')) || a.localeCompare(b)),
  'the log last': names => names.sort((a, b) => Number(a.startsWith('_')) - Number(b.startsWith('_')) || a.localeCompare(b)),
  'the newest names first': names => names.sort().reverse(),
};

/** Copies one file each time it is asked to; names are listed when their folder is come to, as readdir gives them. */
function* copying(from: MemoryDisk, to: MemoryDisk, turn: Turn): Generator<void> {
  const below = (folder: string): string[] => [
    ...new Set(
      [...from.files.keys()]
        .filter(path => path.startsWith(`${folder}/`))
        .map(path => path.slice(folder.length + 1).split('/', 1)[0] as string),
    ),
  ];
  function* folder(path: string): Generator<void> {
    for (const name of turn(below(path))) {
      const inner = `${path}/${name}`;
      if (from.files.has(inner)) to.put(ELSEWHERE + inner.slice(ROOT.length), from.bytes(inner));
      else yield* folder(inner);
      yield;
    }
  }
  yield* folder(ROOT);
}

/** The seam of a disk on which something else happens before every `pace`-th operation. */
function between(io: Io, pace: number, happen: () => void): Io {
  let operations = 0;
  const count = () => ++operations % pace === 0 && happen();
  return Object.fromEntries(
    Object.entries(io).map(([name, operate]) => [
      name,
      (...args: never[]) => {
        count();
        return (operate as (...args: never[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Io;
}

async function printOf(store: Store, version: number): Promise<string> {
  const table = await store.open(BTC, version);
  const facts = [await readAll(store, table), table.holdings, [...table.snapshot.files.values()]];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** What a load and upkeep do while the copy is under way: appends, a replacement, a checkpoint, a folding. */
async function goOn(store: Store): Promise<void> {
  for (let i = 0; i < 3; i++) await put(store, { load: `meanwhile-${i}`, batch: 0, bars: run(300 + 10 * i, 304 + 10 * i) });
  await put(store, { load: 'meanwhile-again', batch: 0, bars: run(5, 15, 400) });
  await store.change({ id: 'meanwhile-folded', series: BTC, by: 'test', change: { kind: 'compact', which: 'all' }, silenceMs: 10_000 });
  await store.sweep();
}

for (const [what, turn] of Object.entries(TURNS)) {
  test(`F2: a data folder copied while it is written, ${what}, has every version that there was when the copy began`, async () => {
    for (const pace of [1, 5]) {
      const disk = await baseDisk(BEFORE);
      const before = await openOn(disk.io());
      const latest = (await before.open(BTC)).snapshot.version;
      const prints = await Promise.all(Array.from({ length: latest + 1 }, (_, version) => printOf(before, version)));
      const second = new MemoryDisk();
      const copy = copying(disk, second, turn);
      await goOn(await openOn(between(disk.io(), pace, () => copy.next())));
      for (const _ of copy);
      const store = await openOn(second.io(), ELSEWHERE);
      for (const [version, print] of prints.entries())
        assert.equal(await printOf(store, version), print, `version ${version}, pace ${pace}`);
      await assertNewest(store, second, latest);
    }
  });
}

/** The newest of a copy is whole, or what it lacks is told, and a repair makes it whole. */
async function assertNewest(store: Store, disk: MemoryDisk, latest: number): Promise<void> {
  // What came too late for the log of the copy is in no version of it.
  const flaws = (await store.verify(BTC, { deep: true })).flaws.filter(({ kind }) => kind !== 'orphan');
  const newest = async () => {
    const table = await store.open(BTC);
    await readAll(store, table);
    return table.snapshot.version;
  };
  const read = await newest().catch(error => error as Error);
  if (read instanceof Error) {
    assert.ok(isTapekeepError(read, 'FILE_MISSING'), String(read));
    assert.ok(flaws.length > 0, 'what is missing was not told');
    await store.mend(BTC, 'mending');
    await store.change({ id: 'mending', series: BTC, by: 'test', change: { kind: 'repair' }, silenceMs: 10_000 });
    assert.ok((await newest()) >= latest, 'repaired, it opens');
  } else assert.deepEqual([flaws, read >= latest], [[], true]);
  assert.equal((await put(store, { load: 'elsewhere', batch: 0, bars: run(500, 505) })).kind, 'committed');
  assert.deepEqual(disk.paths(/^\/data\//), []);
}

test('F2: nothing that is stored tells where it lies', async () => {
  const disk = await baseDisk(BEFORE);
  await goOn(await openOn(disk.io()));
  assert.ok(disk.files.size > 20);
  const telling = disk.paths(/./).filter(path => Buffer.from(disk.bytes(path)).includes(`${ROOT}/`));
  assert.deepEqual(telling, []);
});
