/** Readers of other makers, while we commit. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { idOf } from '../../src/model/series.js';
import { pythonForTests } from '../python.js';
import { bars, put, SERIES, T0, testStore } from '../store/fixture.js';
import { READERS, startPython } from './python-reader.js';

const { python, skip } = await pythonForTests();
const ENOUGH_READS = 5;
const LEAST_COMMITS = 40;
const STEP = 10;
const DEADLINE_MS = 60_000;

/** Version v holds 10 × (v + 1) bars, and all of them close at v + 1: any mixture of two versions shows. */
const wholeVersion = (rows: number, closes: readonly number[]): number | undefined => {
  const version = rows / STEP - 1;
  return closes.length === 1 && closes[0] === version + 1 ? version : undefined;
};

test('C6: polars and delta-rs reading in a loop during commits always see a whole version', { skip }, async t => {
  const reader = startPython(python as string);
  t.after(() => reader.close());
  const store = await testStore(t, { checkpointEvery: 7 });
  const table = join(store.house.root, idOf(SERIES));
  const commitAll = (version: number) =>
    put(store, bars(T0, STEP * (version + 1), { close: version + 1 }), { load: 'all', batch: version });
  await commitAll(0);
  for (const by of READERS) await reader.ask({ op: 'watch', by, table });
  const deadline = Date.now() + DEADLINE_MS;
  let version = 0;
  const readEnough = async () => {
    const counts = await Promise.all(READERS.map(by => reader.ask<{ reads: number }>({ op: 'seen', by })));
    return counts.every(({ reads }) => reads >= ENOUGH_READS);
  };
  while (version < LEAST_COMMITS || !(await readEnough())) {
    assert.ok(Date.now() < deadline, 'the readers have read too little in a minute');
    await commitAll(++version);
    await pause(1);
  }
  for (const by of READERS) {
    const { seen, errors } = await reader.ask<{ seen: [number, number, number[]][]; errors: string[] }>({ op: 'stop', by });
    assert.deepEqual(errors, [], by);
    const versions = seen.map(([rows, times, closes]) => (rows === times ? wholeVersion(rows, closes) : undefined));
    assert.ok(versions.length >= ENOUGH_READS && !versions.includes(undefined), `${by} saw ${JSON.stringify(seen)}`);
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => (a as number) - (b as number)),
      `${by} went back in time`,
    );
  }
});
