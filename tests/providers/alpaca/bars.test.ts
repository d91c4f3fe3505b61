import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { MINUTE } from '../../../src/model/timeframe.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { anotherSymbol, noBars, readBars, threeMinutes } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);
const OPEN = Date.UTC(2024, 2, 8, 14, 30);

describe("an answer of Alpaca's bars", () => {
  test('bars are read by name, whatever the order of their keys; minutes without a trade are not there', () => {
    const { bars, token } = readBars(threeMinutes, 'ACME', '1m');
    assert.deepEqual([...bars.ts], [OPEN, OPEN + MINUTE, OPEN + 5 * MINUTE]);
    assert.deepEqual(toRows(bars)[2], {
      ts: OPEN + 5 * MINUTE,
      open: 10,
      high: 10.5,
      low: 10,
      close: 10.5,
      volume: 150.5,
      turnover: null,
      trades: 2,
      source: 'alpaca',
    });
    assert.equal(token, null);
  });

  test('a page may hold another of the symbols only, and go on', () => {
    const { bars, symbols, token } = readBars(anotherSymbol, 'ACME', '1m');
    assert.deepEqual([countOf(bars), symbols, token], [0, ['ABLE'], 'QUJMRXxNfDIwMjQ=']);
  });

  test('no bars come as an empty object, as null, or as a null below the name', () => {
    for (const none of [noBars, { bars: null, next_page_token: null }, { bars: { ACME: null }, next_page_token: null }])
      assert.equal(countOf(readBars(none, 'ACME', '1m').bars), 0);
  });

  test('D18: a symbol that is called like a part of every object has no bars', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) assert.equal(countOf(readBars(threeMinutes, name, '1m').bars), 0);
  });

  test('D7: what is no answer with bars is none', () => {
    for (const other of [null, [], {}, { message: 'no' }, { bars: {} }, { CRM: [] }])
      assert.throws(
        () => readBars(other, 'ACME', '1m'),
        e => isTapekeepError(e, 'ANSWER_WRONG'),
      );
  });

  test('D11: a time without a zone, or in seconds, is none', () => {
    for (const t of ['2024-03-08T14:30:00', '2024-03-08', 1709908200, null]) {
      const { bars } = readBars({ bars: { ACME: [{ t, o: 1, h: 1, l: 1, c: 1, v: 1 }] }, next_page_token: null }, 'ACME', '1m');
      assert.ok(Number.isNaN(bars.ts[0]));
    }
  });
});

describe('recorded answers of Alpaca', { skip: noFixtures }, () => {
  const recorded = [
    ['v2-stocks-bars-1.json', 'AAPL', '1d', 2, day(2022, 2, 1), day(2022, 2, 2), true],
    ['v2-stocks-bars-2.json', 'TSLA', '1d', 3, day(2023, 9, 27), day(2023, 9, 25), true],
    ['v2-stocks-bars-3.json', 'AAPL', '1d', 1, day(2022, 3, 9), day(2022, 3, 9), false],
    ['v2-stocks-bars-3.json', 'TSLA', '1d', 1, day(2022, 3, 9), day(2022, 3, 9), false],
    ['v1beta1-crypto-bars-SOLUSD-1Min.json', 'SOLUSD', '1m', 100, Date.UTC(2022, 3, 16, 5), Date.UTC(2022, 3, 16, 11), true],
  ] as const;

  for (const [file, symbol, timeframe, rows, first, last, more] of recorded)
    test(`${file} has ${rows} of ${symbol}`, () => {
      const { bars, token } = readBars(fixtureJson(`alpaca/${file}`), symbol, timeframe);
      assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1), token !== null], [rows, first, last, more]);
    });

  test('the first interface, with seconds for stamps, is not taken for this one', () => {
    assert.throws(
      () => readBars(fixtureJson('alpaca/v1-bars-CRM-1D-legacy.json'), 'CRM', '1d'),
      e => isTapekeepError(e, 'ANSWER_WRONG'),
    );
  });
});
