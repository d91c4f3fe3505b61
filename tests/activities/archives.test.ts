/** An archive that bars were read from is named by the version that they came in with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOnce } from './load.js';
import { scripted, sources } from './scripted.js';
import { loadWorld, orderOf, pages } from './world.js';

const JANUARY = { name: 'BTCUSDT-1m-2024-01.zip', sha256: 'a'.repeat(64) };

test('a version names the archives that its bars came in, each once, with the checksum that was proved', async t => {
  const order = orderOf(pages(160), { provider: 'scripted' });
  // Of the first segment a page comes by a request and the others from one archive; the second segment comes by requests.
  const byRequest = (n: number): boolean => n === 2 || n > 10;
  const source = scripted({ has: () => true, spoil: (n, page) => (byRequest(n) ? page : { ...page, archive: JANUARY }) });
  const { house, steps } = await loadWorld(t, {}, sources(source));
  await loadOnce({ steps }, order);
  const [entry] = (await house.store.history(order.series)).reverse();
  const [first, ...rest] = entry?.commitInfo?.tapekeep?.lineage.raw ?? [];
  assert.deepEqual([first?.rows, first?.archives], [1_000, [JANUARY]]);
  assert.ok(rest.length > 0 && rest.every(raw => raw.archives === undefined));
});
