/** Real exports of real programs, by the rows, stamps, zone and side that they are known to have. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { noFixtures } from '../fixtures.js';
import { importScene } from './scene.js';

const folder = resolve(process.env.TAPEKEEP_FIXTURES ?? join('..', 'shared', 'fixtures'), 'csv');

type Say = NonNullable<Parameters<Awaited<ReturnType<typeof importScene>>['take']>[1]>;
/** File; what a person adds; dialect, series, zone, side; rows, stored, equal, quarantined; first and last open. */
type Known = readonly [string, Say, string, string, string, string, readonly [number, number, number, number], string, string];

const BY_UTC: Say = { given: { zone: 'UTC' } };
const OPENS: Say = { given: { stamp: 'open' } };

const TAKEN: readonly Known[] = [
  ['tradingview/CME_NQ, 5.csv', {}, 'tradingview', 'NQ 5m', 'UTC', 'open', [1380, 1380, 0, 0], '2022-01-30T23:00', '2022-02-04T21:55'],
  [
    'tradingview/BINANCE_BTCUSDT, 60.csv',
    {},
    'tradingview',
    'BTCUSDT 1h',
    'UTC',
    'open',
    [699, 699, 0, 0],
    '2025-08-12T13:00',
    '2025-09-10T15:00',
  ],
  [
    'tradingview/BINANCE_BTCUSDT, 1D.csv',
    {},
    'tradingview',
    'BTCUSDT 1d',
    'UTC',
    'open',
    [564, 564, 0, 0],
    '2022-09-24T00:00',
    '2024-04-09T00:00',
  ],
  [
    'tradingview/BINANCE_BTCUSDT, 1D-crlf.csv',
    {},
    'tradingview',
    'BTCUSDT 1d',
    'UTC',
    'open',
    [399, 399, 0, 0],
    '2017-08-17T00:00',
    '2018-09-19T00:00',
  ],
  [
    'ninjatrader/NQ 03-25.Last.txt',
    {},
    'ninjatrader',
    'NQ 03-25 1m',
    'UTC',
    'close',
    [6000, 6000, 0, 0],
    '2025-01-01T23:00',
    '2025-01-08T07:00',
  ],
  ['mt4/EURUSD60.csv', BY_UTC, 'metatrader4', 'EURUSD 1h', 'UTC', 'open', [2078, 2078, 0, 0], '2013-08-15T18:00', '2013-12-16T09:00'],
  ['mt4/EURUSD60-header.csv', {}, 'metatrader4', 'EURUSD 1h', 'UTC', 'open', [1999, 1999, 0, 0], '2019-02-15T14:00', '2019-06-12T19:00'],
  ['mt4/EURUSD1.csv', BY_UTC, 'metatrader4', 'EURUSD 1m', 'UTC', 'open', [3000, 3000, 0, 0], '2013-12-11T17:20', '2013-12-13T19:34'],
  [
    'mt5/US30m_Daily_202401010000_202509080000.csv',
    { assetClass: 'index', calendar: 'CMES' },
    'metatrader5',
    'US30m 1d',
    'UTC',
    'open',
    [527, 527, 0, 0],
    '2024-01-01T00:00',
    '2025-09-08T00:00',
  ],
  [
    'mt5/US30m_H1_202401012300_202509082200.csv',
    { assetClass: 'index', calendar: 'CMES' },
    'metatrader5',
    'US30m 1h',
    'UTC',
    'open',
    [1999, 1999, 0, 0],
    '2024-01-01T23:00',
    '2024-05-03T19:00',
  ],
  [
    // Its server cuts four hours by its own midnight, and no exchange does.
    'mt5/US30m_H4_202401012000_202509082000.csv',
    { assetClass: 'index', calendar: '24/7', given: { zone: 'UTC' } },
    'metatrader5',
    'US30m 4h',
    'UTC',
    'open',
    [2662, 2662, 0, 0],
    '2024-01-01T20:00',
    '2025-09-08T20:00',
  ],
  [
    'dukascopy/EURUSD_Candlestick_1_D_BID_15.12.2017-15.12.2020.csv',
    {},
    'dukascopy',
    'EURUSD 1d',
    'UTC',
    'open',
    [1097, 939, 0, 158],
    '2017-12-15T00:00',
    '2020-12-15T00:00',
  ],
  [
    'dukascopy/EURUSD_Candlestick_4_Hour_ASK_reduced.csv',
    {},
    'dukascopy',
    'EURUSD 4h',
    'UTC',
    'open',
    [51, 51, 0, 0],
    '2003-05-04T21:00',
    '2003-05-15T05:00',
  ],
  ['sierra/ESU18.dly_BarData.txt', {}, 'sierra-chart', 'ESU18 1d', 'UTC', 'open', [756, 756, 0, 0], '2015-09-14T00:00', '2018-09-12T00:00'],
  [
    'sierra/$VIX.dly_BarData.txt',
    { calendar: 'XNYS' },
    'sierra-chart',
    '^VIX 1d',
    'UTC',
    'open',
    [755, 755, 0, 0],
    '2015-12-09T00:00',
    '2018-12-07T00:00',
  ],
  [
    'generic/stooq-goog.us.txt',
    { assetClass: 'stock', calendar: 'XNAS' },
    'generic',
    'GOOG.US 1d',
    'UTC',
    'open',
    [1590, 1590, 0, 0],
    '2014-03-27T00:00',
    '2020-07-20T00:00',
  ],
  [
    'generic/eurostoxx-5min.txt',
    { assetClass: 'index', calendar: 'XETR' },
    'generic',
    'EUROSTOXX 5m',
    'Europe/Berlin',
    'close',
    [2142, 2142, 0, 0],
    '2006-01-02T08:00',
    '2006-01-30T16:25',
  ],
  [
    'generic/yahoo-nvda-2014.csv',
    { given: { symbol: 'NVDA' } },
    'generic',
    'NVDA 1d',
    'UTC',
    'open',
    [252, 252, 0, 0],
    '2014-01-02T00:00',
    '2014-12-31T00:00',
  ],
  [
    'generic/EURUSD_M1-ddmmyyyy.csv',
    OPENS,
    'generic',
    'EURUSD 1m',
    'America/New_York',
    'open',
    [6499, 6499, 0, 0],
    '2020-01-09T05:00',
    '2020-01-15T17:20',
  ],
  [
    'generic/EURUSD_D1-noheader.csv',
    {},
    'generic-unheaded',
    'EURUSD 1d',
    'UTC',
    'open',
    [1000, 1000, 0, 0],
    '2007-01-01T00:00',
    '2010-03-11T00:00',
  ],
  [
    'generic/EURUSD_M15-mt5py.csv',
    {},
    'metatrader-python',
    'EURUSD 15m',
    'America/New_York+7',
    'open',
    [1499, 1499, 0, 0],
    '2026-04-21T08:45',
    '2026-05-12T23:15',
  ],
  [
    'generic/XAUUSD_M5-dup-header.csv',
    { assetClass: 'commodity', calendar: 'CMES', given: { zone: 'UTC' } },
    'metatrader-python',
    'XAUUSD 5m',
    'UTC',
    'open',
    [1499, 1499, 0, 0],
    '2025-09-04T17:00',
    '2025-09-12T05:20',
  ],
  [
    'generic/alphavantage-AMZN-1min.csv',
    {},
    'generic',
    'AMZN 1m',
    'America/New_York',
    'close',
    [2499, 2499, 0, 0],
    '2021-04-26T17:45',
    '2021-04-30T23:59',
  ],
  [
    'generic/investing-BTC_USD-weekly-semicolon.csv',
    { given: { symbol: 'BTCUSD' } },
    'investing',
    'BTCUSD 1w',
    'UTC',
    'open',
    [313, 312, 0, 1],
    '2016-05-30T00:00',
    '2022-05-16T00:00',
  ],
  [
    'generic/6EH4-semicolon.csv',
    { given: { stamp: 'close' } },
    'generic',
    '6EH4 1m',
    'UTC',
    'close',
    [9, 9, 0, 0],
    '2024-01-01T23:00',
    '2024-01-01T23:08',
  ],
  [
    'generic/gbpusd-m1-ask-2012.csv',
    OPENS,
    'generic',
    'GBPUSD 1m',
    'UTC',
    'open',
    [2999, 2999, 0, 0],
    '2012-02-01T00:00',
    '2012-02-03T02:10',
  ],
  [
    'generic/bitstamp-cryptodatadownload-1h.csv',
    {},
    'cryptodatadownload',
    'BTCUSD 1h',
    'UTC',
    'open',
    [1500, 1500, 0, 0],
    '2022-06-18T13:00',
    '2022-08-20T00:00',
  ],
  [
    'generic/bitstamp-cryptodatadownload-1h-oldpart.csv',
    {},
    'cryptodatadownload',
    'BTCUSD 1h',
    'UTC',
    'open',
    [1500, 1500, 0, 0],
    '2018-05-15T06:00',
    '2018-07-16T17:00',
  ],
  [
    'generic/Binance_BTCUSDT_d-cryptodatadownload.csv',
    {},
    'cryptodatadownload',
    'BTCUSDT 1d',
    'UTC',
    'open',
    [1355, 1354, 0, 1],
    '2017-08-17T00:00',
    '2021-05-01T00:00',
  ],
  [
    'generic/kraken-XBTUSD_1440.csv',
    {},
    'generic-unheaded',
    'XBTUSD 1d',
    'UTC',
    'open',
    [1500, 1500, 0, 0],
    '2013-10-06T00:00',
    '2017-11-25T00:00',
  ],
  ['generic/nasdaq-GOOG.csv', {}, 'generic', 'GOOG 1d', 'UTC', 'open', [1555, 1555, 0, 0], '2014-03-27T00:00', '2020-05-29T00:00'],
  ['generic/BTCUSD-monthly.csv', {}, 'generic', 'BTCUSD 1mo', 'UTC', 'close', [156, 156, 0, 0], '2012-01-01T00:00', '2024-12-01T00:00'],
  ['generic/EURUSD-1h.csv', {}, 'generic', 'EURUSD 1h', 'UTC', 'open', [5000, 5000, 0, 0], '2017-04-19T09:00', '2018-02-07T15:00'],
  ['generic/EURUSD_H1-us-dates.csv', {}, 'generic', 'EURUSD 1h', 'UTC', 'open', [1499, 1499, 0, 0], '2012-12-28T19:00', '2013-03-28T01:00'],
  [
    'generic/EURUSD_H1-zero-tail.csv',
    {},
    'generic-unheaded',
    'EURUSD 1h',
    'UTC',
    'open',
    [1564, 1501, 0, 63],
    '2020-10-01T05:00',
    '2020-12-29T08:00',
  ],
  [
    'generic/investing-BTC_USD.csv',
    { given: { symbol: 'BTCUSD' } },
    'investing',
    'BTCUSD 1d',
    'UTC',
    'open',
    [1199, 1199, 0, 0],
    '2021-05-24T00:00',
    '2024-09-03T00:00',
  ],
];

