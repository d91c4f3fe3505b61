import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { readRows } from '../../../src/providers/fmp/rows.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { twoDays, twoMinutes, twoRawDays } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);

describe('an answer of FMP', () => {
  test('rows come newest first and leave oldest first; a day is its date', () => {
    const { bars, symbols } = readRows(twoDays, 'ACME 1d', '1d');
    assert.deepEqual([...bars.ts], [day(2024, 3, 8), day(2024, 3, 11)]);
    assert.deepEqual(symbols, ['ACME']);
    assert.deepEqual(toRows(bars)[0], {
      ts: day(2024, 3, 8),
      open: 10,
      high: 10.75,
      low: 9.75,
      close: 10.5,
      volume: 1_250_000,
      turnover: null,
      trades: null,
      source: 'fmp',
    });
  });

  test('raw prices of a day are found under their other names', () => {
    assert.deepEqual(toRows(readRows(twoRawDays, 'ACME 1d', '1d').bars), toRows(readRows(twoDays, 'ACME 1d', '1d').bars));
  });

  test('minutes are on the wall clock of New York, on both sides of the change to summer time', () => {
    assert.deepEqual([...readRows(twoMinutes, 'ACME 1m', '1m').bars.ts], [Date.UTC(2024, 2, 8, 20, 59), Date.UTC(2024, 2, 11, 13, 30)]);
  });

  test('the former interface has its list below the symbol', () => {
    const { bars, symbols } = readRows({ symbol: 'ACME', historical: twoDays }, 'ACME 1d', '1d');
    assert.deepEqual([countOf(bars), symbols], [2, ['ACME']]);
  });

  test('an empty list has no bars', () => {
    assert.equal(countOf(readRows([], 'ACME 1d', '1d').bars), 0);
  });

  test('D11: an hour that the clock shows twice or never, and a day that no calendar has, are no times', () => {
    const stamped = (timeframe: '1m' | '1d', date: string) => readRows([{ ...twoMinutes[0], date }], 'ACME', timeframe).bars.ts[0];
    for (const date of ['2024-11-03 01:30:00', '2024-03-10 02:30:00', '2024-03-08', '2024-02-30 10:00:00', '', '2024-03-08 25:00:00'])
      assert.ok(Number.isNaN(stamped('1m', date)), date);
    for (const date of ['2024-02-30', '2024-3-8', '2024-03-08 00:00:00', '08/03/2024']) assert.ok(Number.isNaN(stamped('1d', date)), date);
    assert.equal(stamped('1m', '2024-11-03 02:00:00'), Date.UTC(2024, 10, 3, 7));
  });

  test('D7: what is no list of bars is none', () => {
    for (const other of [null, {}, { 'Error Message': 'no' }, 'text', { historical: {} }])
      assert.throws(
        () => readRows(other, 'ACME 1d', '1d'),
        e => isTapekeepError(e, 'ANSWER_WRONG'),
      );
  });
});

describe('recorded answers of FMP', { skip: noFixtures }, () => {
  const recorded = [
    ['historical-price-eod-full-AAPL.json', '1d', 6, day(2023, 1, 3), day(2023, 1, 10)],
    ['v3-historical-price-full-AAPL.json', '1d', 6, day(2023, 1, 3), day(2023, 1, 10)],
    ['historical-chart-1min-AAPL-one-row.json', '1m', 1, Date.UTC(2025, 1, 4, 20, 59), Date.UTC(2025, 1, 4, 20, 59)],
    ['empty.json', '1d', 0, undefined, undefined],
  ] as const;

  for (const [file, timeframe, rows, first, last] of recorded)
    test(`${file} has ${rows} bars`, () => {
      const { bars } = readRows(fixtureJson(`fmp/${file}`), 'AAPL', timeframe);
      assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1)], [rows, first, last]);
    });

  test('columns are taken by name: low comes before high in one of them', () => {
    const [bar] = toRows(readRows(fixtureJson('fmp/historical-chart-1min-AAPL-one-row.json'), 'AAPL', '1m').bars);
    assert.deepEqual([bar?.open, bar?.high, bar?.low, bar?.close, bar?.volume], [233.01, 233.13, 232.72, 232.79, 720_121]);
  });

  test('other answers are not taken for bars', () => {
    for (const file of ['errors/403-legacy.json', 'errors/429-limit.json'])
      assert.throws(
        () => readRows(fixtureJson(`fmp/${file}`), 'AAPL', '1d'),
        e => isTapekeepError(e, 'ANSWER_WRONG'),
      );
  });
});
