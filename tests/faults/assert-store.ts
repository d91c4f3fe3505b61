/**
 * The invariants of a store, asked after every fault case. I1: every version reads back as it was first seen. I2: a
 * version is there whole. I3: one commit for each load, batch and plan. I5: every bar lies in coverage. I6: after a
 * sweep staging holds only open loads. What a lone store cannot tell (I4: who sent a bar) a test says by `rows`.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type pl from 'nodejs-polars';
import { type Bar, VALUES } from '../../src/model/bars.js';
import { contains } from '../../src/model/interval.js';
import { idOf, type Series } from '../../src/model/series.js';
import { numbersOf } from '../../src/store/frames/frame.js';
import type { Store, Table } from '../../src/store/index.js';
import { errnoOf } from '../../src/store/io.js';
import { firstReadable, listLog } from '../../src/store/log/log.js';

/** What each version of each series was when it was first seen. */
export type Memory = Map<string, string>;

export interface Expected {
  readonly memory?: Memory;
  /** The rows of the newest version of each series, by its id. */
  readonly rows?: Readonly<Record<string, readonly Bar[]>>;
  /** Which versions are read; all of them unless a test has too many. */
  readonly versions?: (latest: number) => Iterable<number>;
  /** Sweeps first, and looks at what is left beside the tables. */
  readonly swept?: boolean;
}

export async function assertStore(store: Store, { memory, rows = {}, versions = upTo, swept = false }: Expected = {}) {
  if (swept) await store.sweep();
  const all = await store.list();
  for (const series of all) await assertSeries(store, series, memory, versions);
  for (const [id, expected] of Object.entries(rows)) {
    const series = all.find(s => idOf(s) === id);
    assert.ok(series || expected.length === 0, `${id} is not there`);
    if (series) assert.deepEqual(await readAll(store, await store.open(series)), expected, `${id} has other rows`);
  }
  if (swept) await assertSwept(store);
}

function* upTo(latest: number): Generator<number> {
  for (let v = 0; v <= latest; v++) yield v;
}

async function assertSeries(
  store: Store,
  series: Series,
  memory: Memory | undefined,
  versions: NonNullable<Expected['versions']>,
): Promise<void> {
  const latest = (await store.open(series)).snapshot.version;
  const first = await assertLog(store, series, latest);
  for (const version of versions(latest)) {
    if (version < first) continue;
    const table = await store.open(series, version);
    const frame = await store.read(table);
    assertTimes(table, numbersOf(frame).bars.ts);
    if (!memory) continue;
    const key = `${idOf(series)}@${version}`;
    const print = createHash('sha256')
      .update(JSON.stringify([barsOf(frame), table.holdings, [...table.snapshot.files.values()]]))
      .digest('hex');
    assert.equal(print, memory.get(key) ?? print, `I1: ${key} is not what it was`);
    memory.set(key, print);
  }
}

/** The log: no version is missing from the oldest that is kept on, each is sealed to the one before, and no request is in it twice. */
async function assertLog(store: Store, series: Series, latest: number): Promise<number> {
  const names = await listLog(store.house.objects, idOf(series));
  const first = firstReadable(names);
  const kept = names.versions.filter(version => version >= first);
  assert.deepEqual(kept, [...upTo(latest)].slice(first), 'the log lacks versions');
  const requests = new Set<string>();
  let before: string | null = null;
  for (const entry of (await store.history(series)).reverse()) {
    const facts = entry.commitInfo?.tapekeep;
    assert.ok(facts, `version ${entry.version} is not ours`);
    assert.ok(
      facts.previous === before || (entry.version === first && first > 0),
      `version ${entry.version} does not follow the one before it`,
    );
    before = facts.seal;
    const request = `${facts.load}/${facts.batch}/${facts.plan}`;
    assert.ok(!requests.has(request), `I3: ${request} was committed twice`);
    requests.add(request);
  }
  return first;
}

function assertTimes(table: Table, times: Float64Array): void {
  times.forEach((ts, i) => {
    const before = times[i - 1] ?? Number.NEGATIVE_INFINITY;
    if (!(ts > before)) assert.fail(`bar ${ts} is there twice or out of order`);
    if (!contains(table.holdings.coverage, ts)) assert.fail(`I5: bar ${ts} lies outside coverage`);
  });
  const counted = [...table.snapshot.files.values()].reduce((n, f) => n + f.rows, 0);
  assert.equal(times.length, counted, 'the log counts other rows than there are');
}

export async function assertSwept(store: Store): Promise<void> {
  const { loads, unreadable } = await store.openLoads();
  const open = new Set([...loads.map(l => l.load), ...unreadable]);
  const { folders } = store.house;
  for (const path of await filesBelow(store, folders.staging)) assert.ok(!path.endsWith('.tmp'), `I6: ${path} is left`);
  for (const parent of [folders.pages, folders.candidates]) {
    for (const { name } of await store.house.io.list(parent)) assert.ok(open.has(name), `I6: ${parent}/${name} is left of a closed load`);
  }
  assert.deepEqual(await store.house.io.list(folders.temp), [], 'I6: temporary files are left');
}

export async function filesBelow(store: Store, folder: string): Promise<string[]> {
  const entries = await store.house.io.list(folder).catch(error => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const below = entries.map(e => (e.folder ? filesBelow(store, join(folder, e.name)) : [join(folder, e.name)]));
  return (await Promise.all(below)).flat();
}

/** The bars of a table as plain objects. */
export async function readAll(store: Store, table: Table): Promise<Bar[]> {
  return barsOf(await store.read(table));
}

/** Row by row in one call: a column at a time costs a hundred times as much for tables as small as these. */
export function barsOf(frame: pl.DataFrame): Bar[] {
  return frame.toRecords().map(row => {
    const bar: Bar = { ts: (row.ts as unknown as Date).getTime(), source: row.source as string };
    for (const name of VALUES) bar[name] = row[name] as number | null;
    return bar;
  });
}
