/** A daemon that is killed while it asks, and started again: what a source allows holds over that, and a source that rests goes on resting. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { answerPolygon } from '../emulators/polygon/polygon.js';
import { FOR_EVER, tradedExtended } from '../providers/extended.js';
import { House } from './house.js';
import type { Daemon } from './process.js';
import { until } from './until.js';

const KEY = 'emulated-key';
const KEYS = ['POLYGON_KEY', 'FMP_API_KEY'];
/** As the defaults are: the daemon is told a little less than the source allows. */
const [TOLD, ALLOWED] = [120, 132];
const PER_DAY = 7;
const FAILURES = 3;
const COINS = ['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT'];
const STOCKS = ['AAPL', 'MSFT', 'KO', 'IBM', 'GE'];
const TODAY = Math.floor(Date.now() / DAY) * DAY;
const TWO_MONTHS = { from: TODAY - 62 * DAY, to: TODAY - 2 * DAY };
const MONTH = { from: '2023-11-15', to: '2023-12-15' };

interface Request {
  readonly at: number;
  readonly weight: number;
}

/** The most that was asked for in any one minute. */
const fastest = (all: readonly Request[]): number =>
  Math.max(0, ...all.map(({ at }) => all.filter(r => r.at >= at && r.at < at + MINUTE).reduce((sum, r) => sum + r.weight, 0)));

describe('a daemon that is killed while ten loads ask three sources', { timeout: 480_000 }, () => {
  let house: House;
  const emulators: Emulator[] = [];
  const weights: Request[] = [];
  const days: number[] = [];
  let failed = 0;
  before(async () => {
    const start = async (answer: Parameters<typeof startEmulator>[0]): Promise<string> => {
      const emulator = await startEmulator(answer, { now: Date.now });
      emulators.push(emulator);
      return emulator.url;
    };
    const binance = createBinanceAnswers({
      truth: (symbol, timeframe, interval) => truth({ quietShare: 0, outages: [] }, symbol, timeframe, interval),
      market: 'spot',
      symbols: Object.fromEntries(COINS.map(symbol => [symbol, { first: Date.UTC(2020, 0, 1) }])),
      minuteWeight: 1_000_000,
      patience: 5,
      banMs: MINUTE,
    });
    const polygon = {
      truth: tradedExtended(Object.fromEntries(STOCKS.map(symbol => [symbol, FOR_EVER]))),
      key: KEY,
      depthMs: 9_000 * DAY,
      delayMs: 0,
      nextHost: 'https://api.massive.com',
      mostBase: 2_000,
      split: 1,
      listRows: 9,
      tickers: Object.fromEntries(STOCKS.map(symbol => [symbol, { list_date: '2017-08-17' }])),
      splits: [],
      dividends: [],
    };
    for (const name of KEYS) process.env[name] = KEY;
    house = await House.make({
      set: {
        'providers.binance.baseUrl': await start(({ url }) => {
          weights.push({ at: performance.now(), weight: url.pathname.endsWith('/klines') ? 2 : 20 });
          return binance(Date.now(), url);
        }),
        'providers.binance.archiveUrl': null as never,
        'providers.binance.perMinute': TOLD,
        'providers.polygon.baseUrl': await start(({ url, headers }) => {
          days.push(Math.floor(Date.now() / DAY));
          return answerPolygon(polygon, Date.now(), url, headers.authorization);
        }),
        'providers.polygon.plan': 'advanced',
        'providers.polygon.perMinute': 100_000,
        'providers.polygon.perDay': PER_DAY,
        'providers.fmp.baseUrl': await start(() => {
          failed++;
          return { status: 503, body: 'busy' };
        }),
        'providers.fmp.plan': 'paid',
        'providers.fmp.perMinute': 100_000,
        'breaker.failures': FAILURES,
        'breaker.restSeconds': 900,
        'worker.loadsAtOnce': 10,
        'revisions.sessions': 0,
      },
    });
  });
  after(async () => {
    for (const name of KEYS) delete process.env[name];
    await house.end();
    for (const emulator of emulators) await emulator.close();
  });

  type Client = Awaited<ReturnType<House['client']>>;
  const leave = new AbortController();
  const loads: Promise<unknown>[] = [];

  /** Orders a load, and resolves when it says that it waits for the source. */
  async function sentAway(client: Client, provider: string, symbol: string): Promise<void> {
    let words = '';
    const asked = client.loadEach(
      { symbol, timeframe: '1m', assetClass: 'stock', dataset: provider, calendar: 'XNYS', provider, ...MONTH },
      { onProgress: p => (words = p.words), signal: leave.signal },
    );
    loads.push(asked.catch(() => {}));
    await until(
      () => words.startsWith(`Waiting for ${provider} until`) || undefined,
      () => `${symbol} to wait for ${provider}; it says: ${words}`,
      120_000,
    );
  }

  test('A1, C5: over two kills no minute has more requests than it may, no day more than its quota, and a source that rests is left alone', async () => {
    let daemon: Daemon = await house.start();
    const client = await house.client();
    const coins = { symbol: COINS, timeframe: '1m', provider: 'binance', ...TWO_MONTHS };
    loads.push(client.loadEach(coins, { signal: leave.signal }).catch(() => {}));
    await Promise.all(STOCKS.slice(0, 3).flatMap(symbol => ['polygon', 'fmp'].map(provider => sentAway(client, provider, symbol))));
    const atRest = failed;
    assert.ok(atRest >= FAILURES, 'the breaker is open');
    for (const symbol of STOCKS.slice(3)) {
      const asked = weights.length;
      await until(
        () => weights.length > asked + 3 || undefined,
        () => 'the source of coins to be asked again',
      );
      await daemon.end('SIGKILL');
      daemon = await house.start();
      // Somebody new wants the very sources that have nothing to give.
      await Promise.all(['polygon', 'fmp'].map(provider => sentAway(client, provider, symbol)));
    }
    const begun = weights[0]?.at ?? 0;
    await until(
      () => (weights.at(-1)?.at ?? 0) > begun + MINUTE || undefined,
      () => 'a minute of requests that has both kills in it, or is behind them',
      120_000,
    );
    leave.abort('enough');
    await Promise.all(loads);
    assert.ok(fastest(weights) <= ALLOWED, `${fastest(weights)} in a minute, and ${ALLOWED} are allowed`);
    for (const day of new Set(days))
      assert.ok(days.filter(d => d === day).length <= PER_DAY, `${days.length} requests on a day of ${PER_DAY}`);
    assert.ok(days.length >= PER_DAY - 1, 'what a day allows was used');
    assert.equal(failed, atRest, 'the source at rest was not asked once');
  });
});
