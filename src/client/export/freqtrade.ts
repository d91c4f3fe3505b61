/** What freqtrade's feather handler reads: one file for each pair and timeframe, named after both. */
import * as arrow from 'apache-arrow';
import { type Bars, countOf } from '../../model/bars.js';
import type { Timeframe } from '../../model/timeframe.js';
import { batchOf, featherOf } from './columnar.js';

const NUMBERS = ['open', 'high', 'low', 'close', 'volume'] as const;
const SCHEMA = new arrow.Schema([
  new arrow.Field('date', new arrow.TimestampMillisecond('UTC'), true),
  ...NUMBERS.map(name => new arrow.Field(name, new arrow.Float64(), true)),
]);

/** A month is 1Mo in its file names: 1M would be a minute where case is lost. */
export const freqtradeName = (pair: string, timeframe: Timeframe): string =>
  `${pair.replace(/[/ .@$+:]/g, '_')}-${timeframe === '1mo' ? '1Mo' : timeframe}.feather`;

export const freqtradeOf = (bars: AsyncIterable<Bars>): AsyncGenerator<Uint8Array> => featherOf(SCHEMA, batchesOf(bars));

/** It reads NaN where a source states no volume. */
async function* batchesOf(bars: AsyncIterable<Bars>): AsyncGenerator<arrow.RecordBatch> {
  for await (const some of bars) {
    const length = countOf(some);
    const date = BigInt64Array.from(some.ts, at => BigInt(at));
    const children: arrow.Data[] = [
      arrow.makeData({ type: new arrow.TimestampMillisecond('UTC'), length, nullCount: 0, data: date }),
      ...NUMBERS.map(name => arrow.makeData({ type: new arrow.Float64(), length, nullCount: 0, data: some[name] })),
    ];
    yield batchOf(SCHEMA, length, children);
  }
}
