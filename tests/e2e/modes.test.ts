/** What a load looks at, and from which end it works, as its order says. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { interval } from '../../src/model/interval.js';
import { idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { House, minutes, pages, START } from './house.js';

const LATER = START + 2_000 * MINUTE;

describe('the modes of a load', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ exchange: { quietShare: 0, latencyMs: 0 }, set: { 'worker.batchBars': 500, 'revisions.sessions': 0 } });
    await house.start();
  });
  after(() => house.end());

  test('backfill, tail and full: before what is there, behind it, and everything between', async () => {
    const client = await house.client();
    const of = async (mode: 'backfill' | 'tail' | 'full', from: number, to: number) => {
      const before = house.journal('MODES').length;
      const [loaded] = await client.load({ symbol: 'MODES', timeframe: '1m', from, to, mode });
      const asked = house.journal('MODES').slice(before);
      return { added: loaded?.added, asked: [Math.min(...asked.map(a => a.from)), Math.max(...asked.map(a => a.to))] };
    };
    const at = (bars: number) => LATER + bars * MINUTE;
    assert.deepEqual(await of('full', at(0), at(100)), { added: 100, asked: [at(0), at(100)] });
    assert.deepEqual(await of('tail', at(-100), at(200)), { added: 100, asked: [at(100), at(200)] });
    assert.deepEqual(await of('backfill', at(-100), at(300)), { added: 100, asked: [at(-100), at(0)] });
    assert.deepEqual(await of('full', at(-200), at(300)), { added: 200, asked: [at(-200), at(300)] });
  });

  test('newest first: the last year can be used while the first is still to come', async () => {
    const client = await house.client({ 'worker.first': 'newest' });
    await client.load({ symbol: 'NEWEST', timeframe: '1m', ...pages(20) });
    const store = await house.store();
    const begins = [];
    for (const { version } of await store.history(minutes('NEWEST'), 10)) {
      const { holdings } = await store.open(minutes('NEWEST'), version);
      begins.unshift(holdings.coverage.map(i => (i.from - START) / MINUTE).join());
      assert.equal(holdings.coverage.at(-1)?.to, pages(20).to, `version ${version} reaches to the end`);
    }
    await store.close();
    assert.deepEqual(begins, ['1600', '1200', '800', '400', '0']);
    await house.assertTables({ NEWEST: pages(20) });
  });

  test('local: what is there is read again and what is missing is counted, and no source hears of it', async () => {
    const client = await house.client();
    await client.load({ symbol: 'LOOK', timeframe: '1m', ...pages(5) });
    const before = house.journal().length;
    const whole = interval(START, START + 800 * MINUTE);
    const [looked] = await client.load({ symbol: 'LOOK', timeframe: '1m', ...whole, mode: 'local' });
    const { files = 0, ...found } = looked?.checked ?? {};
    assert.ok(files >= 1);
    assert.deepEqual(found, { rows: 500, missing: 300 });
    assert.deepEqual([looked?.outcome, looked?.versions, house.journal().length - before], ['nothing', [], 0]);
    const [fresh] = await client.load({ symbol: 'NEVER', timeframe: '1m', ...pages(1), mode: 'local' });
    assert.deepEqual(fresh?.checked, { files: 0, rows: 0, missing: 100 });
  });

  test('local: a file that was damaged is named, and nothing else is touched', async () => {
    const client = await house.client();
    await client.load({ symbol: 'HURT', timeframe: '1m', ...pages(5) });
    const folder = join(house.data, idOf(minutes('HURT')));
    const file = join(folder, readdirSync(folder).find(name => name.endsWith('.parquet')) as string);
    const bytes = readFileSync(file);
    bytes[200] = (bytes[200] as number) ^ 1;
    writeFileSync(file, bytes);
    const look = client.load({ symbol: 'HURT', timeframe: '1m', ...pages(5), mode: 'local' });
    await assert.rejects(look, error => isTapekeepError(error) && error.code === 'FILE_DAMAGED' && /HURT 1m/.test(error.message));
  });
});
