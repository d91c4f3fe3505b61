/** The emulator is held to what was recorded: the same request has an answer of the same shape, with the same bars. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY } from '../../../src/model/timeframe.js';
import { readAggs } from '../../../src/providers/polygon/aggs.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { shapeOf } from '../shape.js';
import { recorded } from '../truth.js';
import { answerPolygon, type PolygonSettings } from './polygon.js';

const NOW = Date.UTC(2026, 10, 20);
const KEY = 'emulated-key';

function ask(path: string, given: Partial<PolygonSettings>, key = KEY): { status: number; body: unknown } {
  const settings: PolygonSettings = {
    truth: () => undefined,
    key: KEY,
    depthMs: 10_000 * DAY,
    delayMs: 0,
    nextHost: 'https://api.massive.com',
    mostBase: 50_000,
    split: 1,
    listRows: 1_000,
    tickers: {},
    splits: [],
    dividends: [],
    ...given,
  };
  return answerPolygon(settings, NOW, new URL(path, 'http://127.0.0.1'), `Bearer ${key}`);
}

const truthOf = (file: string) => recorded('AAPL', readAggs(fixtureJson(file), 'AAPL 1d', '1d').bars);
const read = (answer: unknown) => readAggs(answer, 'AAPL 1d', '1d').bars;

describe('the emulator of Polygon answers as Polygon did', { skip: noFixtures }, () => {
  for (const [file, range] of [
    ['polygon/aggs-AAPL-1d-2005.json', '2005-04-01/2005-04-04'],
    ['polygon/aggs-AAPL-1d-2023-scientific.json', '2023-01-03/2023-01-10'],
  ] as const)
    test(file, () => {
      const { status, body } = ask(`/v2/aggs/ticker/AAPL/range/1/day/${range}?adjusted=true&sort=asc`, { truth: truthOf(file) });
      assert.equal(status, 200);
      assert.deepEqual(shapeOf(body), shapeOf(fixtureJson(file)));
      assert.deepEqual(read(body), read(fixtureJson(file)));
    });

  test('a page that is not the last', () => {
    const file = 'polygon/aggs-page-with-next_url.json';
    const { count: _, ...body } = ask('/v2/aggs/ticker/AAPL/range/1/day/2020-01-02/2020-01-03?limit=1', { truth: truthOf(file) })
      .body as Record<string, unknown>;
    assert.deepEqual(shapeOf(body), shapeOf(fixtureJson(file)));
    const [mine, theirs] = [body, fixtureJson(file) as Record<string, unknown>].map(answer => new URL(String(answer.next_url)));
    assert.deepEqual([mine?.host, [...(mine?.searchParams.keys() ?? [])]], [theirs?.host, [...(theirs?.searchParams.keys() ?? [])]]);
  });

  test('splits, dividends and tickers', () => {
    for (const [name, path] of [
      ['splits', '/v3/reference/splits'],
      ['dividends', '/v3/reference/dividends'],
    ] as const) {
      const file = fixtureJson(`polygon/${name}.json`) as { results: { ticker: string }[] };
      assert.deepEqual(shapeOf(ask(path, { [name]: file.results }).body), shapeOf(file));
    }
  });

  test('a list of tickers goes on with a cursor and no key', () => {
    const file = fixtureJson('polygon/pagination-tickers-page1.json') as Record<string, unknown>;
    const tickers = { A: { list_date: '1999-11-18' }, AA: { list_date: '2016-10-18' }, AAA: { list_date: '2020-09-09' } };
    const body = ask('/v3/reference/tickers?limit=2&apiKey=emulated-key', { tickers, listRows: 2 }).body as Record<string, unknown>;
    assert.deepEqual(
      Object.keys(body).sort(),
      Object.keys(file)
        .filter(k => k !== 'count')
        .sort(),
    );
    assert.doesNotMatch(String(body.next_url), /emulated-key/);
  });
});
