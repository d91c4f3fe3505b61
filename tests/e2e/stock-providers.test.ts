/** Stocks from sources on the network, through the real daemon and workflow: what is stored is what was traded, by the calendar. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Bar, toRows } from '../../src/model/bars.js';
import type { Interval } from '../../src/model/interval.js';
import type { Series } from '../../src/model/series.js';
import { DAY } from '../../src/model/timeframe.js';
import { answerAlphaVantage } from '../emulators/alpha-vantage/alpha-vantage.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { answerTiingo, MOST_ROWS } from '../emulators/tiingo/tiingo.js';
import type { Truth } from '../emulators/truth.js';
import { answerYahoo } from '../emulators/yahoo/yahoo.js';
import { readAll } from '../faults/assert-store.js';
import { traded } from '../providers/xnys.js';
import { stock } from '../providers/yahoo/emulation.js';
import { House } from './house.js';

const KEY = 'emulated-key';
const TODAY = Math.floor(Date.now() / DAY) * DAY;
/** Shares are traded whole. */
const truth: Truth = (...asked) => {
  const bars = traded(['AAPL'])(...asked);
  return bars && { ...bars, volume: bars.volume.map(Math.round) };
};
const YEAR: Interval = { from: Date.UTC(2023, 10, 1), to: Date.UTC(2024, 10, 1) };
const SPLITS = [
  { at: Date.UTC(2024, 5, 10, 13, 30), numerator: 4, denominator: 1 },
  { at: Date.UTC(2025, 1, 3, 14, 30), numerator: 10, denominator: 1 },
];

describe('stocks from sources on the network', { timeout: 600_000 }, () => {
  let house: House;
  const emulators: Emulator[] = [];
  before(async () => {
    const start = async (answer: Parameters<typeof startEmulator>[0]): Promise<string> => {
      const emulator = await startEmulator(answer, { now: Date.now });
      emulators.push(emulator);
      return emulator.url;
    };
    const first = Date.UTC(2017, 7, 17);
    const shares = [stock('AAPL', { splits: SPLITS })];
    const tiingo = { truth, key: KEY, tickers: { AAPL: { first } }, mostRows: MOST_ROWS };
    const alpha = { truth, key: KEY, premium: true, symbols: { AAPL: { first } } };
    process.env.TIINGO_API_KEY = KEY;
    process.env.ALPHA_VANTAGE_API_KEY = KEY;
    house = await House.make({
      set: {
        'providers.yahoo.baseUrl': await start(({ url }) => answerYahoo({ truth, shares }, Date.now(), url)),
        'providers.tiingo.baseUrl': await start(({ url, headers }) => answerTiingo(tiingo, Date.now(), url, headers.authorization)),
        'providers.alpha-vantage.baseUrl': await start(({ url }) => answerAlphaVantage(alpha, Date.now(), url)),
        'providers.yahoo.perMinute': 100_000,
        'providers.tiingo.perMinute': 100_000,
        'providers.alpha-vantage.perMinute': 100_000,
        'revisions.sessions': 0,
      },
    });
    await house.start();
  });
  after(async () => {
    delete process.env.TIINGO_API_KEY;
    delete process.env.ALPHA_VANTAGE_API_KEY;
    await house.end();
    for (const emulator of emulators) await emulator.close();
  });

  const stored = async (series: Series): Promise<Bar[]> => {
    const store = await house.store();
    const rows = await readAll(store, await store.open(series));
    await store.close();
    return rows;
  };
  const expected = (series: Series, within: Interval, source: string): Bar[] =>
    toRows(truth(series.symbol, series.timeframe, within)!).map(bar => ({
      ...bar,
      turnover: null,
      trades: null,
      source,
    }));

  const cases: readonly [provider: string, timeframe: Series['timeframe'], within: Interval][] = [
    ['yahoo', '1d', YEAR],
    ['yahoo', '1m', { from: TODAY - 16 * DAY, to: TODAY - 2 * DAY }],
    ['yahoo', '1h', { from: TODAY - 100 * DAY, to: TODAY - 2 * DAY }],
    ['tiingo', '1d', YEAR],
    ['tiingo', '5m', { from: Date.UTC(2023, 10, 1), to: Date.UTC(2024, 0, 1) }],
    ['alpha-vantage', '1d', YEAR],
    ['alpha-vantage', '30m', { from: Date.UTC(2023, 10, 1), to: Date.UTC(2024, 3, 1) }],
  ];
  for (const [provider, timeframe, within] of cases)
    test(`${timeframe} of ${provider} are what was traded`, async () => {
      const client = await house.client();
      const series: Series = { dataset: provider, assetClass: 'stock', symbol: 'AAPL', timeframe };
      await client.load({ ...series, provider, ...within });
      const [found, real] = [await stored(series), expected(series, within, provider)];
      assert.equal(found.length, real.length);
      for (const [i, bar] of found.entries()) assert.deepEqual(bar, real[i]);
    });

  test('D15: what was asked today is counted, and told with what is left; no file of it holds a key', async t => {
    const all = await (await house.client()).providers();
    if (Date.now() >= TODAY + DAY) return t.skip('the day has turned since it was asked, and what is left with it');
    const left = (name: string) => all.find(source => source.name === name)?.leftToday ?? 0;
    const [, tiingo, alpha] = emulators;
    assert.deepEqual([1_000 - left('tiingo'), 25 - left('alpha-vantage')], [tiingo?.requests(), alpha?.requests()]);
    const folder = join(house.folder, 'budgets');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.json'));
    assert.ok(files.some(name => name.startsWith('tiingo-')));
    for (const file of files) assert.ok(!readFileSync(join(folder, file), 'utf8').includes(KEY) && !file.includes(KEY));
  });
});
