/** What writes files of bars, and how: each kind of export as one row after another, so that anything can be done to it. */
import { wallClock } from '../../../src/imports/detect/zones.js';
import { HOUR } from '../../../src/model/timeframe.js';
import type { importScene } from '../scene.js';
import { type Bar, barsFrom, type Sheet } from './sheet.js';

export type Say = NonNullable<Parameters<Awaited<ReturnType<typeof importScene>>['take']>[1]>;
type Column = 'stamp' | 'clock' | 'open' | 'high' | 'low' | 'close' | 'volume';

export interface Kind {
  readonly name: string;
  readonly file: string;
  readonly say?: Say;
  /** A layout of one's own, as YAML. */
  readonly layout?: string;
  readonly delimiter: string;
  readonly before?: readonly string[];
  readonly heading: readonly string[] | null;
  /** What its clock on the wall shows; its stamps name the open or the close. */
  readonly zone: string;
  readonly stamp?: 'close';
  readonly date: (shown: Date, at: number) => string;
  readonly clock?: (shown: Date) => string;
  /** What stands where: words stand in each row as they are. */
  readonly columns: readonly (Column | (string & {}))[];
  readonly decimal?: ',';
  readonly newestFirst?: boolean;
}

const two = (n: number): string => String(n).padStart(2, '0');
const ymd = (mark: string) => (d: Date) => [d.getUTCFullYear(), two(d.getUTCMonth() + 1), two(d.getUTCDate())].join(mark);
const dmy = (mark: string) => (d: Date) => [two(d.getUTCDate()), two(d.getUTCMonth() + 1), d.getUTCFullYear()].join(mark);
const hm = (d: Date) => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
const hms = (d: Date) => `${hm(d)}:${two(d.getUTCSeconds())}`;
const PRICES = ['open', 'high', 'low', 'close'] as const;
const CRYPTO = { assetClass: 'crypto' } as const;

const LAYOUT = `name: my-broker
columns: { time: [Day, Clock], open: O, high: H, low: L, close: Last, volume: Vol }
order: dmy
decimal: ','
zone: Europe/Berlin
stamp: close
`;

export const KINDS: readonly Kind[] = [
  {
    name: 'tradingview-unix',
    file: 'BINANCE_BTCUSDT, 60.csv',
    delimiter: ',',
    heading: ['time', 'open', 'high', 'low', 'close', 'VWAP', 'Volume', 'Volume MA'],
    zone: 'UTC',
    date: (_, at) => String(at / 1000),
    columns: ['stamp', ...PRICES, '1499.875', 'volume', '7.5'],
  },
  {
    name: 'tradingview-iso',
    file: 'BINANCE_BTCUSDT, 60.csv',
    delimiter: ',',
    heading: ['time', 'open', 'high', 'low', 'close'],
    zone: 'America/Chicago',
    date: (d, at) => `${ymd('-')(d)}T${hms(d)}-0${(at - d.getTime()) / HOUR}:00`,
    columns: ['stamp', ...PRICES],
  },
  {
    name: 'ninjatrader',
    file: 'BTCUSDT.Last.txt',
    say: CRYPTO,
    delimiter: ';',
    heading: null,
    zone: 'UTC',
    stamp: 'close',
    date: d => `${ymd('')(d)} ${hms(d).replaceAll(':', '')}`,
    columns: ['stamp', ...PRICES, 'volume'],
  },
  {
    name: 'metatrader5',
    file: 'BTCUSDT_H1_202401080000_202401092300.csv',
    say: { ...CRYPTO, given: { zone: 'America/New_York+7' } },
    delimiter: '\t',
    heading: ['<DATE>', '<TIME>', '<OPEN>', '<HIGH>', '<LOW>', '<CLOSE>', '<TICKVOL>', '<VOL>', '<SPREAD>'],
    zone: 'America/New_York+7',
    date: ymd('.'),
    clock: hms,
    columns: ['stamp', 'clock', ...PRICES, 'volume', '0', '3'],
  },
  {
    name: 'metatrader4',
    file: 'BTCUSDT60.csv',
    say: { ...CRYPTO, given: { zone: 'America/New_York+7', symbol: 'BTCUSDT' } },
    delimiter: ',',
    heading: null,
    zone: 'America/New_York+7',
    date: ymd('.'),
    clock: hm,
    columns: ['stamp', 'clock', ...PRICES, 'volume'],
  },
  {
    name: 'dukascopy',
    file: 'BTCUSDT_Candlestick_1_Hour_BID_08.01.2024-10.01.2024.csv',
    say: CRYPTO,
    delimiter: ',',
    heading: ['Gmt time', 'Open', 'High', 'Low', 'Close', 'Volume'],
    zone: 'UTC',
    date: d => `${dmy('.')(d)} ${hms(d)}.000`,
    columns: ['stamp', ...PRICES, 'volume'],
  },
  {
    name: 'sierra-chart',
    file: 'BTCUSDT.scid_BarData.txt',
    say: { ...CRYPTO, given: { zone: 'America/Chicago' } },
    delimiter: ',',
    heading: ['Date', ' Time', ' Open', ' High', ' Low', ' Last', ' Volume', ' NumberOfTrades', ' BidVolume', ' AskVolume'],
    zone: 'America/Chicago',
    date: ymd('/'),
    clock: d => ` ${hms(d)}`,
    columns: ['stamp', 'clock', ...PRICES, 'volume', ' 3', ' 4', ' 6'],
  },
  {
    name: 'binance-archive',
    file: 'BTCUSDT-1h-2024-01.csv',
    delimiter: ',',
    heading: null,
    zone: 'UTC',
    date: (_, at) => String(at),
    columns: ['stamp', ...PRICES, 'volume', '1704672059999', '30000.5', '33', '5', '500', '0'],
  },
  {
    name: 'cryptodatadownload',
    file: 'Bitstamp_BTCUSDT_1h.csv',
    delimiter: ',',
    before: ['https://www.CryptoDataDownload.com'],
    heading: ['unix', 'date', 'symbol', 'open', 'high', 'low', 'close', 'Volume BTC', 'Volume USDT'],
    zone: 'UTC',
    date: (_, at) => String(at / 1000),
    columns: ['stamp', '2024-01-08 00:00:00', 'BTC/USDT', ...PRICES, 'volume', '18518518.5'],
    newestFirst: true,
  },
  {
    name: 'generic',
    file: 'BTCUSDT_1h.csv',
    say: { given: { zone: 'America/New_York', stamp: 'open' } },
    delimiter: ',',
    heading: ['time', 'open', 'high', 'low', 'close', 'volume'],
    zone: 'America/New_York',
    date: d => `${ymd('-')(d)} ${hm(d)}`,
    columns: ['stamp', ...PRICES, 'volume'],
  },
  {
    name: 'generic-unheaded',
    file: 'BTCUSDT_1h.csv',
    say: { given: { zone: 'Europe/Berlin', stamp: 'close' } },
    delimiter: ',',
    heading: null,
    zone: 'Europe/Berlin',
    stamp: 'close',
    date: ymd('-'),
    clock: hm,
    columns: ['stamp', 'clock', ...PRICES, 'volume'],
  },
  {
    name: 'described',
    file: 'BTCUSDT_1h.csv',
    layout: LAYOUT,
    delimiter: ';',
    heading: ['Day', 'Clock', 'Note', 'O', 'H', 'L', 'Last', 'Vol'],
    zone: 'Europe/Berlin',
    stamp: 'close',
    date: dmy('.'),
    clock: hm,
    columns: ['stamp', 'clock', 'x', ...PRICES, 'volume'],
    decimal: ',',
  },
];

