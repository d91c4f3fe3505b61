/** A source that is slow, refuses or repeats itself; a disk without room; a second load of what is there. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import type { SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { triesOf } from './attempts.js';
import { House, minutes, pages, START } from './house.js';
import { assertAskedOnce } from './journal.js';
import { until } from './until.js';

describe('loads that meet with difficulties', { timeout: 600_000 }, () => {
  let house: House;
  afterEach(() => house.end());

  async function loading(exchange: Partial<SimulatedSettings>, set: Record<string, unknown> = {}) {
    house = await House.make({ exchange, set });
    await house.start();
    return house.client();
  }

  const requestOf = (symbol: string, { from, to } = pages(30)) => ({ symbol, timeframe: '1m', from, to });

  test('what is settled is not asked for again: bars, minutes without trades, an outage, the time before the listing', async () => {
    const outages = [{ from: START + 4 * HOUR, to: START + 32 * HOUR }];
    const client = await loading({ latencyMs: 0, listed: START + HOUR, quietShare: 0.05, outages });
    const [first] = await client.load(requestOf('QUIET'));
    assert.equal(first?.outcome, 'done');
    const asked = house.journal().length;
    const [again] = await client.load(requestOf('QUIET'));
    assert.deepEqual([again?.outcome, again?.requests, house.journal().length], ['nothing', 0, asked]);
    const [more] = await client.load(requestOf('QUIET', { from: START, to: pages(31).to }));
    assert.deepEqual([more?.outcome, more?.requests], ['done', 1]);
    await house.assertTables({ QUIET: { from: START, to: pages(31).to } });
  });

  test('D1: a source that serves few requests a second is not asked for more, and the load completes at that pace', async () => {
    const client = await loading({ latencyMs: 0, requestsPerSecond: 10 });
    const begun = performance.now();
    const [loaded] = await client.load(requestOf('SLOWLY', pages(40)));
    const tookMs = performance.now() - begun;
    assert.equal(loaded?.outcome, 'done');
    assert.ok(tookMs > 2_500, `40 pages at 10 a second, 10 of them at once: took ${tookMs} ms`);
    assertAskedOnce(house.journal());
    const tries = await triesOf(house.address, minutes('SLOWLY'));
    assert.ok(tries <= 80, `${tries} tries for 21 steps: refusals are fewer than pages`);
    await house.assertTables({ SLOWLY: pages(40) });
  });

  test('B1: a disk that is full is told of while the load waits for room, and it goes on when there is some', async () => {
    const client = await loading({ faults: [{ request: 10, times: 8, kind: 'error', code: 'DISK_FULL', ms: 1_000 }] });
    const ending = client.load(requestOf('FULL'));
    const trouble = await until(
      async () => (await client.progress('FULL 1m').catch(() => undefined))?.trouble,
      () => 'the trouble to be told',
    );
    assert.match(trouble, /no room on the disk/);
    assert.equal((await ending)[0]?.outcome, 'done');
    await house.assertTables({ FULL: pages(30) });
  });

  test('D3, D6: every third request fails and answers are cut short: the load completes, and no hole is taken for an answer', async () => {
    const faults = Array.from({ length: 12 }, (_, i) => ({
      request: 3 * i + 2,
      kind: i % 2 === 0 ? ('error' as const) : ('truncated' as const),
      ms: 100,
    }));
    const client = await loading({ latencyMs: 5, faults });
    const [loaded] = await client.load(requestOf('FAULTY'));
    assert.equal(loaded?.outcome, 'done');
    await house.assertTables({ FAULTY: pages(30) });
  });

  test('a failure for good keeps the finished segments and says what was kept', async () => {
    const client = await loading(
      { latencyMs: 10, faults: [{ request: 20, times: 1_000, kind: 'error', code: 'ANSWER_WRONG' }] },
      { 'worker.fetchesAtOnce': 2 },
    );
    await assert.rejects(client.load(requestOf('BROKEN')), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'ANSWER_WRONG');
      return true;
    });
    const [held] = await client.list();
    assert.ok(held && held.rows > 1_000 && (held.last ?? 0) < pages(30).to - 60 * MINUTE, 'what came before is in the table');
  });
});
