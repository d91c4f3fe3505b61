/** A source that takes every request and answers none: it holds its own places, and nobody else's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DAY } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { House, pages } from './house.js';

const PLACES = 3;
const TODAY = Math.floor(Date.now() / DAY) * DAY;
const SPAN = { from: TODAY - 9 * DAY, to: TODAY - 2 * DAY };

describe('a source that hangs', { timeout: 600_000 }, () => {
  let house: House;
  let binance: Emulator;
  before(async () => {
    const answers = createBinanceAnswers({
      truth: (symbol, timeframe, interval) => truth({ quietShare: 0, outages: [] }, symbol, timeframe, interval),
      market: 'spot',
      symbols: { BTCUSDT: { first: Date.UTC(2020, 0, 1) }, ETHUSDT: { first: Date.UTC(2020, 0, 1) } },
      minuteWeight: 6_000,
      patience: 3,
      banMs: 120_000,
    });
    binance = await startEmulator(({ url }) => answers(Date.now(), url), { now: Date.now });
    house = await House.make({
      exchange: { latencyMs: 0 },
      set: { 'providers.binance.baseUrl': binance.url, 'providers.binance.archiveUrl': null as never, 'worker.fetchesAtOnce': PLACES },
    });
  });
  after(async () => {
    await house.end();
    await binance.close();
  });

  /** When a symbol began is asked for by one row. */
  const pagesAsked = (): number => binance.log.filter(({ url }) => Number(url.searchParams.get('limit')) > 1).length;

  test('while segments of one source hold all of its places and more of them wait, loads of another come to their end', async () => {
    // Each segment of a batch is held, with its heart beating, for as long as the test wants: no time limit ends it.
    const holds = Array.from({ length: PLACES }, (_, index) => `BTCUSDT fetch ${index} before`);
    const daemon = await house.start(holds);
    const client = await house.client();
    const hanging = client.load({ symbol: 'BTCUSDT', timeframe: '1m', provider: 'binance', ...SPAN });
    await daemon.reached(holds);
    const waiting = client.load({ symbol: 'ETHUSDT', timeframe: '1m', provider: 'binance', ...SPAN });
    const others = ['ONE', 'TWO', 'THREE', 'FOUR'];
    const loaded = await Promise.all(others.map(symbol => client.load({ symbol, timeframe: '1m', ...pages(10) })));
    assert.deepEqual(
      loaded.map(([load]) => load?.outcome),
      others.map(() => 'done'),
    );
    assert.equal(pagesAsked(), 0, 'the places of the source are all held, and it has no more of them');
    for (const hold of holds) daemon.release(hold);
    assert.deepEqual(
      (await Promise.all([hanging, waiting])).map(([load]) => load?.outcome),
      ['done', 'done'],
    );
    await house.assertTables(Object.fromEntries(others.map(symbol => [symbol, pages(10)])));
  });
});
