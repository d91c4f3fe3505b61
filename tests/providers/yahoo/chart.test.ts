import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toRows } from '../../../src/model/bars.js';
import { type ErrorCode, isTapekeepError } from '../../../src/model/errors.js';
import { gate } from '../../../src/model/quality.js';
import type { Timeframe } from '../../../src/model/timeframe.js';
import { placeRows } from '../../../src/providers/yahoo/bars.js';
import { type Chart, readChart } from '../../../src/providers/yahoo/chart.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { XNYS } from '../xnys.js';
import { chartOf, noBars, refusalOf, twoDays } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);
const isCode = (code: ErrorCode) => (e: unknown) => isTapekeepError(e, code);

function chart(json: unknown): Chart {
  const answer = readChart(json, 'ACME 1d');
  assert.ok('chart' in answer, 'it is a chart');
  return answer.chart;
}
const placed = (json: unknown, timeframe: Timeframe) => placeRows(chart(json), timeframe);

describe("a chart of Yahoo's", () => {
  test('D11: a day is stamped with the open of its session and becomes its local date, on both sides of the change to summer time', () => {
    assert.deepEqual([...placed(twoDays, '1d').bars.ts], [day(2024, 3, 8), day(2024, 3, 11)]);
  });

  test('D11: where the session opens before midnight UTC, the date is that of the market', () => {
    const sydney = { exchangeTimezoneName: 'Australia/Sydney', currentTradingPeriod: {} };
    assert.deepEqual([...placed(chartOf(sydney, [1_709_852_400], [10]), '1d').bars.ts], [day(2024, 3, 8)]);
  });

  test('D11: the midnight of London in summer, by which currencies are told, is the date that begins then', () => {
    const london = { exchangeTimezoneName: 'Europe/London', instrumentType: 'CURRENCY', currentTradingPeriod: {} };
    const midnights = [Date.UTC(2024, 2, 28), Date.UTC(2024, 6, 1, 23)].map(ms => ms / 1_000);
    assert.deepEqual([...placed(chartOf(london, midnights, [1, 1]), '1d').bars.ts], [day(2024, 3, 28), day(2024, 7, 2)]);
  });

  test('a row becomes a bar with what Yahoo states', () => {
    assert.deepEqual(toRows(placed(twoDays, '1d').bars)[1], {
      ts: day(2024, 3, 11),
      open: 10.5,
      high: 10.5,
      low: 10.5,
      close: 10.5,
      volume: 1_200,
      turnover: null,
      trades: null,
      source: 'yahoo',
    });
  });

  test('without times there are no bars, and no error', () => {
    const { bars, failed } = placed(noBars, '1m');
    assert.deepEqual([bars.ts.length, failed], [0, []]);
  });

  test('a minute of nulls is left out; a day of nulls has failed', () => {
    const minutes = [0, 60, 120].map(s => 1_710_163_800 + s);
    assert.deepEqual(placed(chartOf({ dataGranularity: '1m' }, minutes, [10, null, 11]), '1m'), {
      ...placed(chartOf({ dataGranularity: '1m' }, [minutes[0]!, minutes[2]!], [10, 11]), '1m'),
      failed: [],
    });
    assert.deepEqual(placed(chartOf({}, [1_709_908_200, 1_710_163_800], [null, 11]), '1d').failed, [
      { from: day(2024, 3, 8), to: day(2024, 3, 9) },
    ]);
  });

  test('a whole session of null minutes has failed, however good the next one is', () => {
    const friday = [0, 60].map(s => 1_709_908_200 + s);
    const { bars, failed } = placed(chartOf({ dataGranularity: '1m' }, [...friday, 1_710_163_800], [null, null, 10]), '1m');
    assert.equal(bars.ts.length, 1);
    assert.deepEqual(failed, [{ from: 1_709_908_200_000, to: 1_709_908_320_000 }]);
  });

  test('D11: the last trade comes as an extra row and is no bar: beside the grid, at the end of the session, or a second time for its day', () => {
    const at = (lastTrade: number, granularity: string) => ({ regularMarketTime: lastTrade, dataGranularity: granularity });
    const open = 1_710_163_800;
    assert.equal(placed(chartOf(at(open + 97, '1m'), [open, open + 97], [10, 11]), '1m').bars.ts.length, 1);
    assert.equal(placed(chartOf(at(1_710_187_200, '1m'), [1_710_187_140, 1_710_187_200], [10, 11]), '1m').bars.ts.length, 1);
    assert.equal(placed(chartOf(at(open + 97, '1d'), [open, open + 97], [10, 11]), '1d').bars.ts.length, 1);
    assert.equal(placed(chartOf(at(open + 97, '1d'), [open - 3 * 86_400, open + 97], [10, 11]), '1d').bars.ts.length, 2);
  });

  test('splits and dividends are told with their time', () => {
    const { splits, dividends } = chart(
      chartOf({}, [1_710_163_800], [10], {
        events: {
          dividends: { '1710163800': { amount: 0.205, date: 1_710_163_800 } },
          splits: { '1709908200': { date: 1_709_908_200, numerator: 4, denominator: 1, splitRatio: '4:1' } },
        },
      }),
    );
    assert.deepEqual(splits, [{ at: 1_709_908_200_000, ratio: 4 }]);
    assert.deepEqual(dividends, [{ at: 1_710_163_800_000, amount: 0.205 }]);
  });

  test('a refusal is told in its own words', () => {
    assert.deepEqual(readChart(refusalOf('Not Found', 'No data found'), 'ACME 1d'), {
      refusal: { code: 'Not Found', description: 'No data found' },
    });
    assert.deepEqual(readChart({ finance: { result: null, error: { code: 'Unauthorized', description: 'Invalid Crumb' } } }, 'ACME 1d'), {
      refusal: { code: 'Unauthorized', description: 'Invalid Crumb' },
    });
  });

  test('D7: what is no chart is none, whatever it is', () => {
    for (const other of [null, [], 'Too Many Requests', 7, {}, { chart: null }, { chart: { result: [], error: null } }])
      assert.throws(() => readChart(other, 'ACME 1d'), isCode('ANSWER_WRONG'));
  });

  test('D8: bars of an hour that come under the name of half an hour are refused before anything is committed', () => {
    const interval = { from: day(2024, 2, 1), to: day(2024, 3, 1) };
    const halves = XNYS.expected(interval, '30m');
    const hours = [...halves].filter((_, i) => (i % 13) % 2 === 0).map(ms => ms / 1_000);
    const { bars } = placed(
      chartOf(
        { dataGranularity: '30m' },
        hours,
        hours.map(() => 10),
      ),
      '30m',
    );
    const { refusal } = gate(bars, { calendar: XNYS, timeframe: '30m', asked: [interval] });
    assert.equal(refusal?.reason, 'wrong_interval');
  });

  test('D6: columns of unequal length are a cut answer', () => {
    const cut = structuredClone(twoDays);
    cut.chart.result[0]!.indicators.quote[0]!.close = [10];
    assert.throws(() => readChart(cut, 'ACME 1d'), isCode('ANSWER_TRUNCATED'));
  });

  test('D10: a price that is no number is none', () => {
    for (const odd of ['', 'Infinity', '0x10', 'ten']) assert.equal(placed(chartOf({}, [1_710_163_800], [odd]), '1d').bars.ts.length, 0);
    assert.equal(placed(chartOf({}, [1_710_163_800], ['1.05e1']), '1d').bars.close[0], 10.5);
  });
});

