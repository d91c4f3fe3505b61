/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same rows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readTimes } from '../../../src/providers/alpha-vantage/times.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { shapeOf } from '../shape.js';
import { recorded, type Truth } from '../truth.js';
import { type AlphaVantageSettings, answerAlphaVantage } from './alpha-vantage.js';

const LATER = Date.UTC(2020, 11, 20);

function ask(truth: Truth, query: string, given: Partial<AlphaVantageSettings> = {}): unknown {
  const symbols = {
    MSFT: { first: 0 },
    IBM: { first: 0, days: [{ date: Date.UTC(2020, 4, 7), dividend: 1.63, split: 1 }] },
  };
  const settings = { truth, key: 'key', premium: true, symbols, ...given };
  return answerAlphaVantage(settings, LATER, new URL(`/query?${query}&apikey=key`, 'http://127.0.0.1')).body;
}

const words = (body: unknown): string => JSON.stringify(body).replace(/,"3\. Last Refreshed":"[^"]*"/, '');

describe('the emulator of Alpha Vantage answers as Alpha Vantage did', { skip: noFixtures }, () => {
  test('minutes', () => {
    const file = fixtureJson('alphavantage/TIME_SERIES_INTRADAY-MSFT-1min.json');
    const truth = recorded('MSFT', readTimes(file, 'MSFT 1m')!.bars);
    const body = ask(truth, 'function=TIME_SERIES_INTRADAY&symbol=MSFT&interval=1min&month=2017-12&outputsize=compact');
    assert.deepEqual(shapeOf(body), shapeOf(file));
    assert.equal(words((body as Series)['Time Series (1min)']), words((file as Series)['Time Series (1min)']));
  });

  test('days with their adjustments', () => {
    const file = fixtureJson('alphavantage/TIME_SERIES_DAILY_ADJUSTED.json');
    const truth = recorded('IBM', readTimes(file, 'IBM 1d')!.bars);
    const body = ask(truth, 'function=TIME_SERIES_DAILY_ADJUSTED&symbol=IBM&outputsize=full');
    assert.deepEqual(shapeOf(body), shapeOf(file));
    assert.deepEqual(readTimes(body, 'IBM 1d')?.bars, readTimes(file, 'IBM 1d')?.bars);
    assert.deepEqual(readTimes(body, 'IBM 1d')?.events, readTimes(file, 'IBM 1d')?.events);
  });

  for (const [over, file] of [
    ['minute', '200-Note'],
    ['day', '200-Information'],
  ] as const)
    test(`${file}: a limit is a success with a text`, () => {
      assert.deepEqual(
        Object.keys(ask(() => undefined, 'function=TIME_SERIES_DAILY', { over }) as object),
        Object.keys(fixtureJson(`alphavantage/errors/${file}.json`) as object),
      );
    });

  test('an unknown symbol is a success with a text', () => {
    assert.deepEqual(
      ask(() => undefined, 'function=TIME_SERIES_DAILY&symbol=NONE'),
      fixtureJson('alphavantage/errors/200-ErrorMessage.json'),
    );
  });
});

type Series = Readonly<Record<string, unknown>>;
