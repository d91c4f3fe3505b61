import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '../../src/model/errors.js';
import type { Store } from '../../src/store/index.js';
import { sha256Of } from '../../src/store/publish.js';
import { assertStore, readAll } from './assert-store.js';
import type { MemoryDisk } from './memory-disk.js';
import { BTC, baseDisk, CREATE_ORDER, FIRST_ORDERS, type Order, openOn, put, RICH_ORDER, rowsAfter, run } from './scene.js';

const TABLE = '/data/main/crypto/BTC~2FUSDT/1m';
const entry = (version: number): string => `${TABLE}/_delta_log/${String(version).padStart(20, '0')}.json`;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Versions 0 to 4; the checkpoint is at 3. */
const ORDERS = [...FIRST_ORDERS, RICH_ORDER, { ...CREATE_ORDER, load: 'last', bars: run(200, 204) }];

interface Broken {
  readonly id: string;
  readonly what: string;
  readonly break: (disk: MemoryDisk) => void;
  /** What opening and reading the newest version comes to. */
  readonly expected: ErrorCode | 'reads';
  /** The newest version before it that still reads. */
  readonly readable: number;
}

const cut = (path: string, bytes: number) => (disk: MemoryDisk) => disk.put(path, disk.bytes(path).subarray(0, bytes));
const without =
  (...paths: string[]) =>
  (disk: MemoryDisk) => {
    for (const path of paths) assert.ok(disk.files.delete(path));
  };
const dataFile = (disk: MemoryDisk): string => {
  const add = text(disk.bytes(entry(4)))
    .split('\n')
    .find(line => line.startsWith('{"add"'));
  return `${TABLE}/${(JSON.parse(add as string) as { add: { path: string } }).add.path}`;
};
const noCheckpoint = (disk: MemoryDisk) => {
  for (const path of disk.paths(/checkpoint/)) disk.files.delete(path);
};

const BROKEN: readonly Broken[] = [
  {
    id: 'B8',
    what: 'a data file that is missing',
    break: disk => without(dataFile(disk))(disk),
    expected: 'FILE_MISSING',
    readable: 3,
  },
  {
    id: 'B8',
    what: 'a data file cut in its footer',
    break: disk => cut(dataFile(disk), disk.bytes(dataFile(disk)).length - 7)(disk),
    expected: 'FILE_DAMAGED',
    readable: 3,
  },
  { id: 'B8', what: 'a data file of no bytes', break: disk => cut(dataFile(disk), 0)(disk), expected: 'FILE_DAMAGED', readable: 3 },
  {
    id: 'B8',
    what: 'files that nobody knows, in the table and in its log',
    break: disk => {
      disk.put(`${TABLE}/stray.parquet`, new Uint8Array(99));
      disk.put(`${TABLE}/_delta_log/notes.txt`, new Uint8Array(9));
      disk.put(`${TABLE}/_delta_log/.00000000000000000009.json.tmp`, new Uint8Array(9));
      disk.put('/data/main/crypto/README', new Uint8Array(9));
    },
    expected: 'reads',
    readable: 3,
  },
  { id: 'B9', what: 'a log whose last entry is torn', break: cut(entry(4), 300), expected: 'LOG_CORRUPT', readable: 3 },
  {
    id: 'B9',
    what: 'a log whose last entry ends after a whole line',
    break: disk => cut(entry(4), text(disk.bytes(entry(4))).indexOf('\n') + 1)(disk),
    expected: 'LOG_CORRUPT',
    readable: 3,
  },
  { id: 'B9', what: 'a log whose last entry has no bytes', break: cut(entry(4), 0), expected: 'LOG_CORRUPT', readable: 3 },
  {
    id: 'B9',
    what: 'a log that lacks a version',
    break: disk => {
      noCheckpoint(disk);
      without(entry(2))(disk);
    },
    expected: 'LOG_GAP',
    readable: 1,
  },
  {
    id: 'B9',
    what: 'a log that lacks its first version',
    break: disk => {
      noCheckpoint(disk);
      without(entry(0))(disk);
    },
    expected: 'LOG_GAP',
    readable: -1,
  },
  {
    id: 'B9',
    what: 'a log with an entry of another version in its place',
    break: disk => {
      noCheckpoint(disk);
      disk.put(entry(2), disk.bytes(entry(1)));
    },
    expected: 'LOG_CORRUPT',
    readable: 1,
  },
  {
    id: 'B9',
    what: 'a log whose entry was edited and sealed anew',
    break: disk => {
      noCheckpoint(disk);
      const open = text(disk.bytes(entry(1)))
        .replace('"by":"test"', '"by":"else"')
        .replace(/"seal":"[0-9a-f]{64}"/, `"seal":"${'0'.repeat(64)}"`);
      disk.put(entry(1), new TextEncoder().encode(open.replace('0'.repeat(64), sha256Of(new TextEncoder().encode(open)))));
    },
    expected: 'LOG_CORRUPT',
    readable: 0,
  },
  {
    id: 'B9',
    what: 'a checkpoint that lies: another Parquet file under its name',
    break: disk => {
      const path = `${TABLE}/_delta_log/${'3'.padStart(20, '0')}.checkpoint.parquet`;
      disk.put(path, disk.bytes(dataFile(disk)));
    },
    expected: 'reads',
    readable: 3,
  },
  {
    id: 'B9',
    what: 'a checkpoint that lies: that of another version under this name, checksum and all',
    break: disk => {
      for (const path of disk.paths(/3\.checkpoint/)) disk.put(path.replace('3.checkpoint', '4.checkpoint'), disk.bytes(path));
    },
    expected: 'reads',
    readable: 3,
  },
  {
    id: 'B9',
    what: 'a checkpoint cut in half',
    break: disk => cut(disk.paths(/checkpoint\.parquet$/)[0] as string, 700)(disk),
    expected: 'reads',
    readable: 3,
  },
  {
    id: 'B9',
    what: 'a hint at a checkpoint that is not there',
    break: disk => disk.put(`${TABLE}/_delta_log/_last_checkpoint`, new TextEncoder().encode('{"version":77,"size":3}')),
    expected: 'reads',
    readable: 3,
  },
  {
    id: 'B9',
    what: 'a checkpoint that cannot be believed, with the entries behind it gone',
    break: disk => {
      cut(disk.paths(/checkpoint\.parquet$/)[0] as string, 700)(disk);
      without(entry(0), entry(1))(disk);
    },
    expected: 'LOG_GAP',
    readable: -1,
  },
];

