/** Real exports of real programs, by the rows, stamps, zone and side that they are known to have. */
import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { noFixtures } from '../fixtures.js';
import { importScene } from './scene.js';

const folder = resolve(process.env.TAPEKEEP_FIXTURES ?? join('..', 'shared', 'fixtures'), 'csv');

type Say = NonNullable<Parameters<Awaited<ReturnType<typeof importScene>>['take']>[1]>;
/** File; what a person adds; dialect, series, zone, side; rows, stored, equal, quarantined; first and last open. */
type Known = readonly [string, Say, string, string, string, string, readonly [number, number, number, number], string, string];

const BROKER: Say = { given: { zone: 'America/New_York+7' } };

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
  [
    'mt4/EURUSD60.csv',
    BROKER,
    'metatrader4',
    'EURUSD 1h',
    'America/New_York+7',
    'open',
    [2078, 2078, 0, 0],
    '2013-08-15T15:00',
    '2013-12-16T07:00',
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
    '2020-12-31T23:00',
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

test('a server that opened five minutes late: its stamps are put to the opens of their bars, and that is told', {
  skip: noFixtures,
}, async t => {
  const { take } = await importScene(t);
  const { rows, stored, moved } = await take(join(folder, 'mt4/EURUSD60-header.csv'), BROKER);
  assert.deepEqual([rows, stored], [1999, 1999]);
  assert.ok(moved > 150, `${moved}`);
});

for (const [file, about] of [
  ['mt4/EURUSD1.csv', ['zone']],
  ['generic/6EH4-semicolon.csv', ['stamp']],
  ['generic/gbpusd-m1-ask-2012.csv', ['stamp']],
  ['generic/investing-BTC_USD.csv', ['symbol']],
] as const) {
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

test('ticks that are written as bars are no bars of one length', { skip: noFixtures }, async t => {
  const { take } = await importScene(t);
  await assert.rejects(take(join(folder, 'generic/ticks-as-bars.csv')), /no common spacing.*no bars of one length/);
});
