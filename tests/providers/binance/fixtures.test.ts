/** Recorded answers of Binance: each parses to the rows, first and last stamp that its page tells; the emulator answers in their shape. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bars, countOf } from '../../../src/model/bars.js';
import { DAY, type Timeframe } from '../../../src/model/timeframe.js';
import { archiveBars } from '../../../src/providers/binance/archives.js';
import { createBinance } from '../../../src/providers/binance/binance.js';
import { barsOfKlines, KLINE_WIDTH } from '../../../src/providers/binance/klines.js';
import { ARCHIVE_RULES, RULES } from '../../../src/providers/binance/market.js';
import { classify } from '../../../src/providers/http/rules.js';
import { readCsv, readListOfLists, type Table } from '../../../src/providers/parse/table.js';
import { onlyFileOf } from '../../../src/providers/parse/zip.js';
import { heldWorld } from '../../contract/world.js';
import { createBinanceAnswers } from '../../emulators/binance/binance.js';
import { startEmulator } from '../../emulators/emulator.js';
import { shapeOf } from '../../emulators/shape.js';
import { recorded } from '../../emulators/truth.js';
import { fixture, fixtureJson, noFixtures } from '../../fixtures.js';
import { NOW } from './scene.js';

const origin = (symbol: string, timeframe: Timeframe, provider = 'binance') => ({ provider, symbol, timeframe });
const at = (text: string): number => Date.parse(text);

function barsIn(file: string, symbol: string, timeframe: Timeframe): Bars {
  const bytes = fixture(`binance/${file}`);
  const table = file.endsWith('.csv') ? readCsv(bytes, KLINE_WIDTH) : readListOfLists(bytes, KLINE_WIDTH);
  assert.notEqual(typeof table, 'string');
  return barsOfKlines(table as Table, origin(symbol, timeframe));
}

const RECORDED: readonly [file: string, symbol: string, timeframe: Timeframe, rows: number, first: string, last: string][] = [
  ['rest/klines-BTCUSDT-1m-60.json', 'BTCUSDT', '1m', 60, '2020-05-06T04:42:00Z', '2020-05-06T05:41:00Z'],
  ['rest/klines-BTCUSDT-1h-page1.json', 'BTCUSDT', '1h', 1_000, '2020-04-30T21:00:00Z', '2020-06-11T12:00:00Z'],
  ['rest/klines-BTCUSDT-1h-page2.json', 'BTCUSDT', '1h', 468, '2020-06-11T13:00:00Z', '2020-07-01T03:00:00Z'],
  ['rest/klines-BTCUSDT-1d-2019.json', 'BTCUSDT', '1d', 365, '2019-01-01', '2019-12-31'],
  ['rest/klines-ETHBTC-1d-6.json', 'ETHBTC', '1d', 6, '2023-01-01', '2023-01-06'],
  ['rest/fapi-klines-BTCUSDT-1d-listing.json', 'BTCUSDT', '1d', 116, '2019-09-08', '2020-01-01'],
  ['bulk/spot/monthly/BTCUSDT-1h-2024-12.csv', 'BTCUSDT', '1h', 744, '2024-12-01', '2024-12-31T23:00:00Z'],
  ['bulk/spot/monthly/BTCUSDT-1h-2025-01.csv', 'BTCUSDT', '1h', 744, '2025-01-01', '2025-01-31T23:00:00Z'],
  ['bulk/spot/daily/BTCUSDT-1m-2025-02-19.csv', 'BTCUSDT', '1m', 1_440, '2025-02-19', '2025-02-19T23:59:00Z'],
  ['bulk/futures-um/monthly/ALGOUSDT-1m-2025-02.csv', 'ALGOUSDT', '1m', 2_880, '2025-02-01', '2025-02-02T23:59:00Z'],
  ['bulk/spot/ADABTC-1m-2021-11-27.head.csv', 'ADABTC', '1m', 10, '2021-11-27', '2021-11-27T00:09:00Z'],
];

describe('recorded answers of Binance', { skip: noFixtures }, () => {
  for (const [file, symbol, timeframe, rows, first, last] of RECORDED) {
    test(file, () => {
      const bars = barsIn(file, symbol, timeframe);
      assert.deepEqual([countOf(bars), bars.ts[0], bars.ts.at(-1)], [rows, at(first), at(last)]);
    });
  }

  test('every number is what its text says, to the last bit', () => {
    for (const [file, symbol, timeframe] of RECORDED.filter(([name]) => name.endsWith('.json'))) {
      const bars = barsIn(file, symbol, timeframe);
      const told = (fixtureJson(`binance/${file}`) as string[][]).map(row => row.map(Number));
      const columns = [bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume, undefined, bars.turnover, bars.trades];
      columns.forEach((column, i) => {
        if (column)
          assert.deepEqual(
            [...column],
            told.map(row => row[i]),
          );
      });
    }
  });

  test('the hole of 2020-06-28 lies between 01:00 and 05:00', () => {
    const { ts } = barsIn('rest/klines-BTCUSDT-1h-page2.json', 'BTCUSDT', '1h');
    const i = ts.findIndex((t, n) => n > 0 && t - (ts[n - 1] as number) > 3_600_000);
    assert.deepEqual([ts[i - 1], ts[i]], [at('2020-06-28T01:00:00Z'), at('2020-06-28T05:00:00Z')]);
  });

  const ARCHIVES: readonly [folder: string, name: string, symbol: string, timeframe: Timeframe, from: string, days: number][] = [
    ['spot/monthly', 'BTCUSDT-1h-2024-12', 'BTCUSDT', '1h', '2024-12-01', 31],
    ['spot/monthly', 'BTCUSDT-1h-2025-01', 'BTCUSDT', '1h', '2025-01-01', 31],
    ['spot/daily', 'BTCUSDT-1m-2025-02-19', 'BTCUSDT', '1m', '2025-02-19', 1],
    ['futures-um/monthly', 'ALGOUSDT-1m-2025-02', 'ALGOUSDT', '1m', '2025-02-01', 28],
  ];
  for (const [folder, name, symbol, timeframe, from, days] of ARCHIVES) {
    test(`${folder}/${name}.zip holds its rows, in order in itself`, async () => {
      const csv = await onlyFileOf(fixture(`binance/bulk/${folder}/${name}.zip`), `${name}.csv`, { mostBytes: 1e8, mostRatio: 200 });
      const file = { from: at(from), to: at(from) + days * DAY };
      const bars = archiveBars(csv, { symbol, timeframe, interval: file }, file, 'binance');
      assert.equal(countOf(bars), RECORDED.find(([path]) => path.endsWith(`${name}.csv`))?.[3]);
    });
  }

  const REFUSALS: readonly [file: string, status: number, means: string, waitMs?: number][] = [
    ['error-1121.json', 400, 'SYMBOL_UNKNOWN'],
    ['dapi-klines-error-4088.json', 400, 'REQUEST_REFUSED'],
    ['error-1003-429.json', 429, 'RATE_LIMITED', 60_000],
    ['error-1003-418.json', 418, 'BANNED', 100_000],
  ];
  for (const [file, status, means, waitMs] of REFUSALS) {
    test(`${file} is ${means}`, () => {
      const verdict = classify({ status, headers: {}, bytes: fixture(`binance/rest/${file}`) }, RULES, 1_618_228_575_371);
      assert.deepEqual([verdict.means, verdict.waitMs], [means, waitMs]);
      assert.match(verdict.reason, /^\d{3}: \w/);
    });
  }

  test('exchangeInfo.json lists five symbols that are traded and three that are not', async () => {
    const emulator = await startEmulator(() => ({ status: 200, body: fixtureJson('binance/rest/exchangeInfo.json') }), { now: NOW });
    const world = heldWorld(NOW);
    try {
      const source = createBinance({ baseUrl: emulator.url, archiveUrl: null, perMinute: 6_000, settleMs: 10_000 }, world);
      const found = (await source.symbols?.('', new AbortController().signal)) ?? [];
      const names = (active: boolean) => found.filter(symbol => symbol.active === active).map(symbol => symbol.symbol);
      assert.deepEqual(names(true), ['ETHBTC', 'BTCUSDT', 'ETHUSDT', 'LRCBTC', 'NKNUSDT']);
      assert.deepEqual(names(false), ['BCCBTC', 'HSRBTC', 'OAXETH']);
    } finally {
      await world.http.close();
      await emulator.close();
    }
  });

  test('an archive that is not there is no error', () => {
    assert.equal(
      classify({ status: 404, headers: {}, bytes: Buffer.from('<Error><Code>NoSuchKey</Code></Error>') }, ARCHIVE_RULES, 0).means,
      'none',
    );
  });
});

describe('the emulator answers as Binance did', { skip: noFixtures }, () => {
  const INDEX = noFixtures ? {} : (fixtureJson('binance/_http.json') as Record<string, { url: string; status: number }>);
  for (const [file, symbol, timeframe] of RECORDED.filter(([name]) => name.startsWith('rest/'))) {
    test(file, () => {
      const bars = barsIn(file, symbol, timeframe);
      const url = new URL((INDEX[file] as { url: string }).url);
      const ask = answers(url, symbol, bars);
      const { status, body } = ask(url);
      const told = fixtureJson(`binance/${file}`) as unknown[][];
      assert.equal(status, INDEX[file]?.status);
      assert.deepEqual(shapeOf(body), shapeOf(told));
      assert.deepEqual(
        (body as unknown[][]).map(row => row.slice(0, 9).map(Number)),
        told.map(row => row.slice(0, 9).map(Number)),
      );
    });
  }

  test('a symbol that it does not have, and too much weight, are refused in the same words', () => {
    const url = new URL('https://api.binance.com/api/v3/klines?symbol=NOSUCH&interval=1m');
    const ask = answers(url, 'BTCUSDT', barsIn('rest/klines-ETHBTC-1d-6.json', 'ETHBTC', '1d'), 4);
    assert.deepEqual([ask(url).status, ask(url).body], [400, fixtureJson('binance/rest/error-1121.json')]);
    const limited = ask(url);
    assert.equal(limited.status, 429);
    assert.deepEqual(shapeOf(limited.body), shapeOf(fixtureJson('binance/rest/error-1003-429.json')));
    for (let i = 0; i < 3; i++) ask(url);
    const banned = ask(url);
    assert.equal(banned.status, 418);
    assert.deepEqual(shapeOf(banned.body), shapeOf(fixtureJson('binance/rest/error-1003-418.json')));
  });
});

/** An emulated Binance that knows one symbol, by what was recorded of it. */
function answers(url: URL, symbol: string, bars: Bars, minuteWeight = 6_000) {
  const now = (bars.ts.at(-1) as number) + 1_000 * DAY;
  const ask = createBinanceAnswers({
    truth: recorded(symbol, bars),
    market: url.pathname.startsWith('/fapi') ? 'futures/um' : 'spot',
    symbols: { [symbol]: { first: bars.ts[0] as number } },
    minuteWeight,
    patience: 3,
    banMs: 120_000,
  });
  return (asked: URL) => ask(now, asked);
}
