import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { type ErrorCode, isTapekeepError } from '../../../src/model/errors.js';
import { readTimes, type Times } from '../../../src/providers/alpha-vantage/times.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { adjustedDays, days, minutes, tooMany } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);
const isCode = (code: ErrorCode) => (e: unknown) => isTapekeepError(e, code);

function times(json: unknown): Times {
  const found = readTimes(json, 'ACME 1m');
  assert.ok(found, 'it has a series');
  return found;
}

describe("Alpha Vantage's series", () => {
  test('D11: local times become instants by the zone they are in, on both sides of the change to summer time, oldest first', () => {
    assert.deepEqual(
      [...times(minutes).bars.ts],
      [Date.UTC(2024, 2, 8, 14, 30), Date.UTC(2024, 2, 11, 13, 30), Date.UTC(2024, 2, 11, 13, 31)],
    );
  });

  test('a day is its date', () => {
    assert.deepEqual([...times(days).bars.ts], [day(2024, 3, 8), day(2024, 3, 11)]);
  });

  test('numbers come as texts', () => {
    assert.deepEqual(toRows(times(minutes).bars)[0], {
      ts: Date.UTC(2024, 2, 8, 14, 30),
      open: 9.5,
      high: 10,
      low: 9,
      close: 9.5,
      volume: 100,
      turnover: null,
      trades: null,
      source: 'alpha-vantage',
    });
  });

  test('the head tells what was answered, and its Information is no refusal', () => {
    const { head } = times(minutes);
    assert.deepEqual([head.Symbol, head.Interval, head['Time Zone']], ['ACME', '1min', 'US/Eastern']);
  });

  test('D12: splits and dividends are told beside raw prices', () => {
    const { bars, events } = times(adjustedDays);
    assert.deepEqual([...bars.close], [40, 10.5, 11]);
    assert.deepEqual(events, [
      { ts: day(2024, 3, 11), dividend: 0, split: 4 },
      { ts: day(2024, 3, 12), dividend: 0.205, split: 1 },
    ]);
  });

  test('the older names of a coin are read, too', () => {
    const coin = {
      '1a. open (USD)': '1',
      '1b. open (USD)': '2',
      '2a. high (USD)': '3',
      '3a. low (USD)': '0.5',
      '4a. close (USD)': '2',
      '5. volume': '7',
    };
    const { bars } = times({ 'Meta Data': { '7. Time Zone': 'UTC' }, 'Time Series (Digital Currency Daily)': { '2024-03-08': coin } });
    assert.deepEqual([bars.open[0], bars.high[0], bars.volume[0]], [1, 3, 7]);
  });

  test('D7: what has no series has none, and is never taken for a series without bars', () => {
    for (const other of [null, [], 'OK', 7, {}, tooMany, { Note: 'slower' }, { 'Error Message': 'Invalid API call.' }])
      assert.equal(readTimes(other, 'ACME 1m'), undefined);
  });

  test('D11: a zone that it is not known to use is not guessed at; an hour that the clock shows twice is no instant', () => {
    const inZone = (zone: string) => ({ ...minutes, 'Meta Data': { ...minutes['Meta Data'], '6. Time Zone': zone } });
    for (const zone of ['', 'Mars', '+05:00', 'constructor'])
      assert.throws(() => readTimes(inZone(zone), 'ACME 1m'), isCode('ANSWER_WRONG'));
    const twice = { ...minutes, 'Time Series (1min)': { '2024-11-03 01:30:00': minutes['Time Series (1min)']['2024-03-08 09:30:00'] } };
    assert.ok(Number.isNaN(times(twice).bars.ts[0]));
  });

  test('D10: None and other words are no numbers', () => {
    const odd = { '2024-03-08': { '1. open': 'None', '2. high': 'Infinity', '3. low': '', '4. close': '0x1', '5. volume': '-' } };
    const { bars } = times({ ...days, 'Time Series (Daily)': odd });
    assert.deepEqual([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]], Array(5).fill(Number.NaN));
  });

  test('rows without prices are no series', () => {
    assert.throws(() => readTimes({ ...days, 'Time Series (Daily)': { '2024-03-08': {} } }, 'ACME 1d'), isCode('ANSWER_WRONG'));
  });
});

describe('recorded series of Alpha Vantage', { skip: noFixtures }, () => {
  const recorded = [
    ['TIME_SERIES_INTRADAY-MSFT-1min', 100, Date.UTC(2017, 11, 18, 18, 17), Date.UTC(2017, 11, 18, 19, 56)],
    ['TIME_SERIES_DAILY_ADJUSTED', 2, day(2020, 5, 7), day(2020, 5, 8)],
    ['FX_INTRADAY', 2, Date.UTC(2020, 4, 6, 21, 50), Date.UTC(2020, 4, 6, 21, 55)],
  ] as const;
  for (const [file, rows, first, last] of recorded)
    test(`${file}.json has ${rows} bars`, () => {
      const { bars } = times(fixtureJson(`alphavantage/${file}.json`));
      assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1)], [rows, first, last]);
      assert.ok(bars.close.every(price => price > 0));
    });

  test('the dividend of IBM is told', () => {
    const { events } = times(fixtureJson('alphavantage/TIME_SERIES_DAILY_ADJUSTED.json'));
    assert.deepEqual(events, [{ ts: day(2020, 5, 7), dividend: 1.63, split: 1 }]);
  });

  for (const file of ['OVERVIEW-IBM', 'INCOME_STATEMENT-IBM', 'errors/200-Note', 'errors/200-Information', 'errors/200-ErrorMessage'])
    test(`${file}.json is no series`, () => {
      assert.equal(readTimes(fixtureJson(`alphavantage/${file}.json`), 'IBM 1d'), undefined);
    });
});
