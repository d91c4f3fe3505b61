import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsFrom } from '../../src/model/bars.js';
import { type Input, isDamage } from '../../src/store/index.js';
import { chance, pick } from './chance.js';
import { flipped } from './faulty-io.js';
import type { MemoryDisk } from './memory-disk.js';
import { BTC, baseDisk, FIRST_ORDERS, openOn, RICH_ORDER, requestOf, run } from './scene.js';

const TRIALS = 150;

/** Four versions and their raw files. */
async function base(): Promise<MemoryDisk> {
  const disk = await baseDisk([...FIRST_ORDERS, RICH_ORDER]);
  const store = await openOn(disk.io());
  const order = { load: 'fetched', batch: 0, bars: run(700, 760) };
  const pages = await store.pages<object, { input: Input | null }>(order.load, 'segment');
  await pages.append(barsFrom(order.bars), {});
  const { input } = await pages.finish(done => ({ input: done }));
  await store.write({ ...(await requestOf(store, order)), inputs: [input as Input] });
  return disk;
}

for (const [kind, files] of [
  ['data file', /1m\/[0-9a-f]{64}\.parquet$/],
  ['data file, in its footer', /1m\/[0-9a-f]{64}\.parquet$/],
  ['log entry', /_delta_log\/\d{20}\.json$/],
  ['checkpoint or its checksum', /checkpoint\.(parquet|sha256)$/],
  ['holdings file', /_holdings\//],
  ['raw file', /raw\/fetched\//],
] as const) {
  test(`B7: verify finds a bit flipped anywhere in a ${kind}, in each of ${TRIALS} trials`, async () => {
    const whole = await base();
    assert.deepEqual((await (await openOn(whole.io())).verify(BTC)).flaws, []);
    for (let seed = 1; seed <= TRIALS; seed++) {
      const disk = whole.copy();
      const random = chance(seed);
      const path = pick(random, disk.paths(files));
      const bytes = disk.bytes(path);
      const footer = kind.endsWith('footer') ? bytes.length - 600 : 0;
      const changed = Buffer.concat([bytes.subarray(0, footer), flipped(bytes.subarray(footer), random)]);
      disk.files.set(path, { bytes: Uint8Array.from(changed) });
      const { flaws } = await (await openOn(disk.io())).verify(BTC);
      const found = flaws.filter(isDamage);
      assert.ok(found.length > 0, `seed ${seed}: a flip in ${path} is not found`);
      const beside = path.replace(/sha256$/, 'parquet');
      assert.ok(
        found.some(flaw => flaw.file !== null && beside.endsWith(flaw.file)),
        `seed ${seed}: ${path} is not named, but ${found.map(flaw => flaw.file).join()}`,
      );
    }
  });
}
