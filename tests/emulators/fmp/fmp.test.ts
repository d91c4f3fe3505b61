/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same bars. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Timeframe } from '../../../src/model/timeframe.js';
import { readRows } from '../../../src/providers/fmp/rows.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { shapeOf } from '../shape.js';
import { recorded } from '../truth.js';
import { answerFmp } from './fmp.js';

const NOW = Date.UTC(2026, 10, 20);

describe('the emulator of FMP answers as FMP did', { skip: noFixtures }, () => {
  const ask = (file: string, timeframe: Timeframe, path: string) => {
    const { bars } = readRows(fixtureJson(file), 'AAPL', timeframe);
    const settings = {
      truth: recorded('AAPL', bars),
      key: 'key',
      mostDays: {},
      split: 1,
      premium: [],
      profiles: {},
      splits: {},
      dividends: {},
    };
    return answerFmp(settings, NOW, new URL(path, 'http://127.0.0.1'), 'key');
  };

  test('days', () => {
    const file = 'fmp/historical-price-eod-full-AAPL.json';
    const { body } = ask(file, '1d', '/stable/historical-price-eod/full?symbol=AAPL&from=2023-01-01&to=2023-01-10');
    assert.deepEqual(shapeOf(body), shapeOf(fixtureJson(file)));
    assert.deepEqual(readRows(body, 'AAPL', '1d'), readRows(fixtureJson(file), 'AAPL', '1d'));
  });

  test('minutes', () => {
    const file = 'fmp/historical-chart-1min-AAPL-one-row.json';
    const { body } = ask(file, '1m', '/stable/historical-chart/1min?symbol=AAPL&from=2025-02-04&to=2025-02-04');
    assert.deepEqual(body, fixtureJson(file));
  });

  test('an unknown symbol, and the former interface', () => {
    const file = 'fmp/historical-price-eod-full-AAPL.json';
    assert.deepEqual(ask(file, '1d', '/stable/historical-price-eod/full?symbol=NONE').body, fixtureJson('fmp/empty.json'));
    const { status, body } = ask(file, '1d', '/api/v3/historical-price-full/AAPL');
    assert.equal(status, 403);
    assert.deepEqual(shapeOf(body), shapeOf(fixtureJson('fmp/errors/403-legacy.json')));
  });
});
