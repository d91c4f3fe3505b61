import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import { placeRows, runningDay } from '../../../src/providers/yahoo/bars.js';
import { type Chart, readChart } from '../../../src/providers/yahoo/chart.js';
import { decimalOf } from '../../../src/providers/yahoo/decimals.js';
import { doubtfulSplit, traded } from '../../../src/providers/yahoo/splits.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { chartOf } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);

function chart(json: unknown): Chart {
  const answer = readChart(json, 'ACME 1d');
  assert.ok('chart' in answer, 'it is a chart');
  return answer.chart;
}

describe('prices as they were traded', () => {
  test('the digits of a 32-bit float are none of the price', () => {
    for (const price of [129.04, 0.0001, 1_234.56, 97_208.17, 1.12208]) assert.equal(decimalOf(Math.fround(price), 1), price);
    assert.equal(decimalOf(11_796.7, 1), 11_796.7);
  });

  test('D12: a price comes back exactly through all later splits', () => {
    for (const [price, ratio] of [
      [751.19, 40],
      [522.13, 40],
      [38.625, 224],
      [1.5, 1.5],
      [0.75, 0.1],
    ] as const)
      assert.equal(decimalOf(Math.fround(price / ratio), ratio), price);
  });

  test('D12: what no price gives is not made into one', () => {
    assert.ok(Number.isNaN(decimalOf(Math.fround(123.456789), 3)));
  });

  const splits = [{ at: 1_710_163_800_000, ratio: 4 }];
  const around = (before: number, after: number) => chart(chartOf({}, [1_709_908_200, 1_710_163_800], [before, after]));

  test('only what lies before a split is taken back, volume as well', () => {
    const { close, volume } = traded(around(10, 10.5), splits).chart;
    assert.deepEqual([...close], [40, 10.5]);
    assert.deepEqual([...volume], [300, 1_200]);
  });

  test('D12: a row of which one price does not come back exactly is lost as a whole, and has failed', () => {
    const sent = around(Math.fround(123.456789), 10);
    const { chart: own, lost } = traded({ ...sent, open: Float64Array.of(10, 10) }, [{ at: splits[0]!.at, ratio: 3 }]);
    assert.deepEqual([lost, own.open[0], own.close[1]], [[0], Number.NaN, 10]);
    assert.deepEqual(placeRows(own, '1d', lost).failed, [{ from: day(2024, 3, 8), to: day(2024, 3, 9) }]);
  });

  test('the day that is told up to its last trade runs until midnight there', () => {
    const sent = chart(chartOf({ regularMarketTime: 1_710_187_201 }, [1_709_908_200, 1_710_187_201], [10, 11]));
    assert.equal(runningDay(sent, Date.UTC(2024, 2, 12, 3, 59)), day(2024, 3, 11));
    assert.equal(runningDay(sent, Date.UTC(2024, 2, 12, 4)), undefined);
  });

  test('D12: a split of today, or one that the prices still jump by, is not relied on', () => {
    const later = 1_710_163_800_000 + 5 * DAY;
    assert.equal(doubtfulSplit(around(10, 10.5), splits, later), undefined);
    assert.equal(doubtfulSplit(around(10, 10.5), splits, 1_710_163_800_000 + MINUTE), splits[0]);
    assert.equal(doubtfulSplit(around(40, 10.5), splits, later), splits[0]);
  });
});

describe('recorded prices of Yahoo', { skip: noFixtures }, () => {
  test('D12: NVDA comes back to the cent through the split of 2021, which it tells, and that of 2024, which it does not', () => {
    const sent = chart(fixtureJson('yahoo/chart/NVDA-1d-split.json'));
    assert.deepEqual(sent.splits, [{ at: 1_626_787_800_000, ratio: 4 }]);
    const { close, open, high, low } = traded(sent, [...sent.splits, { at: Date.UTC(2024, 5, 10, 13, 30), ratio: 10 }]).chart;
    for (const column of [open, high, low, close]) assert.ok(column.every(price => price === Math.round(price * 100) / 100));
    const after = sent.stamps.indexOf(1_626_787_800_000);
    assert.deepEqual([close[after - 1], open[after]], [751.19, 187.3]);
  });

  test('D12: AAPL is divided by its split on the day it tells of, and tells its dividend', () => {
    const sent = chart(fixtureJson('yahoo/chart/AAPL-1d-split-dividend.json'));
    assert.deepEqual(sent.splits, [{ at: 1_598_880_600_000, ratio: 4 }]);
    assert.deepEqual(sent.dividends, [{ at: 1_604_673_000_000, amount: 0.205 }]);
    assert.equal(traded(sent, sent.splits).chart.close[0], 129.04);
  });
});
