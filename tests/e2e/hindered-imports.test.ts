/** Imports that somebody or something is in the way of: twins, loads of the same series, a disk that gets full. */
import assert from 'node:assert/strict';
import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MINUTE } from '../../src/model/timeframe.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { put } from '../imports/legacy-files.js';
import { mountSmall, unmount, whyNoSmallDisk } from '../small-disk.js';
import { House, minutes, pages } from './house.js';
import { until } from './until.js';

const FIRST = Date.UTC(2024, 0, 2);
const BATCH = 2_000;

const csvOf = (rows: number): string => {
  const lines = Array.from(
    { length: rows },
    (_, i) => `${(FIRST + i * MINUTE) / 1000},${100 + (i % 50)},${102 + (i % 50)},99,${101 + (i % 50)},${i + 1}`,
  );
  return ['time,open,high,low,close,Volume', ...lines, ''].join('\n');
};

async function volumesOf(house: House, symbol: string): Promise<Map<number, number>> {
  const store = await house.store();
  await assertStore(store, { swept: true });
  const bars = (await readAll(store, await store.open(minutes(symbol)))) as unknown as readonly { ts: number; volume: number }[];
  await store.close();
  const volumes = new Map(bars.map(bar => [bar.ts, bar.volume]));
  assert.equal(volumes.size, bars.length, 'no bar is there twice');
  return volumes;
}

test('two imports of the same file at once store each row once, and one beside a load of the same series loses none', {
  timeout: 600_000,
}, async () => {
  const rows = 6_000;
  const house = await House.make({ set: { 'worker.batchBars': BATCH } });
  after(() => house.end());
  put(house.folder, 'BINANCE_TWINUSDT, 1.csv', csvOf(rows));
  put(house.folder, 'BINANCE_BESIDEUSDT, 1.csv', csvOf(rows));
  await house.start();
  const client = await house.client();
  const take = async (symbol: string) => {
    const { files } = await client.import(join(house.folder, `BINANCE_${symbol}, 1.csv`), { keepLast: true });
    return files[0];
  };
  const twins = await Promise.all([take('TWINUSDT'), take('TWINUSDT')]);
  assert.deepEqual(
    twins.map(twin => [twin?.error, twin && (twin.known || twin.stored + twin.equal === rows)]),
    [
      [null, true],
      [null, true],
    ],
  );
  assert.equal(
    twins.reduce((n, twin) => n + (twin?.stored ?? 0), 0),
    rows,
  );
  assert.equal((await volumesOf(house, 'TWINUSDT')).size, rows);

  const [file, loaded] = await Promise.all([
    take('BESIDEUSDT'),
    client.load({ symbol: 'BESIDEUSDT', timeframe: '1m', provider: 'simulated', ...pages(3) }),
  ]);
  assert.deepEqual([file?.error, file?.stored], [null, rows]);
  assert.deepEqual([loaded[0]?.outcome], ['done']);
  const volumes = await volumesOf(house, 'BESIDEUSDT');
  assert.equal(volumes.size, rows + (loaded[0]?.added ?? 0));
  for (let i = 0; i < rows; i++) assert.equal(volumes.get(FIRST + i * MINUTE), i + 1);
});

test('B1: a disk that gets full in mid-import: it waits, what is stored stays readable, and it goes on by itself when there is room', {
  skip: whyNoSmallDisk(),
  timeout: 600_000,
}, async () => {
  const rows = 60_000;
  const house = await House.make({ set: { 'worker.batchBars': BATCH, 'disk.floor': 0 } });
  const { data, folder } = house;
  const log = join(folder, 'tapekeep.log');
  const server = join(data, '.tapekeep', 'temporal');
  mountSmall(data, 60);
  mountSmall(server, 300);
  after(async () => {
    await house.quiet();
    for (const place of [server, data]) unmount(place);
    await house.end();
  });
  put(folder, 'BINANCE_FULLUSDT, 1.csv', csvOf(rows));
  await house.start(undefined, { 'logs.file': log });
  const client = await house.client();
  const importing = client.import(join(folder, 'BINANCE_FULLUSDT, 1.csv'), { keepLast: true });
  const versions = async () =>
    (await client.list()).some(h => h.series.symbol === 'FULLUSDT') ? await client.history({ symbol: 'FULLUSDT', timeframe: '1m' }) : [];
  await until(
    async () => (await versions()).length >= 1 || undefined,
    () => 'the first version',
  );
  const ballast = join(data, 'ballast');
  const { bavail, bsize } = await statfs(data);
  // The import takes some of it meanwhile: either way the disk is full.
  await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => {});
  await until(
    async () => (/no room on the disk|are free on the disk/.test(await readFile(log, 'utf8')) ? true : undefined),
    () => 'a step to meet the full disk',
  );
  const store = await house.store(true);
  const before = (await store.read(await store.open(minutes('FULLUSDT')))).height;
  await store.close();
  assert.ok(before >= BATCH && before < rows, `${before} rows are readable`);
  await rm(ballast);
  const { files } = await importing;
  assert.deepEqual([files[0]?.error, files[0]?.stored, files[0]?.equal], [null, rows, 0]);
  const volumes = await volumesOf(house, 'FULLUSDT');
  assert.equal(volumes.size, rows);
});
