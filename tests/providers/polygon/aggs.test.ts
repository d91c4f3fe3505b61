import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { checkAnswer } from '../../../src/providers/answer.js';
import { readAggs } from '../../../src/providers/polygon/aggs.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { firstPage, noBars, twoDays } from './samples.js';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);
const isCode = (code: 'ANSWER_WRONG' | 'ANSWER_TRUNCATED') => (e: unknown) => isTapekeepError(e, code);

describe("an answer of Polygon's aggregates", () => {
  test('a day is stamped with midnight in New York, on both sides of the change to summer time, and becomes its date', () => {
    const { bars, ticker, adjusted, delayed, next } = readAggs(twoDays, 'ACME 1d', '1d');
    assert.deepEqual([...bars.ts], [day(2024, 3, 8), day(2024, 3, 11)]);
    assert.deepEqual({ ticker, adjusted, delayed, next }, { ticker: 'ACME', adjusted: false, delayed: false, next: null });
  });

  test('volume is read with and without an exponent; what is not stated is null', () => {
    const [first, second] = toRows(readAggs(JSON.parse(JSON.stringify(twoDays).replace('1250000', '1.25e+06')), 'ACME 1d', '1d').bars);
    assert.deepEqual(first, {
      ts: day(2024, 3, 8),
      open: 10,
      high: 10.75,
      low: 9.75,
      close: 10.5,
      volume: 1_250_000,
      turnover: null,
      trades: 412,
      source: 'polygon',
    });
    assert.equal(second?.volume, 900_000);
  });

  test('minutes keep their stamp', () => {
    assert.deepEqual(
      [...readAggs(twoDays, 'ACME 1m', '1m').bars.ts],
      twoDays.results.map(r => r.t),
    );
  });

  test('without results there are no bars, and no error', () => {
    assert.equal(countOf(readAggs(noBars, 'ACME 1m', '1m').bars), 0);
  });

  test('the next page is told as it came, the delay of a plan as well', () => {
    assert.equal(readAggs(firstPage, 'ACME 1d', '1d').next, firstPage.next_url);
    assert.equal(readAggs({ ...twoDays, status: 'DELAYED' }, 'ACME 1d', '1d').delayed, true);
  });

  test('D6: fewer rows than it says are a cut answer, never a short page', () => {
    assert.throws(() => readAggs({ ...twoDays, results: twoDays.results.slice(1) }, 'ACME 1d', '1d'), isCode('ANSWER_TRUNCATED'));
    assert.throws(() => readAggs({ ...twoDays, results: undefined }, 'ACME 1d', '1d'), isCode('ANSWER_TRUNCATED'));
  });

  test('D7: what is no aggregates answer is none, whatever it is', () => {
    for (const other of [null, [], 'OK', 7, {}, { status: 'ERROR', error: 'no' }, { error: 'no' }])
      assert.throws(() => readAggs(other, 'ACME 1d', '1d'), isCode('ANSWER_WRONG'));
  });

  test('D10: a price that is no number is none', () => {
    const odd = [null, '', 'Infinity', '0x10', [], {}, true];
    for (const o of odd)
      assert.equal(toRows(readAggs({ ...noBars, resultsCount: 1, results: [{ t: 0, o }] }, 'ACME 1m', '1m').bars)[0]?.open, null);
  });
});

describe('recorded answers of Polygon', { skip: noFixtures }, () => {
  const recorded = [
    ['aggs-AAPL-1d-2005.json', 2, day(2005, 4, 1), day(2005, 4, 4)],
    ['aggs-AAPL-1d-2023-scientific.json', 6, day(2023, 1, 3), day(2023, 1, 10)],
    ['aggs-page-with-next_url.json', 2, day(2020, 1, 2), day(2020, 1, 3)],
  ] as const;

  for (const [file, rows, first, last] of recorded)
    test(`${file} has ${rows} bars`, () => {
      const { bars, ticker, adjusted } = readAggs(fixtureJson(`polygon/${file}`), 'AAPL 1d', '1d');
      assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1)], [rows, first, last]);
      assert.deepEqual([ticker, adjusted], ['AAPL', true]);
      checkAnswer(
        'polygon',
        { symbol: 'AAPL', timeframe: '1d', interval: { from: first, to: last + 1 } },
        { from: first, to: last + 1 },
        bars,
      );
    });

  test('a volume with an exponent is the number', () => {
    const { bars } = readAggs(fixtureJson('polygon/aggs-AAPL-1d-2023-scientific.json'), 'AAPL 1d', '1d');
    assert.deepEqual([bars.volume[0], bars.volume[5]], [112_117_471, 63_896_155]);
  });

  test('the page that is not the last names the other host, and no key', () => {
    const { next } = readAggs(fixtureJson('polygon/aggs-page-with-next_url.json'), 'AAPL 1d', '1d');
    assert.equal(new URL(next ?? '').host, 'api.massive.com');
    assert.doesNotMatch(next ?? '', /apiKey/i);
  });

  test('D11: the previous close is stamped with the close of its session, so it is no bar of the grid', () => {
    const { bars } = readAggs(fixtureJson('polygon/prev.json'), 'AAPL 1d', '1d');
    const window = { from: day(2022, 4, 1), to: day(2022, 5, 1) };
    assert.throws(
      () => checkAnswer('polygon', { symbol: 'AAPL', timeframe: '1d', interval: window }, window, bars),
      isCode('ANSWER_WRONG'),
    );
  });
});
