/** A source that goes away in the middle of a load: the real daemon goes on with the next one of the rule. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { traded } from '../providers/binance/scene.js';
import { House, minutes } from './house.js';
import { until } from './until.js';

const TODAY = Math.floor(Date.now() / DAY) * DAY;
const SPAN = { from: TODAY - 9 * DAY, to: TODAY - 2 * DAY };
const HOURS_AWAY = 7_200;

describe('a source that goes away', { timeout: 600_000 }, () => {
  let house: House;
  let binance: Emulator;
  before(async () => {
    const symbols = { BTCUSDT: { first: Date.UTC(2017, 7, 17, 4) }, ETHUSDT: { first: Date.UTC(2017, 7, 17, 4) } };
    const answers = createBinanceAnswers({ truth: traded, market: 'spot', symbols, minuteWeight: 6_000, patience: 3, banMs: 120_000 });
    binance = await startEmulator(({ url }) => answers(Date.now(), url), { now: Date.now });
    house = await House.make({
      exchange: { quietShare: 0 },
      set: {
        'providers.binance.baseUrl': binance.url,
        'providers.binance.archiveUrl': null as never,
        rules: { crypto: { primary: 'binance', backup: ['simulated'], mix: 'any' } } as never,
        'worker.fetchesAtOnce': 2,
        'revisions.sessions': 0,
      },
    });
    await house.start();
  });
  after(async () => {
    await house.end();
    await binance.close();
  });

  test('D17: sent away for hours in the middle of a load, it is left alone, another serves the rest, and each bar tells who gave it', async () => {
    const gone = { status: 429, headers: { 'retry-after': String(HOURS_AWAY) }, body: '{}' };
    binance.script({ kind: 'reply', request: 6, times: 1_000, reply: gone });
    const client = await house.client();
    const [loaded] = await client.load({ symbol: 'BTCUSDT', timeframe: '1m', ...SPAN });
    const bars = (SPAN.to - SPAN.from) / MINUTE;
    const { simulated = 0 } = loaded?.stoodIn ?? {};
    assert.ok(simulated > 0 && simulated < bars, `${simulated} bars of another source`);
    const store = await house.store();
    const table = await store.open(minutes('BTCUSDT'));
    const told = (await readAll(store, table)).map(bar => bar.source);
    assert.equal(told.filter(source => source === 'simulated').length, simulated);
    assert.ok(told.includes('binance'));
    const again = table.holdings.ledger.filter(a => a.reason === 'may_change');
    assert.match(again[0]?.evidence ?? '', /stood in for binance/);
    await assertStore(store, {});
    await store.close();
    assert.ok(binance.requests() <= 10, `it was left alone: ${binance.requests()} requests`);
  });

  test('D17: where the source was asked for by name, nobody stands in: the load waits, says until when, and is cancelled with what it has', async () => {
    const client = await house.client();
    const cancelled = new AbortController();
    const words: string[] = [];
    const load = client.loadEach(
      { symbol: 'ETHUSDT', timeframe: '1m', provider: 'binance', ...SPAN },
      { onProgress: p => words.push(p.words), signal: cancelled.signal },
    );
    await until(
      () => words.find(w => w.startsWith('Waiting for binance until ')),
      () => 'the load to say that it waits',
    );
    cancelled.abort('enough');
    const [end] = await load;
    assert.ok(end && 'loaded' in end);
    assert.equal(end.loaded.outcome, 'cancelled');
  });
});