const readNewest = async (store: Store) => readAll(store, await store.open(BTC));

async function assertVerdict(broken: Broken): Promise<void> {
  const disk = await baseDisk(ORDERS);
  broken.break(disk);
  const store = await openOn(disk.io());
  if (broken.expected === 'reads') {
    assert.deepEqual(await readNewest(store), rowsAfter(ORDERS));
    await assertStore(store);
    return;
  }
  const before = disk.paths(/./);
  await assert.rejects(readNewest(store), { code: broken.expected });
  await assert.rejects(put(await openOn(disk.io()), { ...RICH_ORDER, load: 'over', bars: run(195, 210, 300) }), {
    code: broken.expected,
  });
  const left = disk.paths(/./).filter(path => !path.includes('.tapekeep'));
  assert.deepEqual(
    left,
    before.filter(path => !path.includes('.tapekeep')),
    'something was written into a broken table',
  );
  if (broken.readable >= 0) {
    const rows = await readAll(store, await store.open(BTC, broken.readable));
    assert.deepEqual(rows, rowsAfter(ORDERS.slice(0, broken.readable + 1)), 'an earlier version is not readable');
  }
}

for (const broken of BROKEN.filter(b => b.id === 'B8')) test(`B8: ${broken.what}: ${broken.expected}`, () => assertVerdict(broken));
for (const broken of BROKEN.filter(b => b.id === 'B9')) test(`B9: ${broken.what}: ${broken.expected}`, () => assertVerdict(broken));

test('B9: a version that another process committed on a checkpoint is read without the checkpoint as well', async () => {
  const disk = await baseDisk(ORDERS.slice(0, 4));
  await put(await openOn(disk.io()), ORDERS[4] as Order);
  noCheckpoint(disk);
  assert.deepEqual(await readNewest(await openOn(disk.io())), rowsAfter(ORDERS));
});

test('B8: other intervals of a table with a damaged file are read as before', async () => {
  const disk = await baseDisk(ORDERS);
  cut(dataFile(disk), 100)(disk);
  const store = await openOn(disk.io());
  const table = await store.open(BTC);
  const early = await store.read(table, { interval: { from: 0, to: (run(200, 201)[0] as { ts: number }).ts } });
  assert.equal(early.height, rowsAfter(ORDERS).length - 4);
});

test('B9: a table of a newer program is refused for reading and writing, and is left as it is', async () => {
  const disk = await baseDisk([CREATE_ORDER]);
  const foreign = text(disk.bytes(entry(0)))
    .split('\n')
    .filter(line => line.startsWith('{"metaData"') || line.startsWith('{"protocol"'))
    .join('\n')
    .replaceAll('tapekeep', 'other')
    .replace('"minReaderVersion":1', '"minReaderVersion":3');
  disk.put(entry(1), new TextEncoder().encode(`${foreign}\n`));
  await assert.rejects(openOn(disk.io()).then(readNewest), { code: 'LOG_NEWER' });
  await assert.rejects(
    openOn(disk.io()).then(store => put(store, RICH_ORDER)),
    { code: 'LOG_NEWER' },
  );
});
