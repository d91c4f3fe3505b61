/** Samples of our own in the shape of each kind of export: what is recognised, by which zone and side it is read, which columns are taken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookNote } from '../../src/activities/imports/look.js';
import { readCalendars } from '../../src/calendars.js';
import { wallClock } from '../../src/imports/detect/zones.js';
import type { View } from '../../src/model/calendar.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';
import { importScene } from './scene.js';

type Say = NonNullable<Parameters<Awaited<ReturnType<typeof importScene>>['take']>[1]>;

const calendars = readCalendars({});
const MONDAY = Date.UTC(2024, 0, 8);

interface Sample {
  readonly what: string;
  readonly name: string;
  readonly say?: Say;
  readonly lines: readonly string[];
  /** Dialect, series, zone, side. */
  readonly found: readonly [string, string, string, string];
  readonly first: string;
  readonly last: string;
  /** Of the first bar. */
  readonly bar: Readonly<Record<string, number | null>>;
}

const two = (n: number): string => String(n).padStart(2, '0');
/** "2024-01-08 06:00" by any signs. */
function clock(at: number, { date = '-', between = ' ', time = ':', seconds = false } = {}): string {
  const d = new Date(at);
  const day = [d.getUTCFullYear(), two(d.getUTCMonth() + 1), two(d.getUTCDate())].join(date);
  return `${day}${between}${[two(d.getUTCHours()), two(d.getUTCMinutes()), ...(seconds ? [two(d.getUTCSeconds())] : [])].join(time)}`;
}
const dmy = (at: number): string => {
  const d = new Date(at);
  return `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:00.000`;
};
const rows = (count: number, of: (i: number) => readonly (string | number)[], delimiter = ','): string[] =>
  Array.from({ length: count }, (_, i) => of(i).join(delimiter));
/** Open, high, low, close of row i. */
const prices = (i: number): readonly number[] => [100 + i, 102 + i, 99 + i, 101 + i];
const FIRST_PRICES = { open: 100, high: 102, low: 99, close: 101 };
const at = (i: number, step: number): number => MONDAY + i * step;
const COUNT = 60;

