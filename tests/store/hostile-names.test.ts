/** Names from outside choose no path: refused, or escaped so that the same name comes back. */
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import type { Series } from '../../src/model/series.js';
import { bars, put, T0, testFolder, testStore } from './fixture.js';

const REFUSED = [
  '',
  '.',
  '..',
  '../x',
  '../../x',
  'a/../b',
  '/etc/passwd',
  '\\\\host\\share',
  '..\\x',
  'a/./b',
  'x'.repeat(300),
  '日'.repeat(60),
  'a\0b',
  'line\nbreak',
  'bell\u0007',
  'right\u202eleft',
  'mark\u200f',
  'zero\u200bwidth',
  ' BTC',
  'BTC ',
];
const ESCAPED = [
  'BTC/USDT',
  'btc_usdt',
  'BTC_USDT',
  'btc/usdt',
  'Btc/Usdt',
  'CON',
  'con',
  'nul.txt',
  'AUX',
  'LPT1',
  'BRK.B',
  '^GSPC',
  'ES=F',
  '.hidden',
  'ends.',
  '~2F',
  '+',
  '%2e%2e%2f',
  'C:X',
  'a*?"<>|b',
  '_delta_log',
  'Ünïcode',
  '日経225',
  '📈',
  '$(touch x)',
  "'; drop",
  '-rf',
];

const treeOf = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).toSorted();
const named = (symbol: string, dataset = 'main'): Series => ({ dataset, assetClass: 'crypto', symbol, timeframe: '1m' });

test('B11: hostile names as symbol and as dataset leave nothing outside the data folder, and come back as they were', async t => {
  const parent = await testFolder(t);
  await mkdir(join(parent, 'x'));
  await writeFile(join(parent, 'passwd'), 'untouched');
  const root = join(parent, 'data');
  const store = await testStore(t, { root });
  const outside = async () => (await treeOf(parent)).filter(path => path !== 'data' && !path.startsWith('data/'));
  const before = await outside();

  for (const name of REFUSED) {
    for (const series of [named(name), named('OK', name)]) {
      const attempts = [
        () => put(store, bars(T0, 1), { series }),
        () => store.open(series),
        () => store.history(series),
        () => store.checkpoint(series),
      ];
      for (const attempt of attempts)
        await assert.rejects(attempt, error => isTapekeepError(error, 'SYMBOL_INVALID'), JSON.stringify(name));
    }
  }
  assert.deepEqual(await store.list(), []);

  for (const [i, name] of ESCAPED.entries()) {
    const { kind } = await put(store, bars(T0, 1, { close: i }), { series: named(name), load: `symbol-${i}` });
    assert.equal(kind, 'committed', name);
  }
  await put(store, bars(T0, 1), { series: named('X', '.Bank/7'), load: 'dataset' });
  assert.deepEqual(await outside(), before);

  const listed = await store.list();
  assert.deepEqual(listed.map(s => `${s.dataset} ${s.symbol}`).toSorted(), [...ESCAPED.map(n => `main ${n}`), '.Bank/7 X'].toSorted());
  for (const [i, name] of ESCAPED.entries()) {
    const frame = await store.read(await store.open(named(name)));
    assert.deepEqual(frame.getColumn('close').toArray(), [i], name);
  }
  const folders = await readdir(join(root, 'main', 'crypto'));
  assert.equal(new Set(folders.map(f => f.toLowerCase())).size, ESCAPED.length, 'they stay apart on a disk that does not tell case');
  for (const folder of folders) assert.match(folder, /^[A-Za-z0-9_=+~-]([A-Za-z0-9._=+~-]*[A-Za-z0-9_=+~-])?$/);
});

test('folders that are no series are not listed', async t => {
  const store = await testStore(t);
  for (const path of ['main/crypto/A/9m/_delta_log', 'main/nothing/A/1m/_delta_log', 'main/crypto/a/1m/_delta_log', 'main/crypto/B/1m']) {
    await mkdir(join(store.house.root, path), { recursive: true });
    await writeFile(join(store.house.root, path, '00000000000000000000.json'), '{}');
  }
  assert.deepEqual(await store.list(), []);
});
