/** Sources that want a key, through the real daemon and workflow: what is stored is what was traded, hours before and after the session included. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Bar, toRows } from '../../src/model/bars.js';
import { type Interval, interval } from '../../src/model/interval.js';
import type { Series } from '../../src/model/series.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { answerAlpaca } from '../emulators/alpaca/alpaca.js';
import { answerCoinGecko } from '../emulators/coingecko/coingecko.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { answerFmp } from '../emulators/fmp/fmp.js';
import { answerPolygon } from '../emulators/polygon/polygon.js';
import { always, type Truth } from '../emulators/truth.js';
import { readAll } from '../faults/assert-store.js';
import { FOR_EVER, tradedExtended } from '../providers/extended.js';
import { traded } from '../providers/xnys.js';
import { House } from './house.js';

const KEY = 'emulated-key';
const KEYS = ['POLYGON_KEY', 'ALPACA_API_KEY', 'ALPACA_SECRET_KEY', 'FMP_API_KEY', 'COINGECKO_API_KEY'];
const YEAR = interval(Date.UTC(2023, 10, 1), Date.UTC(2024, 10, 1));
const MONTH = interval(Date.UTC(2023, 10, 15), Date.UTC(2023, 11, 15));
const NOW = Math.floor(Date.now() / DAY) * DAY;
const wide = tradedExtended({ AAPL: FOR_EVER });
const regular = traded(['AAPL']);
const coins = always(['bitcoin']);

describe('sources that want a key', { timeout: 600_000 }, () => {
  let house: House;
  const emulators: Emulator[] = [];
  before(async () => {
    const start = async (answer: Parameters<typeof startEmulator>[0]): Promise<string> => {
      const emulator = await startEmulator(answer, { now: Date.now });
      emulators.push(emulator);
      return emulator.url;
    };
    const tickers = { AAPL: { list_date: '2017-08-17' } };
    const polygon = { depthMs: 9_000 * DAY, delayMs: 0, nextHost: 'https://api.massive.com', mostBase: 5_000, split: 4, listRows: 9 };
    const none = { splits: [], dividends: [] };
    const alpaca = { truth: { sip: wide, iex: wide }, key: KEY, secret: KEY, recentSip: false, mostBars: 700, split: 4, ...none };
    const profiles = { AAPL: { ipoDate: '2017-08-17', exchange: 'NASDAQ' } };
    const fmp = { truth: regular, key: KEY, mostDays: { '5m': 5 }, split: 4, premium: [], profiles, splits: {}, dividends: {} };
    const gecko = { truth: coins, key: KEY, plan: 'paid' as const, coins: [{ id: 'bitcoin', symbol: 'btc', name: 'Bitcoin' }] };
    for (const name of KEYS) process.env[name] = KEY;
    house = await House.make({
      set: {
        'providers.polygon.baseUrl': await start(({ url, headers }) =>
          answerPolygon({ truth: wide, key: KEY, ...polygon, tickers, ...none }, Date.now(), url, headers.authorization),
        ),
        'providers.alpaca.baseUrl': await start(({ url, headers }) =>
          answerAlpaca(alpaca, Date.now(), url, String(headers['apca-api-key-id']), String(headers['apca-api-secret-key'])),
        ),
        'providers.fmp.baseUrl': await start(({ url, headers }) => answerFmp(fmp, Date.now(), url, String(headers.apikey))),
        'providers.coingecko.baseUrl': `${await start(({ url, headers }) =>
          answerCoinGecko(gecko, Date.now(), url, String(headers['x-cg-pro-api-key'])),
        )}/api/v3`,
        'providers.polygon.plan': 'advanced',
        'providers.fmp.plan': 'paid',
        'providers.coingecko.plan': 'paid',
        'providers.polygon.perMinute': 100_000,
        'providers.alpaca.perMinute': 100_000,
        'providers.fmp.perMinute': 100_000,
        'providers.coingecko.perMinute': 100_000,
        'revisions.sessions': 0,
      },
    });
    await house.start();
  });
  after(async () => {
    for (const name of KEYS) delete process.env[name];
    await house.end();
    for (const emulator of emulators) await emulator.close();
  });

  const stored = async (series: Series): Promise<Bar[]> => {
    const store = await house.store();
    const rows = await readAll(store, await store.open(series));
    await store.close();
    return rows;
  };

  const stock = { assetClass: 'stock', symbol: 'AAPL' } as const;
  const untold = { turnover: null };
  const cases: readonly [string, Pick<Series, 'assetClass' | 'symbol'>, Series['timeframe'], Interval, Truth, Partial<Bar>][] = [
    ['polygon', stock, '1d', YEAR, wide, untold],
    ['polygon', stock, '1m', MONTH, wide, untold],
    ['polygon', stock, '1h', YEAR, wide, untold],
    ['alpaca', stock, '1d', YEAR, wide, untold],
    ['alpaca', stock, '5m', MONTH, wide, untold],
    ['fmp', stock, '1d', YEAR, regular, { ...untold, trades: null }],
    ['fmp', stock, '5m', MONTH, regular, { ...untold, trades: null }],
    ['fmp', stock, '1h', MONTH, regular, { ...untold, trades: null }],
    [
      'coingecko',
      { assetClass: 'crypto', symbol: 'BTC-USD' },
      '1h',
      interval(NOW - 70 * DAY, NOW - 6 * HOUR),
      (_, ...asked) => coins('bitcoin', ...asked),
      { ...untold, trades: null, volume: null },
    ],
  ];
  for (const [provider, instrument, timeframe, within, truth, more] of cases)
    test(`${timeframe} of ${provider} are what was traded`, async () => {
      const client = await house.client();
      const series: Series = { dataset: provider, ...instrument, timeframe };
      await client.load({ ...series, provider, ...within });
      const real = toRows(truth(series.symbol, timeframe, within)!).map(bar => ({ ...bar, ...more, source: provider }));
      const found = await stored(series);
      assert.equal(found.length, real.length);
      for (const [i, bar] of found.entries()) assert.deepEqual(bar, real[i]);
    });
});
