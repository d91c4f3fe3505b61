/**
 * Every recorded answer of a source: read by a test that holds it to the figure of its page, refused by one, or left out with the
 * reason that stands here. Nothing is left out in silence.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fixture, noFixtures } from '../fixtures.js';
import { readProjectFile } from '../project-files.js';

/** The test that names the file, and the files that it names. A star stands for any ending. */
const READ: Readonly<Record<string, readonly string[]>> = {
  'tests/providers/binance/fixtures.test.ts': [
    'binance/rest/klines-*',
    'binance/rest/fapi-klines-BTCUSDT-1d-listing.json',
    'binance/rest/error-*',
    'binance/rest/dapi-klines-error-4088.json',
    'binance/rest/exchangeInfo.json',
    'binance/bulk/spot/*',
    'binance/bulk/futures-um/*',
  ],
  'tests/providers/yahoo/chart.test.ts': [
    'yahoo/chart/*',
    'yahoo/errors/4*.json',
    'yahoo/quoteSummary/AZT*',
    'yahoo/quoteSummary/QQQ*',
    'yahoo/quoteSummary/BTC*',
    'yahoo/timeseries/*',
    'yahoo/ws/BTC*',
  ],
  'tests/providers/alpha-vantage/times.test.ts': ['alphavantage/*.json'],
  'tests/providers/fmp/rows.test.ts': ['fmp/historical-*', 'fmp/v3-historical-*', 'fmp/empty.json'],
  'tests/providers/polygon/aggs.test.ts': ['polygon/aggs-*', 'polygon/prev.json'],
  'tests/providers/polygon/events.test.ts': ['polygon/splits.json', 'polygon/dividends.json'],
  'tests/emulators/polygon/polygon.test.ts': ['polygon/pagination-tickers-page1.json'],
  'tests/providers/tiingo/prices.test.ts': ['tiingo/*'],
  'tests/providers/alpaca/bars.test.ts': ['alpaca/v*'],
  'tests/providers/coingecko/candles.test.ts': ['coingecko/ohlc-*', 'coingecko/market_chart-bitcoin-*'],
  'tests/providers/refusals.test.ts': ['*/errors/*'],
};

const NO_SOURCE = 'there is no such source yet';
const NO_SOCKET = 'bars are asked for, not listened to: there is no socket yet';
const NO_ACCOUNTS = 'accounts of companies are no bars, and no answer of a request that is made';

const LEFT_OUT: Readonly<Record<string, string>> = {
  'metaapi/*': NO_SOURCE,
  'ibkr/*': NO_SOURCE,
  'binance/ws/*': NO_SOCKET,
  'yahoo/ws/PricingData-fields.txt': NO_SOCKET,
  'yahoo/quoteSummary/AAPL-incomeStatementHistory.json': NO_ACCOUNTS,
  'fmp/v3-income-statement-AAPL.json': NO_ACCOUNTS,
  'polygon/financials.json': NO_ACCOUNTS,
  'fmp/v3-profile-AAPL.json': 'the former interface is closed to new keys; the stable one names the exchange otherwise',
  'polygon/pagination-tickers-page2.json': 'the list of tickers is asked for in one page',
  'alphavantage/INTRADAY_EXTENDED-1min.csv': 'the function was closed; minutes are asked for by the month, as JSON',
  'alpaca/calendar.json': 'calendars are files of the project, with sources of their own',
  'binance/bulk/checksum-changes.csv': 'news of corrected archives, which no request asks for; a load takes the archive that is there',
};

/** Where a page counts what came, and fewer of it are bars. */
const FEWER: Readonly<Record<string, string>> = {
  'yahoo/chart/MUV2.DE-1d-null-bar.json': '123',
  'yahoo/chart/BARC.L-1m-nulls.json': '1',
  'yahoo/chart/PETR4.SA-1m-null-and-partial.json': '4',
  'alpaca/v2-stocks-bars-3.json': '1',
};

const folder = resolve(process.env.TAPEKEEP_FIXTURES ?? join('..', 'shared', 'fixtures'));
const SOURCES = ['binance', 'yahoo', 'alphavantage', 'fmp', 'polygon', 'tiingo', 'alpaca', 'coingecko', 'metaapi', 'ibkr'];

const files = noFixtures
  ? []
  : SOURCES.flatMap(source =>
      readdirSync(join(folder, source), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && entry.name !== '_http.json')
        .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1)),
    );

const fits = (pattern: string, file: string): boolean =>
  new RegExp(`^${pattern.replace(/[.^$+()|[\]{}]/g, '\\$&').replaceAll('*', '.*')}$`).test(file);

/** The tests that are to name a file, the more particular ones first. */
const testsOf = (file: string): string[] =>
  Object.entries(READ).flatMap(([path, patterns]) => (patterns.some(pattern => fits(pattern, file)) ? [path] : []));

const reasonOf = (file: string): string | undefined => Object.entries(LEFT_OUT).find(([pattern]) => fits(pattern, file))?.[1];

/** As tests write it: whole, without its ending, or only what tells it apart from others of its kind. */
const namesOf = (file: string): string[] => {
  if (file.includes('/errors/')) return [file, `${basename(file, '.json')}'`];
  const name = basename(file);
  const bare = name.replace(/(\.(json|csv|txt|zip|CHECKSUM))+$/, '');
  return [name, bare, bare.replace('market_chart-bitcoin-', '')];
};

function namedIn(path: string, file: string): number {
  const source = readProjectFile(path);
  const places = namesOf(file).map(name => source.indexOf(name));
  return Math.min(...places.filter(place => place >= 0));
}

describe('recorded answers', { skip: noFixtures }, () => {
  test('each is named by a test that reads or refuses it, or is left out for a reason', () => {
    assert.ok(files.length > 90);
    const silent = files.filter(file => reasonOf(file) === undefined && !testsOf(file).some(path => Number.isFinite(namedIn(path, file))));
    assert.deepEqual(silent, []);
  });

  test('no reason is given for what is not there, or for what is read', () => {
    for (const pattern of Object.keys(LEFT_OUT)) {
      const left = files.filter(file => fits(pattern, file));
      assert.ok(left.length > 0, pattern);
      const named = left.filter(file => testsOf(file).some(path => Number.isFinite(namedIn(path, file))));
      assert.deepEqual(named, [], pattern);
    }
  });

  test('where a page counts the bars, the test that reads them has that count', () => {
    let counted = 0;
    let source = '';
    for (const line of fixture('README.md').toString('utf8').split('\n')) {
      source = /^## (\w+)$/.exec(line)?.[1] ?? source;
      const [, name, what = ''] = /^\| `([^`]+)` \| ([^|]+)\|/.exec(line) ?? [];
      const count = /\b(\d+) (?:x \d|bars\b|minutes\b|points\b|rows\b)/.exec(what)?.[1];
      const file = `${source}/${name}`;
      if (name === undefined || count === undefined || /^(csv|metaapi|ibkr)$/.test(source) || / minutes\)/.test(what)) continue;
      const rows = FEWER[file] ?? count;
      const written = rows.length > 3 ? `${rows.slice(0, -3)}_${rows.slice(-3)}` : rows;
      const [path = ''] = testsOf(file);
      const near = readProjectFile(path).slice(namedIn(path, file), namedIn(path, file) + 220);
      assert.match(near, new RegExp(`\\b${written}\\b`), `${file}: ${written} by ${path}`);
      counted += 1;
    }
    assert.ok(counted > 20, `${counted} pages count`);
  });
});
