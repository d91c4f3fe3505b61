import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { type ErrorCode, isTapekeepError } from '../../../src/model/errors.js';
import { fieldsOf, listOf } from '../../../src/providers/fields.js';
import { type Prices, readCsv, readJson } from '../../../src/providers/tiingo/prices.js';
import { fixture, fixtureJson, noFixtures } from '../../fixtures.js';
import { days, daysCsv, minutes, unknownTicker } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);
const isCode = (code: ErrorCode) => (e: unknown) => isTapekeepError(e, code);

describe("Tiingo's prices", () => {
  test('days are raw prices at their date, JSON and CSV alike', () => {
    const json = readJson(days, 'ACME 1d');
    assert.deepEqual([...json.bars.ts], [day(2024, 3, 8), day(2024, 3, 11), day(2024, 3, 12)]);
    assert.deepEqual(readCsv(daysCsv, 'ACME 1d'), json);
    assert.deepEqual(toRows(json.bars)[0], {
      ts: day(2024, 3, 8),
      open: 39.75,
      high: 40.5,
      low: 39.5,
      close: 40,
      volume: 12_000,
      turnover: null,
      trades: null,
      source: 'tiingo',
    });
  });

  test('D12: a split and a dividend stand beside raw prices, which they leave as they were', () => {
    assert.deepEqual(readCsv(daysCsv, 'ACME 1d').events, [
      { ts: day(2024, 3, 11), dividend: 0, split: 4 },
      { ts: day(2024, 3, 12), dividend: 0.205, split: 1 },
    ]);
  });

  test('minutes keep their stamp; a zone may be written either way, a number with an exponent', () => {
    const { bars } = readJson(minutes, 'ACME 1m');
    assert.deepEqual([...bars.ts], [Date.UTC(2024, 2, 11, 13, 30), Date.UTC(2024, 2, 11, 13, 31)]);
    assert.deepEqual([bars.low[1], bars.volume[1]], [1.8e-7, 0]);
  });

  test('volume is null unless it is told', () => {
    assert.equal(
      toRows(
        readJson(
          minutes.map(({ volume, ...rest }) => rest),
          'ACME 1m',
        ).bars,
      )[0]?.volume,
      null,
    );
  });

  test('an empty list has no bars, and is no error', () => {
    assert.equal(countOf(readJson([], 'ACME 1d').bars), 0);
    assert.equal(countOf(readCsv(daysCsv.split('\n')[0] as string, 'ACME 1d').bars), 0);
  });

  test('D11: a time without its zone is none', () => {
    for (const date of ['2024-03-11 13:30:00', '2024-03-11T13:30:00', '03/11/2024', 1_710_163_800, null])
      assert.ok(Number.isNaN(readJson([{ ...minutes[0], date }], 'ACME 1m').bars.ts[0]));
  });

  test('D6: half a line of CSV is a cut answer', () => {
    assert.throws(() => readCsv(daysCsv.slice(0, -20), 'ACME 1d'), isCode('ANSWER_TRUNCATED'));
  });

  test('D7: what is no list of prices is none, whatever it is', () => {
    for (const other of [null, {}, unknownTicker, 'You have run over', 7, [{}], [null], [{ date: '2024-03-11', close: 1 }]])
      assert.throws(() => readJson(other, 'ACME 1d'), isCode('ANSWER_WRONG'));
    for (const other of ['', 'You have run over your limit', '<html></html>', 'date,close\n2024-03-11,1'])
      assert.throws(() => readCsv(other, 'ACME 1d'), isCode('ANSWER_WRONG'));
  });
});

describe('recorded prices of Tiingo', { skip: noFixtures }, () => {
  const coin = (i: number) => fieldsOf(listOf(fixtureJson('tiingo/crypto-btcusd-1day.json'))[i]).priceData;
  const recorded: [string, () => Prices, number, number, number][] = [
    ['daily-GOOGL-2015.json', () => readJson(fixtureJson('tiingo/daily-GOOGL-2015.json'), 'GOOGL 1d'), 2, day(2015, 1, 2), day(2015, 1, 5)],
    [
      'daily-GOOGL-2018.csv',
      () => readCsv(fixture('tiingo/daily-GOOGL-2018.csv').toString(), 'GOOGL 1d'),
      10,
      day(2018, 1, 5),
      day(2018, 1, 19),
    ],
    ['weekly-GOOGL.json', () => readJson(fixtureJson('tiingo/weekly-GOOGL.json'), 'GOOGL 1w'), 3, day(2018, 1, 5), day(2018, 1, 19)],
    [
      'weekly-AAPL-adjusted.json',
      () => readJson(fixtureJson('tiingo/weekly-AAPL-adjusted.json'), 'AAPL 1w'),
      3,
      day(2018, 1, 5),
      day(2018, 1, 19),
    ],
    ['crypto-btcusd-1day.json', () => readJson(coin(0), 'BTCUSD 1d'), 2, day(2019, 5, 1), day(2019, 5, 2)],
    ['crypto-btcusd-1day.json, its second coin', () => readJson(coin(1), 'FLDCBTC 1d'), 2, day(2019, 5, 1), day(2019, 5, 2)],
    [
      'iex-GOOGL-30min.json',
      () => readJson(fixtureJson('tiingo/iex-GOOGL-30min.json'), 'GOOGL 30m'),
      13,
      Date.UTC(2018, 0, 2, 14, 30),
      Date.UTC(2018, 0, 2, 20, 30),
    ],
  ];
  for (const [file, read, rows, first, last] of recorded)
    test(`${file} has ${rows} bars`, () => {
      const { bars } = read();
      assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1)], [rows, first, last]);
      assert.ok(bars.low.every(price => price > 0));
    });

  test('the raw price is taken where the adjusted one differs', () => {
    assert.equal(readJson(fixtureJson('tiingo/weekly-AAPL-adjusted.json'), 'AAPL 1w').bars.close[0], 175);
  });

  test('IEX tells no volume unasked', () => {
    assert.ok(readJson(fixtureJson('tiingo/iex-GOOGL-30min.json'), 'GOOGL 30m').bars.volume.every(Number.isNaN));
  });

  for (const file of ['meta-GOOGL', 'fundamentals-daily-GOOGL', 'fundamentals-statements-GOOGL'])
    test(`${file}.json is no list of prices`, () => {
      assert.throws(() => readJson(fixtureJson(`tiingo/${file}.json`), 'GOOGL 1d'), isCode('ANSWER_WRONG'));
    });

  test('the text of a limit is no list of prices', () => {
    assert.throws(() => readCsv(fixture('tiingo/errors/200-over-limit.txt').toString(), 'GOOGL 1d'), isCode('ANSWER_WRONG'));
  });
});
