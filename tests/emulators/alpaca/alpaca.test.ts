/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same bars. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { readBars } from '../../providers/alpaca/samples.js';
import { shapeOf } from '../shape.js';
import { recorded } from '../truth.js';
import { answerAlpaca } from './alpaca.js';

const NOW = Date.UTC(2026, 10, 20);

describe('the emulator of Alpaca answers as Alpaca did', { skip: noFixtures }, () => {
  const ask = (symbol: string, file: string, query: string) => {
    const { bars } = readBars(fixtureJson(file), symbol, '1d');
    const truth = recorded(symbol, bars);
    const settings = {
      truth: { sip: truth, iex: truth },
      key: 'key',
      secret: 'secret',
      recentSip: false,
      mostBars: 10_000,
      split: 1,
      splits: [],
      dividends: [],
    };
    return answerAlpaca(
      settings,
      NOW,
      new URL(`/v2/stocks/bars?symbols=${symbol}&timeframe=1Day&${query}`, 'http://127.0.0.1'),
      'key',
      'secret',
    ).body;
  };

  test('days of a symbol, the last page and one before', () => {
    const file = fixtureJson('alpaca/v2-stocks-bars-1.json');
    const body = ask('AAPL', 'alpaca/v2-stocks-bars-1.json', 'start=2022-02-01T00:00:00Z&end=2022-02-03T00:00:00Z&limit=2');
    const cut = ask('AAPL', 'alpaca/v2-stocks-bars-1.json', 'start=2022-02-01T00:00:00Z&end=2022-02-03T00:00:00Z&limit=1');
    assert.deepEqual(shapeOf(cut), shapeOf(file));
    assert.deepEqual(shapeOf(body), shapeOf({ ...(file as object), next_page_token: null }));
    assert.deepEqual(readBars(body, 'AAPL', '1d').bars, readBars(file, 'AAPL', '1d').bars);
  });

  test('a symbol of several', () => {
    const file = fixtureJson('alpaca/v2-stocks-bars-3.json');
    const body = ask('TSLA', 'alpaca/v2-stocks-bars-3.json', 'start=2022-03-09T05:00:00Z&end=2022-03-09T05:00:00Z');
    assert.deepEqual(readBars(body, 'TSLA', '1d'), { ...readBars(file, 'TSLA', '1d'), symbols: ['TSLA'] });
  });
});
