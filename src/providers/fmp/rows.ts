/** What an answer of FMP says, as columns. Only its shape is judged here, not whether it is what was asked for. */
import { type Bars, takeBars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { isIntraday, type Timeframe } from '../../model/timeframe.js';
import { fieldsOf, textOf } from '../fields.js';
import { instantOf } from '../new-york.js';
import { barsOfRows } from '../rows.js';

export const FMP = 'fmp';

export interface Rows {
  /** The symbols that rows name; rows of a day tell it, rows of minutes do not. */
  readonly symbols: readonly string[];
  /** From old to new, although they come the other way round. */
  readonly bars: Bars;
}

/** A list from the present interface; under its symbol from the former one. */
export function readRows(json: unknown, series: string, timeframe: Timeframe): Rows {
  const former = fieldsOf(json);
  const rows = Array.isArray(json) ? json : former.historical;
  if (!Array.isArray(rows)) throw fail('ANSWER_WRONG', { provider: FMP, series, reason: 'it is no list of bars' });
  const symbols = new Set(rows.map(row => textOf(fieldsOf(row).symbol)).concat(textOf(former.symbol)));
  const stamp = isIntraday(timeframe) ? (row: unknown) => instantOf(wallOf(row, WALL)) : (row: unknown) => wallOf(row, DATE);
  const bars = barsOfRows(rows, FMP, stamp, 'adjOpen' in fieldsOf(rows[0]) ? UNSPLIT_NAMES : NAMES);
  return { symbols: [...symbols].filter(s => s !== undefined), bars: oldestFirst(bars) };
}

const NAMES = { open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume' };
/** Raw prices come under these names, whatever they say; ratios of price and volume to the other answer prove it. */
const UNSPLIT_NAMES = { open: 'adjOpen', high: 'adjHigh', low: 'adjLow', close: 'adjClose', volume: 'volume' };

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const WALL = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;

/** A date, or the wall clock of the exchange, as if it were UTC; NaN for a day or an hour that no clock shows. */
function wallOf(row: unknown, form: RegExp): number {
  const text = textOf(fieldsOf(row).date) ?? '';
  const [year, month, day, hour = 0, minute = 0, second = 0] = (form.exec(text) ?? []).slice(1).map(Number);
  const wall = Date.UTC(year ?? Number.NaN, (month ?? 0) - 1, day, hour, minute, second);
  return Number.isNaN(wall) || !new Date(wall).toISOString().replace('T', ' ').startsWith(text) ? Number.NaN : wall;
}

const oldestFirst = (bars: Bars): Bars =>
  takeBars(
    bars,
    Array.from(bars.ts, (_, i) => bars.ts.length - 1 - i),
  );
