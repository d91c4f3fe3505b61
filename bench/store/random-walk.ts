import { type Bars, emptyBars } from '../../src/model/bars.js';
import { bitsAt, keyOf, rowKey, spreadOf, unitOf } from '../../src/model/random.js';
import { MINUTE } from '../../src/model/timeframe.js';

export const FIRST = Date.UTC(2017, 7, 17, 4);
const TICK = 100;
const START_TICKS = 4_000_000;
const KEY = keyOf(20170817, 'bench');

/** One-minute bars of a seeded walk on a tick of 0.01, from the `skip`th on; prices follow each other, volumes are lots of 0.001. */
export function randomWalk(count: number, skip = 0): Bars {
  const bars = emptyBars(count, ['bench']);
  let price = START_TICKS + (skip % 10_007);
  for (let i = 0; i < count; i++) {
    const row = rowKey(KEY, skip + i);
    const open = price;
    price = Math.max(1000, open + Math.round(spreadOf(bitsAt(row, 0)) * 900));
    const volume = Math.round(unitOf(bitsAt(row, 1)) ** 3 * 50_000) / 1000;
    bars.ts[i] = FIRST + (skip + i) * MINUTE;
    bars.open[i] = open / TICK;
    bars.close[i] = price / TICK;
    bars.high[i] = (Math.max(open, price) + Math.floor(unitOf(bitsAt(row, 2)) * 400)) / TICK;
    bars.low[i] = (Math.min(open, price) - Math.floor(unitOf(bitsAt(row, 3)) * 400)) / TICK;
    bars.volume[i] = volume;
    bars.turnover[i] = Math.round(volume * price) / TICK;
    bars.trades[i] = Math.ceil(volume * 20);
  }
  return bars;
}

/** The same in parts that fit in memory. */
export const walkInParts = (count: number, most = 1_000_000): Bars[] =>
  Array.from({ length: Math.ceil(count / most) }, (_, i) => randomWalk(Math.min(most, count - i * most), i * most));