const SAMPLES: readonly Sample[] = [
  {
    what: 'TradingView: seconds, and the volume among the columns of studies',
    name: 'BINANCE_BTCUSDT, 60.csv',
    lines: ['time,open,high,low,close,VWAP,Volume,Volume MA', ...rows(COUNT, i => [at(i, HOUR) / 1000, ...prices(i), 5, 10 + i, 7])],
    found: ['tradingview', 'BTCUSDT 1h', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-10T11:00',
    bar: { ...FIRST_PRICES, volume: 10 },
  },
  {
    what: 'TradingView: ISO with an offset, no volume, by the hours of a future',
    name: 'CME_MINI_NQ1!, 5.csv',
    lines: [
      'time,open,high,low,close',
      ...rows(COUNT, i => [`${clock(at(i, 5 * MINUTE) - 6 * HOUR, { between: 'T', seconds: true })}-06:00`, ...prices(i)]),
    ],
    found: ['tradingview', 'NQ1! 5m', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-08T04:55',
    bar: { ...FIRST_PRICES, volume: null },
  },
  {
    what: 'NinjaTrader: minutes by their close in UTC',
    name: 'NQ 03-24.Last.txt',
    lines: rows(COUNT, i => [clock(at(i + 1, MINUTE), { date: '', time: '', seconds: true }), ...prices(i), 10 + i], ';'),
    found: ['ninjatrader', 'NQ 03-24 1m', 'UTC', 'close'],
    first: '2024-01-08T00:00',
    last: '2024-01-08T00:59',
    bar: { ...FIRST_PRICES, volume: 10 },
  },
  {
    what: 'NinjaTrader: days by their date',
    name: 'NQ 03-24.Last.txt',
    lines: ['20240108', '20240109', '20240110', '20240111', '20240112'].map((day, i) => [day, ...prices(i), 10].join(';')),
    found: ['ninjatrader', 'NQ 03-24 1d', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-12T00:00',
    bar: { ...FIRST_PRICES, volume: 10 },
  },
  {
    what: 'MetaTrader 5: ticks are the volume where the traded one is always 0',
    name: 'EURUSD_M15_202401080000_202401081445.csv',
    say: { given: { zone: 'America/New_York+7' } },
    lines: [
      '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>',
      ...rows(
        COUNT,
        i => [
          clock(at(i, 15 * MINUTE), { date: '.', seconds: true }).replace(' ', '\t'),
          ...[1.1, 1.2, 1.05, 1.15].map(p => p.toFixed(5)),
          40 + i,
          0,
          3,
        ],
        '\t',
      ),
    ],
    found: ['metatrader5', 'EURUSD 15m', 'America/New_York+7', 'open'],
    first: '2024-01-07T22:00',
    last: '2024-01-08T12:45',
    bar: { open: 1.1, high: 1.2, low: 1.05, close: 1.15, volume: 40 },
  },
  {
    what: 'MetaTrader 5: the traded volume is the volume where there is one',
    name: 'BTCUSDT_M1_202401080000_202401080059.csv',
    say: { given: { zone: 'UTC' } },
    lines: [
      '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>',
      ...rows(
        COUNT,
        i => [clock(at(i, MINUTE), { date: '.', seconds: true }).replace(' ', '\t'), ...prices(i), 40 + i, i === 5 ? 0 : 7, 3],
        '\t',
      ),
    ],
    found: ['metatrader5', 'BTCUSDT 1m', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-08T00:59',
    bar: { ...FIRST_PRICES, volume: 7 },
  },
  {
    what: 'MetaTrader 4: the History Center, without a heading',
    name: 'BTCUSD60.csv',
    say: { given: { zone: 'America/New_York+7' }, assetClass: 'crypto' },
    lines: rows(COUNT, i => [clock(at(i, HOUR), { date: '.' }).replace(' ', ','), ...prices(i), 40 + i]),
    found: ['metatrader4', 'BTCUSD 1h', 'America/New_York+7', 'open'],
    first: '2024-01-07T22:00',
    last: '2024-01-10T09:00',
    bar: { ...FIRST_PRICES, volume: 40 },
  },
  {
    what: 'rates of the MetaTrader package for Python',
    name: 'BTCUSDT_H1.csv',
    say: { given: { zone: 'UTC' } },
    lines: [
      'time,open,high,low,close,tick_volume,spread,real_volume',
      ...rows(COUNT, i => [clock(at(i, HOUR), { seconds: true }), ...prices(i), 40 + i, 2, 0]),
    ],
    found: ['metatrader-python', 'BTCUSDT 1h', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-10T11:00',
    bar: { ...FIRST_PRICES, volume: 40 },
  },
  ...(['', '+00:00'] as const).map(
    (offset): Sample => ({
      what: `rates of the MetaTrader package: the clock of the server, though they are written ${offset ? 'with the offset of UTC' : 'as seconds'}`,
      name: 'BTCUSDT_H1.csv',
      say: { given: { zone: 'America/New_York+7' } },
      lines: [
        'time,open,high,low,close,tick_volume,spread,real_volume',
        ...rows(COUNT, i => [
          offset ? `${clock(at(i, HOUR), { seconds: true })}${offset}` : at(i, HOUR) / 1000,
          ...prices(i),
          40 + i,
          2,
          0,
        ]),
      ],
      found: ['metatrader-python', 'BTCUSDT 1h', 'America/New_York+7', 'open'],
      first: '2024-01-07T22:00',
      last: '2024-01-10T09:00',
      bar: { ...FIRST_PRICES, volume: 40 },
    }),
  ),
  {
    what: 'Dukascopy: GMT, the day first',
    name: 'EURUSD_Candlestick_1_Hour_BID_08.01.2024-10.01.2024.csv',
    lines: ['Gmt time,Open,High,Low,Close,Volume', ...rows(COUNT, i => [dmy(at(i, HOUR)), 1.1, 1.2, 1.05, 1.15, 2.5])],
    found: ['dukascopy', 'EURUSD 1h', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-10T11:00',
    bar: { open: 1.1, high: 1.2, low: 1.05, close: 1.15, volume: 2.5 },
  },
  {
    what: 'Dukascopy: local time with its offset',
    name: 'EURUSD_Candlestick_1_M_ASK_08.01.2024-08.01.2024.csv',
    lines: [
      'Local time,Open,High,Low,Close,Volume',
      ...rows(COUNT, i => [`${dmy(at(i, MINUTE) + HOUR)} GMT+0100`, 1.1, 1.2, 1.05, 1.15, 2.5]),
    ],
    found: ['dukascopy', 'EURUSD 1m', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-08T00:59',
    bar: { open: 1.1, volume: 2.5 },
  },
  {
    what: 'Sierra Chart: the last price is the close, trades are counted',
    name: 'ESH24.scid_BarData.txt',
    say: { given: { zone: 'America/Chicago' }, assetClass: 'future', calendar: 'CMES' },
    lines: [
      'Date, Time, Open, High, Low, Last, Volume, NumberOfTrades, BidVolume, AskVolume',
      ...rows(
        COUNT,
        i => [clock(at(i, 5 * MINUTE), { date: '/', seconds: true }).replace(' ', ', '), ...prices(i), 10 + i, 3 + i, 4, 6],
        ', ',
      ),
    ],
    found: ['sierra-chart', 'ESH24 5m', 'America/Chicago', 'open'],
    first: '2024-01-08T06:00',
    last: '2024-01-08T10:55',
    bar: { ...FIRST_PRICES, volume: 10, trades: 3 },
  },
  ...([1, 1000] as const).map(
    (unit): Sample => ({
      what: `Binance: klines of the archive in ${unit === 1 ? 'milli' : 'micro'}seconds`,
      name: 'BTCUSDT-1m-2024-01.csv',
      lines: [
        ...(unit === 1
          ? ['open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore']
          : []),
        ...rows(COUNT, i => [at(i, MINUTE) * unit, ...prices(i), 10 + i, (at(i + 1, MINUTE) - 1) * unit, 1000, 33, 5, 500, 0]),
      ],
      found: ['binance-archive', 'BTCUSDT 1m', 'UTC', 'open'],
      first: '2024-01-08T00:00',
      last: '2024-01-08T00:59',
      bar: { ...FIRST_PRICES, volume: 10, turnover: 1000, trades: 33 },
    }),
  ),
  ...(['Volume BTC,Volume USD', 'Volume USD,Volume BTC'] as const).map(
    (volumes): Sample => ({
      what: `CryptoDataDownload: the volume is the coin's, whatever the heading says (${volumes})`,
      name: 'Bitstamp_BTCUSD_1h.csv',
      lines: [
        'https://www.CryptoDataDownload.com',
        `unix,date,symbol,open,high,low,close,${volumes}`,
        ...rows(COUNT, i => [at(i, HOUR) / 1000, clock(at(i, HOUR), { seconds: true }), 'BTC/USD', ...prices(i), 2, 200]).reverse(),
      ],
      found: ['cryptodatadownload', 'BTCUSD 1h', 'UTC', 'open'],
      first: '2024-01-08T00:00',
      last: '2024-01-10T11:00',
      bar: { ...FIRST_PRICES, volume: 2, turnover: 200 },
    }),
  ),
  {
    what: 'Investing.com: thousands marks, units, the close first, the newest on top',
    name: 'Bitcoin Historical Data.csv',
    say: { given: { symbol: 'BTCUSD' }, assetClass: 'crypto' },
    lines: [
      'Date,Price,Open,High,Low,Vol.,Change %',
      ...rows(20, i => [
        `"${two(1)}/${two(8 + i)}/2024"`,
        ...[1101, 1100, 1102, 1099].map(p => `"${(p + i).toLocaleString('en')}.5"`),
        '"0.76K"',
        '"0.1%"',
      ]).reverse(),
    ],
    found: ['investing', 'BTCUSD 1d', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-27T00:00',
    bar: { open: 1100.5, high: 1102.5, low: 1099.5, close: 1101.5, volume: 760 },
  },
  {
    what: 'any heading: names in any order, turnover and trades, UTC in the name of the column',
    name: 'ETHUSDT_5min.csv',
    say: { given: { stamp: 'open' } },
    lines: [
      'Timestamp (UTC);Vol;Close;Low;High;Open;Quote Volume;Trades',
      ...rows(COUNT, i => [clock(at(i, 5 * MINUTE)), 10 + i, 101 + i, 99 + i, 102 + i, 100 + i, 500, 4], ';'),
    ],
    found: ['generic', 'ETHUSDT 5m', 'UTC', 'open'],
    first: '2024-01-08T00:00',
    last: '2024-01-08T04:55',
    bar: { ...FIRST_PRICES, volume: 10, turnover: 500, trades: 4 },
  },
  {
    what: 'no heading: a date, a time, four prices and a volume',
    name: 'ETHUSDT.txt',
    say: { given: { zone: 'UTC', stamp: 'close' } },
    lines: rows(COUNT, i => [clock(at(i + 1, 5 * MINUTE), { date: '' }).replace(' ', ','), ...prices(i), 10 + i]),
    found: ['generic-unheaded', 'ETHUSDT 5m', 'UTC', 'close'],
    first: '2024-01-08T00:00',
    last: '2024-01-08T04:55',
    bar: { ...FIRST_PRICES, volume: 10 },
  },
];

for (const { what, name, say, lines, found, first, last, bar } of SAMPLES) {
  test(what, async t => {
    const { put, take, bars } = await importScene(t);
    const done = await take(await put(name, `${lines.join('\n')}\n`), say);
    assert.deepEqual(done.found.questions, []);
    assert.deepEqual([done.found.dialect, done.found.series, done.found.zone, done.found.stamp], found);
    assert.deepEqual([done.stored, done.quarantined], [done.rows, 0]);
    assert.deepEqual([done.first, done.last], [`${first}:00.000Z`, `${last}:00.000Z`]);
    const [stored] = await bars();
    assert.deepEqual(Object.fromEntries(Object.keys(bar).map(key => [key, stored?.[key] ?? null])), bar);
  });
}

/** A calendar's bars as rows of a file, their stamps written by `stamp`. */
const barsOf = (calendar: string, view: View, timeframe: Timeframe, from: number, to: number): number[] =>
  Array.from(calendars.get(calendar).as(view).expected({ from, to }, timeframe));
const YEAR = [Date.UTC(2023, 0, 2), Date.UTC(2024, 0, 2)] as const;

test('the zone of a MetaTrader server is found by the hours of its market over a year with its weekends', async t => {
  const { put, take } = await importScene(t);
  const broker = wallClock('America/New_York+7');
  const opens = barsOf('FOREX', { session: 'regular', anchor: 'clock' }, '1h', ...YEAR);
  // What the server's clock showed: the time at which it is that moment.
  const shown = (open: number) => [9, 10].map(h => open - 7 * HOUR + h * HOUR).find(local => broker.momentsOf(local).includes(open));
  const lines = opens
    .flatMap((open, i) => shown(open) ?? `no clock of row ${i}`)
    .map(at => `${clock(at as number, { date: '.' }).replace(' ', ',')},1.1,1.2,1.05,1.15,40`);
  const done = await take(await put('EURUSD60.csv', `${lines.join('\n')}\n`));
  assert.deepEqual(done.found.questions, []);
  assert.deepEqual([done.found.zone, done.found.stamp, done.rows], ['America/New_York+7', 'open', opens.length]);
  assert.equal(done.first, new Date(opens[0] as number).toISOString());
  assert.ok(
    done.found.evidence.some(words => /by FOREX they fit best as America\/New_York\+7/.test(words)),
    done.found.evidence.join('\n'),
  );
});

for (const [what, first, say, opens] of [
  ['Mondays', MONDAY, {}, 'open'],
  ['Fridays', MONDAY + 4 * DAY, {}, 'close'],
  ['the Sunday before', MONDAY - DAY, { given: { stamp: 'open' } }, 'open'],
  ['the Sunday that ends them', MONDAY + 6 * DAY, { given: { stamp: 'close' } }, 'close'],
] as const) {
  test(`weeks that are named by ${what} are stored by their Monday`, async t => {
    const { put, take } = await importScene(t);
    const lines = rows(8, i => [clock(first + i * 7 * DAY).slice(0, 10), ...prices(i), 10]);
    const done = await take(await put('BTCUSDT_weekly.csv', `Date,Open,High,Low,Close,Volume\n${lines.join('\n')}\n`), say);
    assert.deepEqual([done.found.questions, done.found.stamp, done.stored], [[], opens, 8]);
    assert.deepEqual([done.first, done.last], ['2024-01-08T00:00:00.000Z', '2024-02-26T00:00:00.000Z']);
  });
}

test('whether a Sunday names the week before it or behind it is asked', async t => {
  const { put, take } = await importScene(t);
  const lines = rows(8, i => [clock(MONDAY - DAY + i * 7 * DAY).slice(0, 10), ...prices(i), 10]);
  const { found, rows: read } = await take(await put('BTCUSDT_weekly.csv', `Date,Open,High,Low,Close,Volume\n${lines.join('\n')}\n`));
  assert.deepEqual([found.questions.map(q => [q.about, q.options.join()]), read], [[['stamp', 'open,close']], 0]);
});

for (const [what, name, calendar, timeframe, view, say] of [
  ['extended hours of a US stock', 'AAPL_5m.csv', 'XNAS', '5m', { session: 'extended', anchor: 'segment' }, { assetClass: 'stock' }],
  ['regular hours of a US stock', 'AAPL_5m.csv', 'XNAS', '5m', { session: 'regular', anchor: 'segment' }, { assetClass: 'stock' }],
  ['four hours that are cut by the clock', 'ES_4h.csv', 'CMES', '4h', { session: 'regular', anchor: 'clock' }, { assetClass: 'future' }],
] as const) {
  test(`${what} are seen by where its bars lie, and every bar is one that the calendar expects`, async t => {
    const { store, put, take, look, orderOf, bars } = await importScene(t);
    const opens = barsOf(calendar, view, timeframe, MONDAY, Date.UTC(2024, 0, 20));
    const lines = ['time,open,high,low,close,volume', ...opens.map((open, i) => [open / 1000, ...prices(i), 10].join())];
    const given: Say = { ...say, calendar, given: { stamp: 'open', zone: 'UTC' } };
    const file = await put(name, `${lines.join('\n')}\n`);
    const order = orderOf(file, given);
    const { note } = await look(order);
    assert.deepEqual((await store.readNote<LookNote>(order.id, note)).view, view);
    const done = await take(file, given);
    assert.deepEqual([done.stored, done.quarantined, done.moved], [opens.length, 0, 0]);
    assert.equal((await bars()).length, opens.length);
  });
}
