/** Bars of every kind, for tests that hold for all of them. */
import fc from 'fast-check';
import { type Bar, type Bars, barsFrom } from '../../src/model/bars.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { T0 } from './fixture.js';

const price = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
const trades = fc.option(fc.maxSafeNat(), { nil: null });
const source = fc.constantFrom('binance', 'zürich/β', '', 'a"b\n', '日本');

const bar = (ts: fc.Arbitrary<number>): fc.Arbitrary<Bar> =>
  fc.record({ ts, open: price, high: price, low: price, close: price, volume: price, turnover: price, trades, source });

/** In any order, with doubles, before 1970 too. */
export const anyBars = (maxLength = 60): fc.Arbitrary<Bars> =>
  fc.array(bar(fc.integer({ min: -1e12, max: 4e12 })), { maxLength }).map(barsFrom);

/** Few times, so that doubles are many; values from few, so that some doubles agree. */
export const crowdedBars = (maxLength = 40): fc.Arbitrary<Bars> =>
  fc
    .array(fc.record({ minute: fc.nat(20), close: fc.nat(2), source: fc.constantFrom('a', 'b', 'c') }), { maxLength })
    .map(rows => barsFrom(rows.map(({ minute, close, source }) => ({ ts: T0 + minute * MINUTE, close, source }))));
