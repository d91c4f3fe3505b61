/** Readers of other makers, while we commit. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { idOf } from '../../src/model/series.js';
import { pythonForTests } from '../python.js';
import { bars, put, SERIES, T0, testStore } from '../store/fixture.js';
import { READERS, startPython } from './python-reader.js';

const { python, skip } = await pythonForTests();
const COMMITS = 30;
const READS = 30;
const DEADLINE_MS = 60_000;

test('C6: polars and delta-rs reading in a loop during commits always see a whole version', { skip }, async t => {
  const reader = startPython(python as string);
  t.after(() => reader.close());
  const store = await testStore(t, { checkpointEvery: 7, sliceRows: 10 });
  // Three files, all replaced by every commit: in version v each of the 30 bars closes at v, so any mixture shows.
  const commitVersion = (v: number) => put(store, bars(T0, 30, { close: v }), { load: 'all', batch: v });
  await commitVersion(0);
  assert.equal((await store.open(SERIES)).snapshot.files.size, 3);
  for (const by of READERS) await reader.ask({ op: 'watch', by, table: join(store.house.root, idOf(SERIES)) });

  const readsOf = (by: string) => reader.ask<{ reads: number }>({ op: 'seen', by });
  const haveReadEnough = async () => (await Promise.all(READERS.map(readsOf))).every(({ reads }) => reads >= READS);
  const deadline = Date.now() + DEADLINE_MS;
  let version = 0;
  while ((version < COMMITS || !(await haveReadEnough())) && Date.now() < deadline) await commitVersion(++version);

  for (const by of READERS) {
    const { seen, errors } = await reader.ask<{ seen: [number, number, number[]][]; errors: string[] }>({ op: 'stop', by });
    assert.deepEqual(errors, [], by);
    assert.ok(seen.length >= READS, `${by} read ${seen.length} times`);
    for (const [rows, times, closes] of seen) assert.deepEqual([rows, times, closes.length], [30, 30, 1], `${by} saw ${closes}`);
    const versions = seen.map(([, , closes]) => closes[0] as number);
    assert.ok(
      versions.every((v, i) => i === 0 || v >= (versions[i - 1] as number)),
      `${by} went back in time`,
    );
    assert.ok(new Set(versions).size > 3, `${by} saw only ${[...new Set(versions)]}`);
  }
});