const NO_BARS = 'generic/ticks-as-bars.csv';

for (const [file, say, dialect, series, zone, stamp, counts, first, last] of TAKEN) {
  test(`${file}: ${dialect}, ${series}, ${zone}, stamps of the ${stamp}`, { skip: noFixtures }, async t => {
    const { take } = await importScene(t);
    const { found, ...done } = await take(join(folder, file), say);
    assert.deepEqual(found.questions, []);
    assert.deepEqual([found.dialect, found.series, found.zone, found.stamp], [dialect, series, zone, stamp]);
    assert.deepEqual([done.rows, done.stored, done.equal, done.quarantined], counts);
    assert.deepEqual([done.first, done.last], [`${first}:00.000Z`, `${last}:00.000Z`]);
  });
}

test('the last row of an export that ends without a line end is a row like any other', { skip: noFixtures }, async t => {
  const { take } = await importScene(t);
  const done = await take(join(folder, 'dukascopy/EURUSD_Candlestick_1_D_BID_15.12.2017-15.12.2020.csv'), { keepLast: false });
  assert.deepEqual([done.stored, done.quarantined, done.last], [939, 158, '2020-12-15T00:00:00.000Z']);
});

test('a server that opened five minutes late: its stamps are put to the opens of their bars, and that is told', {
  skip: noFixtures,
}, async t => {
  const { take } = await importScene(t);
  const { rows, stored, moved } = await take(join(folder, 'mt4/EURUSD60-header.csv'));
  assert.deepEqual([rows, stored, moved], [1999, 1999, 234]);
});

