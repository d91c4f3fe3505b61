/** The disk of the server's database is really full: loads stand still, lose nothing, and go on by themselves when there is room. */

import assert from 'node:assert/strict';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { mountSmall, unmount, whyNoSmallDisk } from '../small-disk.js';
import { House, pages } from './house.js';
import { until } from './until.js';

const skip = whyNoSmallDisk();

test('B2: ENOSPC for the database of the server in the middle of a load: it stands still, and goes on by itself when there is room', {
  skip,
}, async () => {
  const house = await House.make({ exchange: { latencyMs: 100 }, set: { 'worker.fetchesAtOnce': 2 } });
  const server = join(house.data, '.tapekeep', 'temporal');
  mountSmall(server, 64);
  after(async () => {
    await house.quiet();
    unmount(server);
    await house.end();
  });
  await house.start();
  const client = await house.client();
  await client.load({ symbol: 'BTCUSDT', timeframe: '1m', provider: 'simulated', ...pages(5) });
  const asked = house.journal('BTCUSDT').length;
  const loading = client.load({ symbol: 'BTCUSDT', timeframe: '1m', provider: 'simulated', ...pages(200) });
  await until(
    () => (house.journal('BTCUSDT').length > asked + 8 ? true : undefined),
    () => 'the load to be in the middle of its fetching',
  );
  const ballast = join(server, 'ballast');
  const { bavail, bsize } = await statfs(server);
  await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => {});
  assert.ok((await statfs(server)).bavail < 256, 'the disk of the server is full');
  let still = 0;
  let before = -1;
  await until(
    () => {
      const now = house.journal('BTCUSDT').length;
      still = now === before ? still + 1 : 0;
      before = now;
      return still >= 20 ? true : undefined;
    },
    () => 'the load to stand still',
  );
  assert.ok(before < 205, `it stands still before its end: ${before} pages were asked for`);
  await rm(ballast);
  const [loaded] = await loading;
  assert.equal(loaded?.outcome, 'done');
  await house.assertTables({ BTCUSDT: pages(200) });
});