/** What the clock shows at a moment: the only local time that it is of. */
export function shownBy(zone: string, at: number): number {
  const clock = wallClock(zone);
  for (let ahead = -14; ahead <= 14; ahead++) {
    if (clock.momentsOf(at + ahead * HOUR).includes(at)) return at + ahead * HOUR;
  }
  throw new Error(`${zone} shows nothing at ${at}`);
}

/** Which field of a row holds what; −1: none does. */
export const placeOf = ({ columns }: Kind, column: Column): number => columns.indexOf(column);

/** As the kind writes a price. */
export const priceText = ({ decimal }: Kind, price: number): string => price.toFixed(2).replace('.', decimal ?? '.');

/** The stamp of a row, and its time of day where it stands apart, of what a clock showed. */
export const stampText = ({ date, clock }: Kind, shown: number, at: number): string[] => [
  date(new Date(shown), at),
  ...(clock ? [clock(new Date(shown))] : []),
];

export function fieldsOf(kind: Kind, bar: Bar): string[] {
  const at = bar.ts + (kind.stamp === 'close' ? HOUR : 0);
  const [stamp = '', clock = ''] = stampText(kind, shownBy(kind.zone, at), at);
  const texts: Record<Column, string> = {
    stamp,
    clock,
    open: bar.open === null ? '' : priceText(kind, bar.open),
    high: priceText(kind, bar.high),
    low: priceText(kind, bar.low),
    close: priceText(kind, bar.close),
    volume: String(bar.volume ?? ''),
  };
  return kind.columns.map(column => texts[column as Column] ?? column);
}

export const ROWS = 48;
const MONDAY = Date.UTC(2024, 0, 8);

/** A file of the kind as it is written, with so many bars from a moment on. */
export function sheetOf(kind: Kind, start = MONDAY, count = ROWS): Sheet {
  const hasVolume = placeOf(kind, 'volume') >= 0;
  const rows = barsFrom(start, count).map(bar => ({ fields: fieldsOf(kind, bar), bar: hasVolume ? bar : { ...bar, volume: null } }));
  return {
    before: kind.before ?? [],
    heading: kind.heading,
    rows: kind.newestFirst ? rows.reverse() : rows,
    delimiter: kind.delimiter,
    ends: ['\n'],
    quotes: 'where needed',
  };
}
