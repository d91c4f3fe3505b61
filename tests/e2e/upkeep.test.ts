/** Upkeep on a real daemon: files are folded, versions go, low disks hold loads up and let them go on. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { idOf } from '../../src/model/series.js';
import { House, minutes, pages } from './house.js';
import { until } from './until.js';

const house = await House.make({ set: { 'keep.days': 0, 'keep.versions': 1, 'keep.graceHours': 0, 'store.checkpointEvery': 5 } });
after(() => house.end());
afterEach(() => house.leave());

const BTC = { symbol: 'BTCUSDT', timeframe: '1m' };
const span = (from: number, to: number) => ({ from: pages(from).to, to: pages(to).to });

test('below the floor no segment is begun, the reason is told, and the load goes on by itself when there is room', async () => {
  const daemon = await house.start(undefined, { 'disk.floor': 900_000 });
  const client = await house.client();
  let trouble = '';
  const loading = client.load(
    { symbol: 'ETHUSDT', timeframe: '1m', provider: 'simulated', ...span(0, 2) },
    { onTrouble: reason => (trouble = reason ?? trouble) },
  );
  await until(
    () => (/disk\.floor/.test(trouble) ? true : undefined),
    () => 'the load to tell that it waits for room',
  );
  assert.equal(house.journal('ETHUSDT').length, 0, 'nothing was asked for');
  await daemon.end();
  await house.serve();
  const [loaded] = await loading;
  assert.equal(loaded?.outcome, 'done');
});

test('small files are folded and old versions go, by hand, while the daemon serves; the bars stay what they were', async () => {
  await house.serve();
  const client = await house.client();
  for (let i = 0; i < 4; i++) await client.load({ ...BTC, provider: 'simulated', ...span(i, i + 1) });
  const before = await client.history(BTC);
  assert.equal(before.length, 4);
  const folded = await client.upkeep('compact', BTC);
  assert.deepEqual(
    folded.compacted.map(f => [f.series, f.files, f.version, f.error]),
    [['BTCUSDT 1m', 4, 4, null]],
  );
  const again = await client.upkeep('compact');
  assert.deepEqual(again.compacted, []);
  for (let i = 0; i < 3; i++) await client.upkeep('vacuum', BTC);
  const folder = join(house.data, idOf(minutes('BTCUSDT')));
  assert.equal((await readdir(folder)).filter(name => name.endsWith('.parquet')).length, 1);
  assert.deepEqual(
    (await client.history(BTC)).map(e => e.version),
    [4],
  );
  const whole = await client.upkeep('vacuum');
  assert.ok(whole.whole, 'what lies beside the tables was swept');
  await house.assertTables({ BTCUSDT: { from: pages(0).to, to: pages(4).to } });
});
