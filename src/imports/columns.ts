/** Which column holds what: by the names of a heading, or by the shape of the rows. */
import type { Value } from '../model/bars.js';

export interface ColumnsFound {
  /** The column of the stamp, or those of date and time. */
  readonly time: readonly number[];
  readonly values: Readonly<Partial<Record<Value, number>>>;
  readonly symbol?: number;
  /** What has two meanings, in words. */
  readonly doubts: readonly string[];
}

const NAMES: Readonly<Record<Value, readonly string[]>> = {
  open: ['open', 'o', 'openprice'],
  high: ['high', 'h', 'highprice'],
  low: ['low', 'l', 'lowprice'],
  close: ['close', 'c', 'last', 'price', 'closelast', 'closeprice'],
  volume: ['volume', 'vol', 'v', 'realvolume', 'tickvolume', 'tickvol'],
  turnover: ['turnover', 'quotevolume', 'quoteassetvolume', 'amount'],
  trades: ['trades', 'tradecount', 'numberoftrades', 'count', 'n'],
};
const STAMPS = ['timestamp', 'timestamputc', 'datetime', 'opentime', 'unix', 'gmttime', 'localtime', 'time', 'date', 'day', ''];
const SYMBOLS = ['symbol', 'ticker', 'instrument'];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

export function columnsByName(heading: readonly string[]): ColumnsFound | undefined {
  const names = heading.map(plain);
  const values: Partial<Record<Value, number>> = {};
  const doubts: string[] = [];
  for (const [value, known] of Object.entries(NAMES) as [Value, readonly string[]][]) {
    const name = known.find(k => names.includes(k));
    if (name === undefined) continue;
    values[value] = names.indexOf(name);
    if (names.lastIndexOf(name) !== names.indexOf(name))
      doubts.push(`two columns are named ${heading[names.indexOf(name)]}: the first is taken for the ${value}`);
  }
  const time = timeColumns(names);
  if (time.length === 0 || values.close === undefined) return undefined;
  return { time, values, doubts, ...symbolNamed(heading) };
}

/** The column that names the symbol. */
export function symbolNamed(heading: readonly string[] | null): Pick<ColumnsFound, 'symbol'> {
  const symbol = heading?.findIndex(name => SYMBOLS.includes(plain(name))) ?? -1;
  return symbol < 0 ? {} : { symbol };
}

/** One column, or a date and, apart from it, a time of day. */
function timeColumns(names: readonly string[]): number[] {
  const date = names.indexOf('date');
  const time = names.indexOf('time');
  const unix = names.indexOf('unix');
  if (unix >= 0) return [unix];
  if (date >= 0 && time >= 0 && Math.abs(time - date) === 1) return [Math.min(date, time), Math.max(date, time)];
  const one = STAMPS.map(name => names.indexOf(name)).find(place => place >= 0);
  return one === undefined || one > 3 ? [] : [one];
}

const isClock = (field: string): boolean => /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/.test(field);
const isStamp = (field: string): boolean => /^\d{8}(\d{2,11})?$/.test(field) || /\d[-./T: ]\d/.test(field);

/** Without names: a stamp (or a date and a time), open, high, low, close and a volume. What stands behind that can be anything. */
export function columnsByShape({ rows }: { readonly rows: readonly (readonly string[])[] }): ColumnsFound | undefined {
  const [row] = rows;
  if (!row || !isStamp(row[0] as string)) return undefined;
  const time = row[1] !== undefined && isClock(row[1]) ? [0, 1] : [0];
  const first = time.length;
  const prices = row.slice(first, first + 4);
  if (prices.length < 4 || !prices.every(field => /\d/.test(field))) return undefined;
  const more = row.length - first - 4;
  // Words may be anything; a pair names what is traded.
  const symbol = row.findIndex(field => /^[A-Z0-9]{2,6}\/[A-Z0-9]{2,6}$/.test(field));
  return {
    time,
    values: {
      open: first,
      high: first + 1,
      low: first + 2,
      close: first + 3,
      ...(more >= 1 ? { volume: first + 4 } : {}),
    },
    ...(symbol < 0 ? {} : { symbol }),
    doubts: [
      'there is no heading: the columns are taken for open, high, low, close and volume in this order',
      ...(more >= 2 ? [`what stands behind column ${first + 5} is left out`] : []),
    ],
  };
}
