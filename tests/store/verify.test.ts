import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsFrom } from '../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { isDamage, type Store, type Verified, type VerifyOptions } from '../../src/store/index.js';
import { chance } from '../faults/chance.js';
import type { MemoryDisk } from '../faults/memory-disk.js';
import { answerOf, BTC, baseDisk, CREATE_ORDER, FIRST_ORDERS, openOn, put, RICH_ORDER, requestOf, run, T0 } from '../faults/scene.js';

const TABLE = '/data/main/crypto/BTC~2FUSDT/1m';
const ORDERS = [...FIRST_ORDERS, RICH_ORDER, { ...CREATE_ORDER, load: 'last', bars: run(200, 204) }];
const DEEP: VerifyOptions = { deep: true };

async function seen(spoil: (disk: MemoryDisk, store: Store) => void | Promise<void>, options: VerifyOptions = DEEP): Promise<Verified> {
  const disk = await baseDisk(ORDERS);
  await spoil(disk, await openOn(disk.io()));
  const before = disk.paths(/./);
  const verified = await (await openOn(disk.io())).verify(BTC, options);
  assert.deepEqual(disk.paths(/./), before, 'verify changed the disk');
  return verified;
}

const kinds = ({ flaws }: Verified): string[] => flaws.map(flaw => flaw.kind);
const entry = (version: number): string => `${TABLE}/_delta_log/${String(version).padStart(20, '0')}.json`;
const filesOf = async (store: Store, version?: number) =>
  [...(await store.open(BTC, version)).snapshot.files.keys()].map(path => `${TABLE}/${path}`);

test('a whole series has no flaw, and it is told how much was looked at', async () => {
  const verified = await seen(() => {});
  assert.deepEqual(verified.flaws, []);
  assert.deepEqual([verified.version, verified.entries, verified.checkpoints, verified.rows], [4, 5, 1, 35]);
  assert.ok(verified.bytes > 10_000 && verified.files > 6);
});

test('of a data file that is missing, short or changed it is told which, and of one that only earlier versions name as well', async () => {
  assert.deepEqual(kinds(await seen(async (disk, store) => void disk.files.delete((await filesOf(store))[0] as string))), ['file_missing']);
  const short = async (disk: MemoryDisk, store: Store) => {
    const [path = ''] = await filesOf(store);
    disk.put(path, disk.bytes(path).subarray(0, 40));
  };
  assert.deepEqual(kinds(await seen(short)), ['file_damaged']);
  const old = async (disk: MemoryDisk, store: Store, spoil: 'gone' | 'other') => {
    const now = await filesOf(store);
    const path = (await filesOf(store, 0)).find(file => !now.includes(file)) as string;
    if (spoil === 'gone') disk.files.delete(path);
    else disk.put(path, new Uint8Array(disk.bytes(path).length));
  };
  const gone = await seen((disk, store) => old(disk, store, 'gone'));
  assert.deepEqual([kinds(gone), gone.flaws.some(isDamage)], [['old_file_missing'], false]);
  assert.deepEqual(kinds(await seen((disk, store) => old(disk, store, 'other'))), ['old_file_damaged']);
});

test('of a log it is told what is torn, missing, damaged or out of place', async () => {
  assert.deepEqual(kinds(await seen(disk => disk.put(entry(4), disk.bytes(entry(4)).subarray(0, 300)))).slice(0, 1), ['log_torn']);
  assert.deepEqual(
    kinds(await seen(disk => void disk.files.delete(entry(1)))).filter(kind => kind !== 'orphan'),
    ['log_gap'],
  );
  const flip = (disk: MemoryDisk) => {
    const bytes = Uint8Array.from(disk.bytes(entry(1)));
    bytes[200] = (bytes[200] as number) ^ 1;
    disk.put(entry(1), bytes);
  };
  assert.deepEqual(
    kinds(await seen(flip)).filter(kind => kind !== 'orphan'),
    ['log_corrupt'],
  );
  assert.deepEqual(kinds(await seen(disk => disk.put(entry(2), disk.bytes(entry(1))))).includes('log_corrupt'), true);
});

test('a checkpoint that lies is found by its checksum, one that is sealed and lies by the entries, and one without a checksum is a note', async () => {
  const point = (disk: MemoryDisk, name: RegExp) => disk.paths(name)[0] as string;
  const cut = (disk: MemoryDisk) =>
    disk.put(point(disk, /checkpoint\.parquet$/), disk.bytes(point(disk, /checkpoint\.parquet$/)).subarray(0, 700));
  assert.deepEqual(kinds(await seen(cut)), ['checkpoint_lies']);
  assert.deepEqual(kinds(await seen(disk => void disk.files.delete(point(disk, /checkpoint\.sha256$/)))), ['checkpoint_unproved']);
  const other = async (disk: MemoryDisk) => {
    const apart = await baseDisk([
      { load: 'x', batch: 0, bars: run(0, 3) },
      ...[1, 2, 3].map(n => ({ load: 'x', batch: n, bars: run(n * 10, n * 10 + 3) })),
    ]);
    for (const path of apart.paths(/3\.checkpoint/)) disk.put(path, apart.bytes(path));
  };
  assert.deepEqual(kinds(await seen(other)), ['checkpoint_lies']);
});

