/** Derived series on a real daemon: they follow their base by themselves, over kills and cancels. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import type { Tapekeep } from '../../src/client/index.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { idOf, type Series } from '../../src/model/series.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import { House, minutes, START } from './house.js';
import { until } from './until.js';

const KEPT = { series: [{ symbol: 'KEPT', timeframe: '1h', derive: '1m' }] };
const STEPS = ['derivePlan', 'deriveMake', 'deriveMerge'].flatMap(step => [`${step} before`, `${step} after`]);
const KILLED = STEPS.map(step => ({ symbol: `K${step.replace(' ', '').toUpperCase()}`, step }));
const HOLDS = [...KILLED.map(({ symbol, step }) => `${symbol} ${step}`), 'CANCELLED deriveMake before'];

describe('derived series', { timeout: 600_000 }, async () => {
  const house = await House.make();
  after(() => house.end());
  afterEach(() => house.leave());

  const hours = (symbol: string): Series => ({ ...minutes(symbol), timeframe: '1h' });
  const base = (symbol: string, to: number) => ({ symbol, timeframe: '1m', provider: 'simulated', from: START, to: START + to });
  const made = (symbol: string) => ({ symbol, timeframe: '1h', derive: '1m' });

  /** Waits until the derived series tells of so many hours, and holds it against its base. */
  async function follows(client: Tapekeep, symbol: string, count: number): Promise<void> {
    await until(
      async () => {
        const table = await client.tables.find(hours(symbol)).catch(() => undefined);
        return table?.holdings.coverage.at(-1)?.to === START + count * HOUR || undefined;
      },
      () => `${symbol} 1h to follow`,
    );
    await equal(client, symbol);
  }

  async function equal(client: Tapekeep, symbol: string): Promise<void> {
    const own = await (await client.read({ symbol, timeframe: '1h' })).collect();
    const read = await (await client.read({ symbol, timeframe: '1m' }, {}, { timeframe: '1h' })).collect();
    assert.deepEqual(own.toRecords(), read.toRecords());
    assert.ok(own.height > 0);
  }

  test('cancelled, nothing has changed and nothing is left; ordered again, it is made', async () => {
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    await client.load(base('CANCELLED', 4 * HOUR));
    const interrupted = new AbortController();
    const loading = client.load(made('CANCELLED'), { signal: interrupted.signal });
    const ended = assert.rejects(loading, (e: unknown) => isTapekeepError(e, 'LOAD_CANCELLED'));
    await daemon.reached(['CANCELLED deriveMake before']);
    interrupted.abort();
    await ended;
    assert.equal(await client.tables.find(hours('CANCELLED')), undefined);
    assert.deepEqual((await client.tables.openLoads()).loads, []);
    daemon.release('CANCELLED deriveMake before');
    const [loaded] = await client.load(made('CANCELLED'));
    assert.equal(loaded?.added, 4);
  });

  test('the daemon is killed in each step of a derivation: the next one goes on, and it is committed once', async () => {
    const symbols = KILLED.map(({ symbol }) => symbol);
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    for (const symbol of symbols) await client.load(base(symbol, 4 * HOUR));
    for (const symbol of symbols) await client.submit(made(symbol));
    await daemon.reached(KILLED.map(({ symbol, step }) => `${symbol} ${step}`));
    await daemon.end('SIGKILL');
    await house.serve(undefined, KEPT);
    const next = await house.client();
    for (const symbol of symbols) {
      await follows(next, symbol, 4);
      assert.equal((await next.history({ symbol, timeframe: '1h' })).length, 1, `${symbol} has one version`);
    }
    await until(
      async () => (await next.tables.openLoads()).loads.length === 0 || undefined,
      () => 'the books to be closed',
    );
  });

  test('it is made when it is asked for, and follows loads, corrections and restores of its base without being asked', async () => {
    await house.serve(undefined, KEPT);
    const client = await house.client();
    await client.load(base('BTCUSDT', 5 * HOUR + 30 * MINUTE));
    const [first] = await client.load(made('BTCUSDT'));
    assert.deepEqual([first?.outcome, first?.added, first?.requests, first?.versions], ['done', 5, 0, [0]]);
    await equal(client, 'BTCUSDT');
    const [again] = await client.load({ symbol: 'BTCUSDT', timeframe: '1h' });
    assert.equal(again?.outcome, 'nothing', 'its table says that it is derived: nothing is fetched');

    await client.load(base('BTCUSDT', 9 * HOUR));
    await follows(client, 'BTCUSDT', 9);
    const ts = START + 2 * HOUR + MINUTE;
    await client.change(base('BTCUSDT', 0), { kind: 'correct', ts, values: { high: 1e6 }, reason: 'a late print' });
    const corrected = async () => (await client.tables.open(hours('BTCUSDT'))).derived?.version === 2 || undefined;
    await until(corrected, () => 'the correction to be followed');
    await equal(client, 'BTCUSDT');
    const [entry] = await client.history({ symbol: 'BTCUSDT', timeframe: '1h' });
    assert.equal(entry?.commitInfo?.tapekeep?.counts.offered, 1, 'one bar was made anew');
    assert.deepEqual(entry?.commitInfo?.tapekeep?.lineage.derived, { from: idOf(minutes('BTCUSDT')), version: 2 });

    await client.change(base('BTCUSDT', 0), { kind: 'restore', version: 0 });
    await follows(client, 'BTCUSDT', 5);
    assert.ok(
      house.journal('BTCUSDT').every(asked => asked.to - asked.from <= 100 * MINUTE),
      'no page of hours was ever asked for',
    );
    await assert.rejects(client.load({ symbol: 'BTCUSDT', timeframe: '1h', provider: 'simulated' }), (e: unknown) =>
      isTapekeepError(e, 'USAGE'),
    );
  });

  test('by the settings it is made with the first version of its base', async () => {
    await house.serve(undefined, KEPT);
    const client = await house.client(KEPT);
    await client.load(base('KEPT', 3 * HOUR));
    await follows(client, 'KEPT', 3);
  });
});