const ASKED = [
  ['mt4/EURUSD1.csv', ['zone']],
  ['mt4/EURUSD60.csv', ['zone']],
  ['mt5/US30m_Daily_202401010000_202509080000.csv', ['class']],
  ['mt5/US30m_H1_202401012300_202509082200.csv', ['class']],
  ['mt5/US30m_H4_202401012000_202509082000.csv', ['class']],
  ['sierra/$VIX.dly_BarData.txt', ['calendar']],
  ['generic/stooq-goog.us.txt', ['class']],
  ['generic/eurostoxx-5min.txt', ['class']],
  ['generic/yahoo-nvda-2014.csv', ['symbol']],
  ['generic/EURUSD_M1-ddmmyyyy.csv', ['stamp']],
  ['generic/XAUUSD_M5-dup-header.csv', ['calendar']],
  ['generic/6EH4-semicolon.csv', ['stamp']],
  ['generic/gbpusd-m1-ask-2012.csv', ['stamp']],
  ['generic/investing-BTC_USD.csv', ['symbol']],
  ['generic/investing-BTC_USD-weekly-semicolon.csv', ['symbol']],
] as const;

test('every file of the folder is known here, and what is only taken with an answer is asked without one', { skip: noFixtures }, () => {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const names = all.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  assert.deepEqual(names.sort(), [...TAKEN.map(([file]) => file), NO_BARS].sort());
  const asked = new Set<string>(ASKED.map(([file]) => file));
  assert.deepEqual(
    TAKEN.filter(([file, { given, assetClass, calendar }]) => (given || assetClass || calendar) && !asked.has(file)).map(([file]) => file),
    [],
  );
});

