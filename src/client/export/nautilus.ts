/**
 * The bars of a Nautilus data catalog: data/bar/<bar type>/<first>_<last>.parquet. Prices and sizes are whole numbers of
 * 10^-16 in 128 bits, stamps are nanoseconds of the bar's close: as nautilus_trader 1.221 writes them itself.
 */
import * as arrow from 'apache-arrow';
import { type Bars, countOf } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import type { Basis } from '../../model/series.js';
import type { Timeframe } from '../../model/timeframe.js';
import { exact } from '../screen/words.js';
import { batchOf, parquetOf } from './columnar.js';

const PRICES = ['open', 'high', 'low', 'close'] as const;
const FIXED = 16;

const PRICE_TYPE: Readonly<Record<Basis['price'], string>> = { trade: 'LAST', bid: 'BID', ask: 'ASK', mid: 'MID', mark: 'MARK' };
const UNIT: Readonly<Record<string, string>> = { m: 'MINUTE', h: 'HOUR', d: 'DAY', w: 'WEEK', mo: 'MONTH' };

export function barTypeOf(symbol: string, venue: string, timeframe: Timeframe, price: Basis['price']): string {
  const [, step = '', unit = ''] = /^(\d+)(\w+)$/.exec(timeframe) ?? [];
  return `${symbol}.${venue}-${step}-${UNIT[unit]}-${PRICE_TYPE[price]}-EXTERNAL`;
}

/** What has to be known before the first row is written. */
export interface Measured {
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  /** Digits behind the point that prices and volumes need. */
  readonly price: number;
  readonly size: number;
}

export async function measure(bars: AsyncIterable<Bars>, closeOf: (ts: number) => number): Promise<Measured> {
  let [rows, first, last, price, size] = [0, 0, 0, 0, 0];
  for await (const some of bars) {
    if (rows === 0) first = closeOf(some.ts[0] as number);
    rows += countOf(some);
    last = closeOf(some.ts.at(-1) as number);
    for (const name of PRICES) price = Math.max(price, digitsOf(some[name]));
    size = Math.max(size, digitsOf(some.volume));
  }
  return { rows, first, last, price, size };
}

function digitsOf(column: Float64Array): number {
  let most = 0;
  for (const value of column) {
    if (Number.isInteger(value) || Number.isNaN(value)) continue;
    const text = exact(value);
    most = Math.max(most, text.length - 1 - text.indexOf('.'));
  }
  return Math.min(most, FIXED);
}

/** A colon and a point cannot be in its file names. */
const nameOf = (ms: number): string => `${new Date(ms).toISOString().replace(/[:.]/g, '-').slice(0, -1)}000000Z`;

export const nautilusPath = (barType: string, { first, last }: Measured): string =>
  `data/bar/${barType.replaceAll('/', '')}/${nameOf(first)}_${nameOf(last)}.parquet`;

export function nautilusOf(
  barType: string,
  { price, size }: Measured,
  bars: AsyncIterable<Bars>,
  closeOf: (ts: number) => number,
): AsyncGenerator<Uint8Array> {
  const facts = new Map([
    ['bar_type', barType],
    ['instrument_id', barType.split('-').slice(0, -4).join('-')],
    ['price_precision', String(price)],
    ['size_precision', String(size)],
  ]);
  const fixed = () => new arrow.FixedSizeBinary(FIXED);
  const fields = [...PRICES, 'volume'].map(name => new arrow.Field(name, fixed(), false));
  const stamps = ['ts_event', 'ts_init'].map(name => new arrow.Field(name, new arrow.Uint64(), false));
  const schema = new arrow.Schema([...fields, ...stamps], facts);
  return parquetOf(schema, batchesOf(schema, bars, closeOf));
}

async function* batchesOf(
  schema: arrow.Schema,
  bars: AsyncIterable<Bars>,
  closeOf: (ts: number) => number,
): AsyncGenerator<arrow.RecordBatch> {
  for await (const some of bars) {
    const length = countOf(some);
    const at = BigUint64Array.from(some.ts, ts => BigInt(closeOf(ts)) * 1_000_000n);
    const numbers = [...PRICES, 'volume' as const].map(name =>
      arrow.makeData({ type: new arrow.FixedSizeBinary(FIXED), length, nullCount: 0, data: fixedOf(some[name], name === 'volume') }),
    );
    // Arrow takes two columns over one buffer for one.
    const stamps = [at, at.slice()].map(data => arrow.makeData({ type: new arrow.Uint64(), length, nullCount: 0, data }));
    const children: arrow.Data[] = [...numbers, ...stamps];
    yield batchOf(schema, length, children);
  }
}

/** Sixteen bytes each, the lowest first. A size that is not stated is none: the format cannot leave it open. */
function fixedOf(column: Float64Array, isSize: boolean): Uint8Array {
  const out = new BigInt64Array(column.length * 2);
  column.forEach((value, i) => {
    if (Number.isNaN(value) && !isSize)
      throw fail('USAGE', { reason: 'a bar lacks a price, and a Nautilus catalog cannot say so. Nothing was written' });
    const whole = Number.isNaN(value) ? 0n : wholeOf(value);
    out[2 * i] = BigInt.asIntN(64, whole);
    out[2 * i + 1] = BigInt.asIntN(64, whole >> 64n);
  });
  return new Uint8Array(out.buffer);
}

function wholeOf(value: number): bigint {
  const text = Math.abs(value) < 1e21 ? exact(value) : value.toFixed(0);
  const [head = '0', tail = ''] = text.split('.');
  return BigInt(head + tail.slice(0, FIXED).padEnd(FIXED, '0'));
}
