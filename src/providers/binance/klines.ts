/** Rows of klines as bars: of a page, or of an archive. */
import { type Bars, countOf, takeBars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { barStart, nextBar, type Timeframe } from '../../model/timeframe.js';
import type { Table } from '../parse/table.js';

/** Open time, o, h, l, c, volume, close time, quote volume, trades. */
export const KLINE_WIDTH = 9;

/** Where a table of klines comes from, for messages. */
export interface Origin {
  readonly provider: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
}

/**
 * Stamps are told apart row by row: 13 digits are milliseconds, 16 microseconds. The close time of a row shows its length,
 * and so whether these are bars of the timeframe that was asked for.
 */
export function barsOfKlines({ rows, columns }: Table, origin: Origin): Bars {
  const { provider, symbol, timeframe } = origin;
  const [stamps, open, high, low, close, volume, closes, turnover, trades] = columns as Klines;
  const ts = new Float64Array(rows);
  const wrong = (reason: string) => fail('ANSWER_WRONG', { provider, series: `${symbol} ${timeframe}`, reason });
  for (let i = 0; i < rows; i++) {
    const from = msOf(stamps[i] as number);
    if (Number.isNaN(from)) throw wrong(`row ${i + 1} has the time ${stamps[i]}`);
    const length = Math.round(msOf(closes[i] as number) + 0.5) - from;
    if (barStart(from, timeframe) === from && length !== nextBar(from, timeframe) - from)
      throw wrong(`row ${i + 1} is no bar of ${timeframe}`);
    ts[i] = from;
  }
  return { ts, open, high, low, close, volume, turnover, trades, source: new Uint16Array(rows), sources: [provider] };
}

type Column = Float64Array;
type Klines = readonly [Column, Column, Column, Column, Column, Column, Column, Column, Column];

/** NaN for what is neither: seconds make Binance answer with other bars, and nothing else is sent. */
const msOf = (stamp: number): number =>
  stamp >= 1e12 && stamp < 1e13 ? stamp : stamp >= 1e15 && stamp < 1e16 ? stamp / 1_000 : Number.NaN;

/** Without rows beside the grid: Binance stamped some days of 2017 and 2018 by some seconds off, and those are bars of no minute. */
export function onGrid(bars: Bars, timeframe: Timeframe): Bars {
  const kept = Array.from(bars.ts.keys()).filter(i => barStart(bars.ts[i] as number, timeframe) === bars.ts[i]);
  return kept.length === countOf(bars) ? bars : takeBars(bars, kept);
}

/** What no trade can have made; undefined: all of it can be. */
export function impossible(bars: Bars): string | undefined {
  for (let i = 0; i < bars.ts.length; i++) {
    const open = bars.open[i] as number;
    const high = bars.high[i] as number;
    const low = bars.low[i] as number;
    const close = bars.close[i] as number;
    const possible = low > 0 && low <= open && low <= close && high >= open && high >= close && high < Number.POSITIVE_INFINITY;
    const counts = (bars.volume[i] as number) >= 0 && (bars.turnover[i] as number) >= 0 && (bars.trades[i] as number) >= 0;
    if (!possible || !counts) return `the bar of ${new Date(bars.ts[i] as number).toISOString()} cannot be`;
  }
  return undefined;
}
