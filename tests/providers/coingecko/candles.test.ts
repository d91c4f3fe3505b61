import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { readCandles } from '../../../src/providers/coingecko/candles.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';

const END = Date.UTC(2024, 2, 8, 4);
/** Stamped with their ends, every four hours. */
const candles = [0, 1, 2].map(i => [END + i * 4 * HOUR, 100 + i, 104, 99, 101 + i]);
const wrong = (e: unknown) => isTapekeepError(e, 'ANSWER_WRONG');

describe('candles of CoinGecko', () => {
  test('a candle is stamped with its end, and becomes its beginning; there is no volume, not even 0', () => {
    const [bar] = toRows(readCandles(candles, 'acme 4h', '4h'));
    assert.deepEqual(bar, {
      ts: END - 4 * HOUR,
      open: 100,
      high: 104,
      low: 99,
      close: 101,
      volume: null,
      turnover: null,
      trades: null,
      source: 'coingecko',
    });
  });

  test('D8: candles of another length are found out, also where they lie on the same grid', () => {
    assert.throws(() => readCandles(candles, 'acme 30m', '30m'), wrong);
    assert.throws(() => readCandles(candles, 'acme 1d', '1d'), wrong);
    const mixed = [[END - 30 * MINUTE, 1, 1, 1, 1], ...candles];
    assert.throws(() => readCandles(mixed, 'acme 4h', '4h'), wrong);
  });

  test('a candle that is missing does not make the others longer', () => {
    const four = [...candles, [END + 5 * 4 * HOUR, 100, 104, 99, 101]];
    assert.equal(countOf(readCandles(four, 'acme 4h', '4h')), 4);
  });

  test('D7: what is no list of candles is none', () => {
    for (const other of [null, {}, { error: 'no' }, { prices: [[END, 1]] }, [[END, 1]], [END]])
      assert.throws(() => readCandles(other, 'acme 4h', '4h'), wrong);
  });

  test('an empty list has no bars', () => assert.equal(countOf(readCandles([], 'acme 4h', '4h')), 0));
});

describe('recorded answers of CoinGecko', { skip: noFixtures }, () => {
  test('ohlc-bitcoin-7d-usd.json has 42 candles, the last of which was still to end', () => {
    const bars = readCandles(fixtureJson('coingecko/ohlc-bitcoin-7d-usd.json'), 'bitcoin 4h', '4h');
    assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1)], [42, Date.UTC(2021, 4, 8, 16), Date.UTC(2021, 4, 15, 12)]);
  });

  for (const file of ['1d-5min', '30d-hourly', '90d-daily'])
    test(`market_chart-bitcoin-${file}.json holds single prices and rolling volumes: no bars are made of it`, () => {
      assert.throws(() => readCandles(fixtureJson(`coingecko/market_chart-bitcoin-${file}.json`), 'bitcoin 4h', '4h'), wrong);
    });
});
