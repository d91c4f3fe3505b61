/** Every version of a table, as delta-rs and polars see it: the same rows as ours, without any code of ours. */
import assert from 'node:assert/strict';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Bars, barsFrom, COLUMNS, concatBars, sliceBars } from '../../src/model/bars.js';
import { idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import type { Store } from '../../src/store/index.js';
import { pythonForTests } from '../python.js';
import { bars, put, SERIES, T0, testFolder, testStore } from '../store/fixture.js';
import { type PythonReader, READERS, startPython } from './python-reader.js';

type Columns = Record<string, (number | string | null)[]>;
interface Seen {
  readonly types: Record<string, string>;
  readonly columns: Columns;
}

const { python, skip } = await pythonForTests();
const reader = python === undefined ? undefined : startPython(python);
after(() => reader?.close());
const ask: PythonReader['ask'] = request => (reader as PythonReader).ask(request);

/** Numbers that a careless writer would round, and values that were not stated. */
const ODD: Bars = barsFrom([
  { ts: T0, open: 0.1 + 0.2, high: 1e300, low: 5e-324, close: 1 / 3, volume: 2 ** 53, turnover: 1e-7, trades: 2 ** 53 - 1, source: 'a' },
  { ts: T0 + MINUTE, open: 1, high: 1, low: 1, close: 1, source: 'zürich/β' },
  { ts: T0 + 2 * MINUTE, open: null, high: null, low: null, close: 123456.789, volume: 0, turnover: null, trades: 0, source: 'a' },
]);

/** Create, append, insert before the first bar, replace some, and a commit that only says "asked, not there". */
async function writeVersions(store: Store): Promise<void> {
  await put(store, ODD, { load: 'create' });
  await put(store, bars(T0 + 10 * MINUTE, 500), { load: 'append' });
  await put(store, bars(T0 - 50 * MINUTE, 20, { source: 'early' }), { load: 'insert' });
  await put(store, bars(T0 + 100 * MINUTE, 50, { close: 200.25, source: 'newer' }), { load: 'replace' });
  const empty = { from: T0 + 10_000 * MINUTE, to: T0 + 10_010 * MINUTE };
  await put(store, sliceBars(ODD, 0, 0), { load: 'answer', inputs: [], answered: [empty] });
  await put(store, concatBars([bars(T0 + 600 * MINUTE, 5), bars(T0 - 100 * MINUTE, 5)]), { load: 'both-ends' });
}
const VERSIONS = [0, 1, 2, 3, 4, 5];

async function ourColumns(store: Store, version: number): Promise<Columns> {
  const frame = await store.read(await store.open(SERIES, version));
  const rows = frame.toRecords() as Record<string, number | bigint | string | null | Date>[];
  const plain = (value: (typeof rows)[number][string] | undefined) =>
    value instanceof Date ? value.getTime() * 1000 : typeof value === 'bigint' ? Number(value) : (value ?? null);
  return Object.fromEntries(COLUMNS.map(name => [name, rows.map(row => plain(row[name]))]));
}

const TYPES = {
  ts: "Datetime(time_unit='us', time_zone='UTC')",
  ...Object.fromEntries(['open', 'high', 'low', 'close', 'volume', 'turnover'].map(name => [name, 'Float64'])),
  trades: 'Int64',
  source: 'String',
};

async function assertAllSee(store: Store, table: string, version: number): Promise<void> {
  const ours = await ourColumns(store, version);
  for (const by of READERS) {
    const theirs = await ask<Seen>({ op: 'rows', by, table, version });
    assert.deepEqual(theirs.columns, ours, `${by}, version ${version}`);
    assert.deepEqual(theirs.types, TYPES, by);
  }
}

test('polars and delta-rs read at every version the rows that we read', { skip }, async t => {
  const store = await testStore(t);
  await writeVersions(store);
  const table = join(store.house.root, idOf(SERIES));
  for (const version of VERSIONS) await assertAllSee(store, table, version);
  const newest = await ask<Seen>({ op: 'rows', by: 'polars', table });
  assert.deepEqual(newest.columns, await ourColumns(store, 5));
});

test('what we read is what was written: the numbers exact, the unstated null', { skip }, async t => {
  const store = await testStore(t);
  await put(store, ODD);
  const { columns } = await ask<Seen>({ op: 'rows', by: 'deltalake', table: join(store.house.root, idOf(SERIES)) });
  assert.deepEqual(columns.open, [0.1 + 0.2, 1, null]);
  assert.deepEqual(columns.low, [5e-324, 1, null]);
  assert.deepEqual(columns.trades, [2 ** 53 - 1, null, 0]);
  assert.deepEqual(columns.source, ['a', 'zürich/β', 'a']);
  assert.deepEqual(
    columns.ts,
    [0, 1, 2].map(i => (T0 + i * MINUTE) * 1000),
  );
});

test('they read every version through checkpoints alone', { skip }, async t => {
  const store = await testStore(t);
  await writeVersions(store);
  for (const version of VERSIONS) {
    await store.checkpoint(SERIES, version);
    const copy = join(await testFolder(t), 'table');
    await cp(join(store.house.root, idOf(SERIES)), copy, { recursive: true });
    await withoutEntries(copy);
    await assertAllSee(store, copy, version);
    for (const name of await readdir(join(store.house.root, idOf(SERIES), '_delta_log')))
      if (name.includes('checkpoint')) await rm(join(store.house.root, idOf(SERIES), '_delta_log', name));
  }
});

/** Leaves of the log what lies at and behind no checkpoint: nothing but the newest checkpoint. */
async function withoutEntries(table: string): Promise<void> {
  const log = join(table, '_delta_log');
  const newest = Math.max(...(await readdir(log)).flatMap(name => /^(\d+)\.checkpoint\.parquet$/.exec(name)?.[1] ?? []).map(Number));
  for (const name of await readdir(log)) if (/^\d+\.json$/.test(name)) await rm(join(log, name));
  assert.ok(newest >= 0);
}

test('they read on from a checkpoint through the entries behind it', { skip }, async t => {
  const store = await testStore(t);
  await writeVersions(store);
  await store.checkpoint(SERIES, 3);
  const table = join(store.house.root, idOf(SERIES));
  for (const name of await readdir(join(table, '_delta_log'))) if (/^0*[0-3]\.json$/.test(name)) await rm(join(table, '_delta_log', name));
  for (const version of [3, 4, 5]) await assertAllSee(store, table, version);
});

test('they read the configuration and the lineage of the log', { skip }, async t => {
  const store = await testStore(t);
  await writeVersions(store);
  const table = join(store.house.root, idOf(SERIES));
  const found = await ask<{ version: number; id: string; name: string; configuration: Record<string, string> }>({ op: 'metadata', table });
  const { snapshot } = await store.open(SERIES);
  assert.equal(found.version, 5);
  assert.equal(found.id, snapshot.metaData.id);
  assert.equal(found.name, 'BTC/USDT 1m');
  assert.deepEqual(found.configuration, snapshot.metaData.configuration);
  const { history } = await ask<{ history: Record<string, unknown>[] }>({ op: 'history', table });
  assert.deepEqual(
    history.map(entry => (entry.tapekeep as { load: string }).load),
    ['both-ends', 'answer', 'replace', 'insert', 'append', 'create'],
  );
});

test('they read a table whose holdings moved to a file, across the checkpoints that come by themselves', { skip }, async t => {
  const store = await testStore(t, { checkpointEvery: 10 });
  const answered = Array.from({ length: 200 }, (_, i) => ({ from: T0 + 10 * i * MINUTE, to: T0 + (10 * i + 5) * MINUTE }));
  await put(store, bars(T0, 5), { load: 'many', answered });
  for (let i = 1; i <= 12; i++) await put(store, bars(T0 + 10 * i * MINUTE, 5), { load: 'many', batch: i });
  const table = join(store.house.root, idOf(SERIES));
  const { configuration } = (await store.open(SERIES)).snapshot.metaData;
  assert.match(configuration['tapekeep.holdings'] ?? '', /^\{"sha256":/);
  for (const version of [0, 9, 10, 12]) await assertAllSee(store, table, version);
});
