/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same rows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCsv, readJson } from '../../../src/providers/tiingo/prices.js';
import { fixture, fixtureJson, noFixtures } from '../../fixtures.js';
import { shapeOf } from '../shape.js';
import { recorded, type Truth } from '../truth.js';
import { answerTiingo, MOST_ROWS, type TiingoSettings } from './tiingo.js';

const LATER = Date.UTC(2020, 9, 17);
const GOOGL = { GOOGL: { first: Date.UTC(2004, 7, 19) } };

function ask(truth: Truth, path: string, given: Partial<TiingoSettings> = {}): { status: number; body: unknown } {
  const settings = { truth, key: 'key', tickers: GOOGL, mostRows: MOST_ROWS, ...given };
  return answerTiingo(settings, LATER, new URL(path, 'http://127.0.0.1'), 'Token key');
}

describe('the emulator of Tiingo answers as Tiingo did', { skip: noFixtures }, () => {
  test('days', () => {
    const file = fixtureJson('tiingo/daily-GOOGL-2015.json');
    const truth = recorded('GOOGL', readJson(file, 'GOOGL 1d').bars);
    const { body } = ask(truth, '/tiingo/daily/GOOGL/prices?format=json&resampleFreq=daily&startDate=2015-01-01&endDate=2015-01-05');
    assert.deepEqual(body, file);
  });

  test('days as CSV', () => {
    const file = fixture('tiingo/daily-GOOGL-2018.csv').toString();
    const truth = recorded('GOOGL', readCsv(file, 'GOOGL 1d').bars);
    const { body } = ask(truth, '/tiingo/daily/GOOGL/prices?format=csv&resampleFreq=daily&startDate=2018-01-05&endDate=2018-01-19');
    assert.equal(String(body).split('\n')[0], file.split('\n')[0]);
    assert.deepEqual(readCsv(String(body), 'GOOGL 1d'), readCsv(file, 'GOOGL 1d'));
  });

  test('minutes of IEX', () => {
    const file = fixtureJson('tiingo/iex-GOOGL-30min.json');
    const truth = recorded('GOOGL', readJson(file, 'GOOGL 30m').bars);
    const { body } = ask(truth, '/iex/GOOGL/prices?format=json&resampleFreq=30Min&startDate=2018-01-02&endDate=2018-01-02');
    assert.deepEqual(body, file);
  });

  test('what is known of a ticker', () => {
    const file = fixtureJson('tiingo/meta-GOOGL.json') as { startDate: string; endDate: string };
    const body = ask(() => undefined, '/tiingo/daily/GOOGL', { tickers: { GOOGL: { ...GOOGL.GOOGL, last: Date.UTC(2017, 9, 6) } } })
      .body as typeof file;
    assert.deepEqual(shapeOf(body), shapeOf(file));
    assert.deepEqual([body.startDate, body.endDate], [file.startDate, file.endDate]);
  });

  test('the limit of a month is a text and a success', () => {
    const { status, body } = ask(() => undefined, '/tiingo/daily/GOOGL', { over: 'month' });
    assert.equal(status, 200);
    assert.equal(body, fixture('tiingo/errors/200-over-limit.txt').toString().trim());
  });
});

test('the emulator of Tiingo keeps the newest rows of an answer that is too long, and tells volume only when asked', () => {
  const truth = recorded('GOOGL', readJson(minutes, 'GOOGL 1m').bars);
  const path = '/iex/GOOGL/prices?resampleFreq=1min&startDate=2020-10-01&endDate=2020-10-01';
  const rows = ask(truth, path, { mostRows: 1 }).body as object[];
  assert.deepEqual(rows, [{ date: '2020-10-01T13:31:00.000Z', open: 2, high: 2, low: 2, close: 2 }]);
  const [row] = ask(truth, `${path}&columns=close,volume`).body as object[];
  assert.deepEqual(row, { date: '2020-10-01T13:30:00+00:00', close: 1, volume: 7 });
});

const minutes = [1, 2].map(n => ({
  date: new Date(Date.UTC(2020, 9, 1, 13, 29 + n)).toISOString(),
  open: n,
  high: n,
  low: n,
  close: n,
  volume: 7,
}));