test('what is foreign in the folder is a note, and so is a data file that no version names', async () => {
  const verified = await seen(disk => {
    disk.put(`${TABLE}/stray.parquet`, new Uint8Array(9));
    disk.put(`${TABLE}/${'0'.repeat(64)}.parquet`, new Uint8Array(9));
    disk.put(`${TABLE}/_delta_log/notes.txt`, new Uint8Array(9));
    disk.put(`${TABLE}/_holdings/${'1'.repeat(64)}.json`, new Uint8Array(9));
  });
  assert.deepEqual(kinds(verified).sort(), ['foreign', 'foreign', 'orphan', 'orphan']);
  assert.ok(!verified.flaws.some(isDamage));
});

test('holdings that are damaged are found, and damage to those of an earlier version, too', async () => {
  const verified = await seen(disk => {
    for (const path of disk.paths(/_holdings\//)) disk.put(path, new Uint8Array(9));
  });
  assert.ok(kinds(verified).includes('holdings_damaged'));
  assert.ok(verified.flaws.some(isDamage));
});

test('a table of a newer program is told of, and an entry that nothing seals', async () => {
  const verified = await seen(disk => {
    const lines = ['{"protocol":{"minReaderVersion":3,"minWriterVersion":7}}', '{"commitInfo":{"timestamp":1,"engineInfo":"Spark"}}'];
    disk.put(entry(5), new TextEncoder().encode(`${lines.join('\n')}\n`));
  });
  assert.deepEqual(kinds(verified), ['entry_unsealed', 'log_newer']);
});

test('deep: a log that counts other rows than the file holds, and bars outside of coverage, are found', async () => {
  const disk = await baseDisk(ORDERS);
  const store = await openOn(disk.io());
  const { snapshot, holdings } = await store.open(BTC);
  const [file] = [...snapshot.files.values()];
  assert.ok(file);
  const proposal = await store.propose({ id: 'x', series: BTC, by: 'test', change: { kind: 'restore', version: 4 }, silenceMs: 500 });
  await store.commit({ ...proposal, back: [{ ...file, rows: file.rows - 1 }], holdings: { ...holdings, coverage: answerOf(run(0, 24)) } });
  assert.deepEqual(kinds(await store.verify(BTC)), []);
  const found = kinds(await store.verify(BTC, DEEP));
  assert.ok(found.includes('stats_wrong') && found.includes('outside_coverage'), found.join());
});

test('deep: an expected bar that nothing explains is found when the calendar is known', async () => {
  const disk = await baseDisk([{ load: 'a', batch: 0, bars: run(0, 5), answered: [{ from: T0, to: T0 + 8 * 60_000 }] }]);
  const verified = await (await openOn(disk.io())).verify(BTC, { deep: true, calendarOf: async () => CALENDAR_24_7 });
  assert.deepEqual(kinds(verified), ['unaccounted']);
  assert.match(verified.flaws[0]?.says ?? '', /^3 expected bars/);
});

test('a sample looks at so many files, chosen by chance', async () => {
  assert.equal((await seen(() => {}, { sample: 2, random: chance(3) })).files, 2);
  assert.equal((await seen(() => {}, { sample: 999 })).files > 5, true);
});

test('what loads fetched is verified as well, as long as it is there', async () => {
  const disk = await baseDisk(ORDERS);
  const store = await openOn(disk.io());
  const pages = await store.pages<object, { input: never }>('raw-load', 's');
  await pages.append(barsFrom(run(700, 710)), {});
  const { input } = await pages.finish(done => ({ input: done as never }));
  const order = { load: 'raw-load', batch: 0, bars: run(700, 710) };
  await store.write({ ...(await requestOf(store, order)), inputs: [input] });
  assert.deepEqual(kinds(await store.verify(BTC, DEEP)), []);
  const [raw = ''] = disk.paths(/\/raw\/raw-load\//);
  disk.put(raw, new Uint8Array(disk.bytes(raw).length));
  assert.deepEqual(kinds(await store.verify(BTC)), ['raw_damaged']);
  disk.files.delete(raw);
  assert.deepEqual(kinds(await store.verify(BTC)), []);
  assert.equal((await put(store, { ...order, load: 'again', bars: run(720, 722) })).kind, 'committed');
});
