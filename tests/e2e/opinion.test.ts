/** A second opinion goes on with the next daemon, and one that is taken is committed once. */
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { HOUR } from '../../src/model/timeframe.js';
import { House, START } from './house.js';
import { until } from './until.js';

const house = await House.make({ set: { 'revisions.sessions': 0 } });
after(() => house.end());
afterEach(() => house.quiet());

const STEPS = ['opinionPlan', 'opinionAsk', 'opinionTell', 'opinionMerge'].flatMap(step => [`${step} before`, `${step} after`]);
const symbols = STEPS.map(step => `O${step.replace(' ', '').toUpperCase()}`);
const named = (symbol: string) => ({ symbol, timeframe: '1m' });
/** So young that each lacks a part of its volume. */
const EARLY = { 'providers.simulated.revisesMs': 1e12 };

test('the daemon is killed in each step: the next one goes on, and what the source revised is one version more', {
  timeout: 600_000,
}, async () => {
  const first = await house.start(undefined, EARLY);
  const early = await house.client();
  for (const symbol of symbols) await early.load({ ...named(symbol), provider: 'simulated', from: START, to: START + HOUR });
  await early.close();
  await first.end('SIGTERM');

  const daemon = await house.start(STEPS.map((step, i) => `${symbols[i]} ${step}`));
  const client = await house.client();
  const taking = symbols.map(symbol => client.reverify(named(symbol), { sample: 1, take: true }));
  await daemon.reached(STEPS.map((step, i) => `${symbols[i]} ${step}`));
  await daemon.end('SIGKILL');
  await house.start();
  for (const [i, { outcome, counts, taken }] of (await Promise.all(taking)).entries()) {
    const symbol = symbols[i] as string;
    const rows = (await client.list()).find(held => held.series.symbol === symbol)?.rows;
    assert.deepEqual([outcome, counts.different, taken], ['differs', rows, 1], symbol);
    assert.equal((await client.history(named(symbol))).length, 2, `${symbol} has one version more`);
    const again = await client.reverify(named(symbol), { sample: 1 });
    assert.equal(again.outcome, 'agrees');
  }
  await until(
    async () => (await client.tables.openLoads()).loads.length === 0 || undefined,
    () => 'the books to be closed',
  );
});