for (const [file, about] of ASKED) {
  test(`${file} does not say its ${about.join(' and ')}: it is asked, and nothing is taken`, { skip: noFixtures }, async t => {
    const { take, store } = await importScene(t);
    const { found, rows } = await take(join(folder, file));
    assert.deepEqual(
      found.questions.map(q => q.about),
      about,
    );
    assert.equal(rows, 0);
    assert.deepEqual(await store.list(), []);
  });
}

test('four hours that the market of the calendar cuts otherwise fit by no zone, and that is told', { skip: noFixtures }, async t => {
  const { take } = await importScene(t);
  const { found, rows } = await take(join(folder, 'mt5/US30m_H4_202401012000_202509082000.csv'), { assetClass: 'index', calendar: 'CMES' });
  assert.match(found.questions[0]?.says ?? '', /by no zone do its rows lie where CMES expects bars of 4h/);
  assert.equal(rows, 0);
});

test('ticks that are written as bars are no bars of one length', { skip: noFixtures }, async t => {
  const { take } = await importScene(t);
  await assert.rejects(take(join(folder, NO_BARS)), /no common spacing.*no bars of one length/);
});

for (const [file, series, rows, first, last] of [
  ['spot/monthly/BTCUSDT-1h-2024-12', 'BTCUSDT 1h', 744, '2024-12-01T00:00', '2024-12-31T23:00'],
  ['spot/monthly/BTCUSDT-1h-2025-01', 'BTCUSDT 1h', 744, '2025-01-01T00:00', '2025-01-31T23:00'],
  ['spot/daily/BTCUSDT-1m-2025-02-19', 'BTCUSDT 1m', 1440, '2025-02-19T00:00', '2025-02-19T23:59'],
  ['futures-um/monthly/ALGOUSDT-1m-2025-02', 'ALGOUSDT 1m', 2880, '2025-02-01T00:00', '2025-02-02T23:59'],
] as const) {
  for (const ending of ['csv', 'zip'])
    test(`an archive of Binance, ${file}.${ending}: every row, by its open in UTC`, { skip: noFixtures }, async t => {
      const { take } = await importScene(t);
      const { found, ...done } = await take(join(folder, '..', 'binance', 'bulk', `${file}.${ending}`));
      assert.deepEqual([found.dialect, found.series, found.zone, found.stamp], ['binance-archive', series, 'UTC', 'open']);
      assert.deepEqual([found.questions, done.rows, done.stored, done.quarantined], [[], rows, rows, 0]);
      assert.deepEqual([done.first, done.last], [`${first}:00.000Z`, `${last}:00.000Z`]);
    });
}
