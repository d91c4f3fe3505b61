/** Where bars came from: the archives and the files that a version names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf } from '../../src/client/stored/lineage.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { inlineFrames, openStore } from '../../src/store/index.js';
import { bars, put, T0 } from '../store/fixture.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const sum = (digit: string): string => digit.repeat(64);
const JANUARY = { name: 'BTCUSDT-1m-2024-01.zip', sha256: sum('a') };
const MINE = { name: 'mine.csv', sha256: sum('b'), rows: 5 };

test('a version tells the archives and the files that its bars came in, each once', async t => {
  const scene = await libraryScene(t);
  const store = await openStore({ root: scene.data, frames: inlineFrames(), now: () => T0 });
  t.after(() => store.close());
  const SERIES = ['BTC/USDT', '1m'];
  await put(store, bars(T0, 5), { load: 'fetched' });
  assert.match((await run(scene, 'history', ...SERIES, '--files')).out, /^No bar came in a file/);
  await put(store, bars(T0 + 10 * MINUTE, 5), { load: 'imported', provider: null, files: [MINE] });
  const told = await run(scene, 'history', ...SERIES, '--files');
  assert.deepEqual(
    told.out
      .trimEnd()
      .split('\n')
      .map(line => line.trim().split(/\s+/)),
    [
      ['version', 'file', 'SHA-256'],
      ['1', 'mine.csv', MINE.sha256],
    ],
  );
  const [newest] = JSON.parse((await run(scene, 'history', ...SERIES, '--json')).out);
  assert.deepEqual(newest.files, [{ name: 'mine.csv', sha256: MINE.sha256 }]);

  const [entry] = await store.history({ dataset: 'main', assetClass: 'crypto', symbol: 'BTC/USDT', timeframe: '1m' }, 1);
  const facts = entry?.commitInfo?.tapekeep;
  assert.ok(entry?.commitInfo && facts);
  const raw = [1, 2].map(n => ({ sha256: sum(String(n)), rows: 5, archives: [JANUARY] }));
  const fromArchives = { ...entry, commitInfo: { ...entry.commitInfo, tapekeep: { ...facts, lineage: { ...facts.lineage, raw } } } };
  assert.deepEqual(changeOf(fromArchives).files, [JANUARY, newest.files[0]]);
});
