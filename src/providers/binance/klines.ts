/** Rows of klines as bars: of a page, or of an archive. */
import { type Bars, countOf, emptyBars, takeBars } from '../../model/bars.js';
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
export function barsOfKlines({ rows, width, cells }: Table, origin: Origin): Bars {
  const { provider, symbol, timeframe } = origin;
  const bars = emptyBars(rows, [provider]);
  const wrong = (reason: string) => fail('ANSWER_WRONG', { provider, series: `${symbol} ${timeframe}`, reason });
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    const open = msOf(cells[at] as number);
    const close = msOf(cells[at + 6] as number);
    if (Number.isNaN(open)) throw wrong(`row ${i + 1} has the time ${cells[at]}`);
    const length = Math.round(close + 0.5) - open;
    if (barStart(open, timeframe) === open && length !== nextBar(open, timeframe) - open)
      throw wrong(`row ${i + 1} is no bar of ${timeframe}`);
    bars.ts[i] = open;
    bars.open[i] = cells[at + 1] as number;
    bars.high[i] = cells[at + 2] as number;
    bars.low[i] = cells[at + 3] as number;
    bars.close[i] = cells[at + 4] as number;
    bars.volume[i] = cells[at + 5] as number;
    bars.turnover[i] = cells[at + 7] as number;
    bars.trades[i] = cells[at + 8] as number;
  }
  return bars;
}

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
