/** A disk that is really full in the middle of a load: the version before is readable, the load waits and says so, and goes on by itself. */
import assert from 'node:assert/strict';
import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { mountSmall, unmount, whyNoSmallDisk } from '../small-disk.js';
import { House, minutes, pages } from './house.js';
import { until } from './until.js';

const skip = whyNoSmallDisk();

test('B1: ENOSPC in the middle of a load: it waits as DISK_FULL and goes on by itself when there is room', { skip }, async () => {
  const house = await House.make({ exchange: { latencyMs: 100 }, set: { 'disk.floor': 0 } });
  const { data, folder } = house;
  const log = join(folder, 'tapekeep.log');
  // The database of the server and the log have room of their own: only tables and staging meet the full disk.
  const server = join(data, '.tapekeep', 'temporal');
  mountSmall(data, 8);
  mountSmall(server, 300);
  after(async () => {
    await house.quiet();
    for (const place of [server, data]) unmount(place);
    await house.end();
  });
  await house.start(undefined, { 'logs.file': log });
  const client = await house.client();
  await client.load({ symbol: 'BTCUSDT', timeframe: '1m', provider: 'simulated', ...pages(5) });
  const ballast = join(data, 'ballast');
  const troubles: string[] = [];
  const loading = client.load(
    { symbol: 'BTCUSDT', timeframe: '1m', provider: 'simulated', ...pages(200) },
    { onTrouble: reason => troubles.push(reason ?? 'none') },
  );
  const asked = house.journal('BTCUSDT').length;
  await until(
    () => (house.journal('BTCUSDT').length > asked + 8 ? true : undefined),
    () => 'the load to be in the middle of its fetching',
  );
  const { bavail, bsize } = await statfs(data);
  // The load takes some of it meanwhile: either way the disk is full.
  await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => {});
  // What failed in the middle of a step is in the log; tried again, the step waits for room before it begins.
  await until(
    async () => (/no room on the disk/.test(await readFile(log, 'utf8')) ? true : undefined),
    () => 'a write to meet the full disk',
  );
  await until(
    () => (troubles.some(told => /no room on the disk|are free on the disk/.test(told)) ? true : undefined),
    () => 'the load to tell what it waits for',
  );
  const store = await house.store(true);
  const before = await store.open(minutes('BTCUSDT'));
  assert.ok((await store.read(before)).height >= 480, 'the version before is readable');
  await store.close();
  await rm(ballast);
  const [loaded] = await loading;
  assert.equal(loaded?.outcome, 'done');
  await house.assertTables({ BTCUSDT: pages(200) });
});
