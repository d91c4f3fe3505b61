/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same rows to the last digit. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bars, emptyBars } from '../../../src/model/bars.js';
import type { Timeframe } from '../../../src/model/timeframe.js';
import { placeRows } from '../../../src/providers/yahoo/bars.js';
import { type Chart, readChart } from '../../../src/providers/yahoo/chart.js';
import { traded } from '../../../src/providers/yahoo/splits.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { shapeOf } from '../shape.js';
import { recorded } from '../truth.js';
import { answerYahoo, type YahooShare } from './yahoo.js';

const LATER = Date.UTC(2025, 1, 20, 11, 47);

const share = (symbol: string, more: Partial<YahooShare> = {}): YahooShare => ({
  symbol,
  kind: 'EQUITY',
  currency: 'USD',
  zone: 'America/New_York',
  first: Date.UTC(1980, 11, 12),
  splits: [],
  dividends: [],
  open: 570,
  close: 960,
  ...more,
});

function chartOf(json: unknown): Chart {
  const answer = readChart(json, 'recorded');
  assert.ok('chart' in answer);
  return answer.chart;
}

function answer(of: YahooShare, bars: Bars, path: string, now = LATER): { status: number; body: unknown } {
  return answerYahoo(
    { truth: recorded(of.symbol, bars), shares: [of] },
    now,
    new URL(`/v8/finance/chart/${of.symbol}?${path}`, 'http://127.0.0.1'),
  );
}

const AAPL = share('AAPL', {
  splits: [{ at: 1_598_880_600_000, numerator: 4, denominator: 1 }],
  dividends: [{ at: 1_604_673_000_000, amount: 0.205 }],
});
const NVDA = share('NVDA', {
  splits: [
    { at: 1_626_787_800_000, numerator: 4, denominator: 1 },
    { at: Date.UTC(2024, 5, 10, 13, 30), numerator: 10, denominator: 1 },
  ],
});

describe('the emulator of Yahoo answers as Yahoo did', { skip: noFixtures }, () => {
  const files: readonly [string, Timeframe, YahooShare, string][] = [
    ['AAPL-1d-split-dividend', '1d', AAPL, 'interval=1d&period1=1598832000&period2=1604707200'],
    ['NVDA-1d-split', '1d', NVDA, 'interval=1d&period1=1612137600&period2=1643587200'],
    [
      'BTC-USD-1d',
      '1d',
      share('BTC-USD', { kind: 'CRYPTOCURRENCY', zone: 'UTC', open: 0, close: 1_440 }),
      'interval=1d&period1=1577836800&period2=1578009600',
    ],
    [
      'EURUSD=X-1d',
      '1d',
      share('EURUSD=X', { kind: 'CURRENCY', zone: 'Europe/London', open: 0, close: 1_440 }),
      'interval=1d&period1=1577836800&period2=1578009600',
    ],
    [
      'WSU.DE-1d',
      '1d',
      share('WSU.DE', { zone: 'Europe/Berlin', open: 540, close: 1_050 }),
      'interval=1d&period1=1691107200&period2=1691539200',
    ],
    ['fund-0P0000XTS7-1d', '1d', share('0P0000XTS7', { kind: 'MUTUALFUND' }), 'interval=1d&period1=1726099200&period2=1726444800'],
  ];
  for (const [file, timeframe, of, path] of files)
    test(file, () => {
      const json = fixtureJson(`yahoo/chart/${file}.json`);
      const sent = chartOf(json);
      const splits = of.splits.map(({ at, numerator, denominator }) => ({ at, ratio: numerator / denominator }));
      const { status, body } = answer(of, placeRows(traded(sent, splits).chart, timeframe).bars, path);
      assert.equal(status, 200);
      for (const key of ['stamps', 'open', 'high', 'low', 'close', 'volume', 'splits', 'dividends'] as const)
        assert.deepEqual(key in sent && [...chartOf(body)[key]], [...sent[key]], key);
      const [mine, theirs] = [result(body), result(json)];
      assert.deepEqual(Object.keys(mine).sort(), Object.keys(theirs).sort());
      assert.deepEqual(shapeOf(mine.indicators), shapeOf(theirs.indicators));
      if (file.startsWith('AAPL')) assert.deepEqual(shapeOf(mine), shapeOf(theirs));
    });

  test('a weekend has no times, and no error', () => {
    const json = fixtureJson('yahoo/chart/AAPL-1m-empty-weekend.json');
    const { status, body } = answer(share('AAPL'), emptyBars(), 'interval=1m&period1=1738368000&period2=1738454400');
    assert.equal(status, 200);
    assert.deepEqual(shapeOf(body), shapeOf(json));
  });

  test('minutes without a trade are null, and the last trade comes beside the grid', () => {
    const json = fixtureJson('yahoo/chart/PETR4.SA-1m-null-and-partial.json');
    const { bars } = placeRows(chartOf(json), '1m');
    const of = share('PETR4.SA', { zone: 'America/Sao_Paulo', open: 600, close: 1_020 });
    const now = 1_678_108_476_000;
    const { body } = answer(of, { ...bars, volume: bars.volume.slice() }, 'interval=1m&period1=1678108200&period2=1678109000', now);
    const mine = chartOf(body);
    assert.deepEqual([...mine.stamps].slice(0, 5), [...chartOf(json).stamps].slice(0, 5));
    assert.deepEqual([...mine.close].slice(0, 5), [...chartOf(json).close].slice(0, 5));
  });

  const refused: readonly [string, number, string, number][] = [
    ['404-not-found', 404, '/v8/finance/chart/NONE?interval=1d&period1=0&period2=1', LATER],
    ['400-invalid-interval', 400, '/v8/finance/chart/AAPL?interval=7d&period1=0&period2=1', LATER],
    ['422-1m-out-of-range', 422, '/v8/finance/chart/AAPL?interval=1m&period1=1664596800&period2=1664683200', LATER],
    ['422-1m-range-too-long', 422, '/v8/finance/chart/AAPL?interval=1m&period1=1739000000&period2=1739900000', LATER],
  ];
  for (const [file, status, path, now] of refused)
    test(file, () => {
      const found = answerYahoo({ truth: () => undefined, shares: [AAPL] }, now, new URL(path, 'http://127.0.0.1'));
      assert.equal(found.status, status);
      assert.deepEqual(shapeOf(found.body), shapeOf(fixtureJson(`yahoo/errors/${file}.json`)));
      const words = (body: unknown) =>
        JSON.stringify(body)
          .replace(/\d+/g, '0')
          .replace(/ (is|are) allowed/, ' allowed');
      assert.equal(words(found.body), words(fixtureJson(`yahoo/errors/${file}.json`)));
    });
});

function result(json: unknown): Record<string, unknown> {
  return (json as { chart: { result: [Record<string, unknown>] } }).chart.result[0];
}
