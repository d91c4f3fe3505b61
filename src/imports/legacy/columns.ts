/** Which column of an older file is which of ours, by the names in use. */
import { VALUES, type Value } from '../../model/bars.js';

export interface Places {
  readonly ts: number;
  readonly source: number;
  readonly values: Readonly<Record<Value, number>>;
}

const TIMES = ['ts', 'timestamp', 'datetime', 'date', 'time', 'open_time', 'opentime', 'index', '__index_level_0__', ''];
const NAMES: Readonly<Record<Value, readonly string[]>> = {
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c', 'last'],
  volume: ['volume', 'v', 'vol'],
  turnover: ['turnover', 'quote_volume', 'quote_asset_volume', 'amount', 'value'],
  trades: ['trades', 'count', 'number_of_trades', 'num_trades', 'trade_count', 'barcount'],
};

/** undefined: it holds no bars. Prices may not be lacking; the rest may. */
export function placesOf(header: readonly string[]): Places | undefined {
  const names = header.map(name => name.trim().toLowerCase().replaceAll(' ', '_'));
  const find = (known: readonly string[]): number => {
    const name = known.find(n => names.includes(n));
    return name === undefined ? -1 : names.indexOf(name);
  };
  const values = Object.fromEntries(VALUES.map(value => [value, find(NAMES[value])])) as Record<Value, number>;
  const ts = find(TIMES);
  if (ts < 0 || [values.open, values.high, values.low, values.close].some(place => place < 0)) return undefined;
  return { ts, source: find(['source', 'provider']), values };
}
