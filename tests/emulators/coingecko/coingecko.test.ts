/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same bars. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCandles } from '../../../src/providers/coingecko/candles.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { shapeOf } from '../shape.js';
import { recorded } from '../truth.js';
import { answerCoinGecko } from './coingecko.js';

/** When the answer was recorded. */
const NOW = Date.UTC(2021, 4, 15, 15, 34, 27);
const FILE = 'coingecko/ohlc-bitcoin-7d-usd.json';

describe('the emulator of CoinGecko answers as CoinGecko did', { skip: noFixtures }, () => {
  const ask = (query: string) => {
    const truth = recorded('bitcoin', readCandles(fixtureJson(FILE), 'bitcoin', '4h'));
    const settings = { truth, key: 'key', plan: 'demo' as const, coins: [{ id: 'bitcoin', symbol: 'btc', name: 'Bitcoin' }] };
    return answerCoinGecko(settings, NOW, new URL(`/api/v3/coins/bitcoin/ohlc?${query}`, 'http://127.0.0.1'), 'key');
  };

  test('candles of seven days, the last of which is still to end', () => {
    assert.deepEqual(ask('days=7&vs_currency=usd').body, fixtureJson(FILE));
  });

  test('a parameter that is missing', () => {
    const { status, body } = ask('days=7');
    assert.equal(status, 422);
    assert.deepEqual(body, fixtureJson('coingecko/errors/422-missing-parameter.json'));
  });

  test('the limit', () => {
    const { body } = answerCoinGecko(
      { truth: () => undefined, key: 'key', plan: 'demo', coins: [] },
      NOW,
      new URL('http://127.0.0.1/api/v3/coins/bitcoin'),
      undefined,
    );
    assert.deepEqual(shapeOf(body), shapeOf(fixtureJson('coingecko/errors/429.json')));
  });
});
