import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BTC, baseDisk, FIRST_ORDERS, MINUTE, openOn, requestOf, run, T0 } from '../faults/scene.js';
import { testStore } from './fixture.js';

test('bars that were set aside are listed by the version that left them out, with what they said and why', async t => {
  const store = await testStore(t);
  const [good, bad] = run(300, 302);
  assert.ok(good && bad);
  const order = { load: 'strange', batch: 0, bars: [good, { ...bad, high: 1 }] };
  const market = { calendar: null, tick: null, mayBeNegative: false, statesVolume: true };
  const { version } = await store.write({ ...(await requestOf(store, order)), market });
  const found = [];
  for await (const aside of store.asideBars(BTC)) found.push(aside);
  assert.deepEqual(
    found.map(aside => [
      aside.version,
      aside.provider,
      aside.bars.map(bar => 'ts' in bar && [bar.ts, bar.reason, bar.source, bar.values[1]]),
    ]),
    [[version, 'simulated', [[T0 + 301 * MINUTE, 'nonsense', 'test', 1]]]],
  );
  assert.match(found[0]?.bars[0]?.says ?? '', /the high is not the highest/);
  assert.deepEqual((await store.verify(BTC, { deep: true })).flaws, []);
});

test('files that were set aside are listed with their sizes, and nothing sweeps them', async () => {
  const disk = await baseDisk(FIRST_ORDERS);
  const store = await openOn(disk.io());
  assert.deepEqual(await store.asideFiles(), []);
  disk.put('/data/.tapekeep/quarantine/load/x.parquet', new Uint8Array(5));
  await store.sweep();
  assert.deepEqual(
    (await store.asideFiles()).map(({ file, bytes }) => [file, bytes]),
    [['.tapekeep/quarantine/load/x.parquet', 5]],
  );
});
