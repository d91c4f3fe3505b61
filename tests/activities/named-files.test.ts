/** What the log of a series tells of files: a long one is read once, however many files come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areCompared, filesNamed } from '../../src/activities/imports/named-files.js';
import type { Series } from '../../src/model/series.js';

const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' };

/** A series whose versions are counted up, each of a file of its own; it tells how many entries were read. */
function seriesOf(versions: number) {
  const world = { versions, read: 0, writer: 'first' };
  const entryOf = (version: number) => {
    const files = [{ name: `${version}.csv`, sha256: `sha-${version}`, rows: 1 }];
    return { version, commitInfo: { tapekeep: { load: `load-${version}`, seal: `${world.writer}-${version}`, lineage: { files } } } };
  };
  const store = {
    find: async () => ({ snapshot: { version: world.versions - 1, seal: `${world.writer}-${world.versions - 1}` } }),
    history: async (_series: Series, most = Number.POSITIVE_INFINITY) => {
      const all = Array.from({ length: world.versions }, (_, version) => entryOf(version)).reverse();
      const some = all.slice(0, most);
      world.read += some.length;
      return some;
    },
  };
  return { world, house: { store } as never };
}

test('of a series that was read before only newer entries of the log are read', async () => {
  const { world, house } = seriesOf(1_000);
  assert.equal((await filesNamed(house, SERIES)).length, 1_000);
  assert.equal(world.read, 1_000);
  world.versions = 1_003;
  const names = (await filesNamed(house, SERIES)).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), Array.from({ length: 1_003 }, (_, i) => `${i}.csv`).toSorted());
  assert.equal(world.read, 1_004, 'three new ones, and the one that they follow');
  await filesNamed(house, SERIES);
  assert.equal(world.read, 1_004);
});

test('a table that was put in the place of another is read anew, longer or shorter', async () => {
  for (const versions of [20, 5]) {
    const { world, house } = seriesOf(10);
    await filesNamed(house, SERIES);
    Object.assign(world, { versions, writer: 'second' });
    assert.equal((await filesNamed(house, SERIES)).length, versions);
  }
});

test('a file is compared with what others said, unless the same bytes are among it', async () => {
  const { house } = seriesOf(3);
  assert.equal(await areCompared(house, SERIES, 'mine', ['sha-9']), true);
  assert.equal(await areCompared(house, SERIES, 'mine', ['sha-1']), false);
  assert.equal(await areCompared(house, SERIES, 'load-1', ['sha-1']), true, 'its own version is no other');
  const alone = seriesOf(1);
  assert.equal(await areCompared(alone.house, SERIES, 'load-0', ['sha-0']), false);
});