describe('recorded charts of Yahoo', { skip: noFixtures }, () => {
  const recorded = [
    ['AAPL-1d-split-dividend', '1d', 49, day(2020, 8, 31), day(2020, 11, 6)],
    ['NVDA-1d-split', '1d', 252, day(2021, 2, 1), day(2022, 1, 28)],
    ['AAPL-1m-empty-weekend', '1m', 0, undefined, undefined],
    ['BTC-USD-1d', '1d', 3, day(2020, 1, 1), day(2020, 1, 3)],
    ['EURUSD=X-1d', '1d', 3, day(2020, 1, 1), day(2020, 1, 3)],
    ['fund-0P0000XTS7-1d', '1d', 2, day(2024, 9, 12), day(2024, 9, 13)],
    ['WSU.DE-1d', '1d', 3, day(2023, 8, 4), day(2023, 8, 8)],
    ['MUV2.DE-1d-null-bar', '1d', 123, day(2017, 11, 27), day(2018, 5, 25)],
    ['AAPL-1d-live-last-bar', '1d', 127, day(2025, 4, 30), day(2025, 10, 29)],
    ['BARC.L-1m-nulls', '1m', 1, Date.UTC(2017, 10, 16, 12, 32), Date.UTC(2017, 10, 16, 12, 32)],
    ['PETR4.SA-1m-null-and-partial', '1m', 4, Date.UTC(2023, 2, 6, 13, 10), Date.UTC(2023, 2, 6, 13, 13)],
  ] as const;

  for (const [file, timeframe, rows, first, last] of recorded)
    test(`${file} has ${rows} bars`, () => {
      const { bars } = placed(fixtureJson(`yahoo/chart/${file}.json`), timeframe);
      assert.deepEqual([bars.ts.length, bars.ts[0], bars.ts.at(-1)], [rows, first, last]);
    });

  test('the null day of MUV2.DE has failed', () => {
    const { failed } = placed(fixtureJson('yahoo/chart/MUV2.DE-1d-null-bar.json'), '1d');
    assert.deepEqual(failed, [{ from: day(2017, 12, 19), to: day(2017, 12, 20) }]);
  });

  const refused = [
    ['404-not-found', 'Not Found'],
    ['400-invalid-interval', 'Bad Request'],
    ['422-1m-out-of-range', 'Unprocessable Entity'],
    ['422-1m-range-too-long', 'Unprocessable Entity'],
    ['401-invalid-crumb', 'Unauthorized'],
  ] as const;
  for (const [file, code] of refused)
    test(`${file} is a refusal`, () => {
      const answer = readChart(fixtureJson(`yahoo/errors/${file}.json`), 'ACME 1m');
      assert.equal('refusal' in answer && answer.refusal.code, code);
    });

  for (const file of ['quoteSummary/AZT.OL', 'quoteSummary/QQQ', 'quoteSummary/BTC-USD', 'timeseries/AAPL-annual-income', 'ws/BTC-USD-v2'])
    test(`${file} is no chart`, () => {
      assert.throws(() => readChart(fixtureJson(`yahoo/${file}.json`), 'ACME 1d'), isCode('ANSWER_WRONG'));
    });
});
