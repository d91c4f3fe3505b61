/** What an answer of Polygon's aggregates says, as columns. Only its shape is judged here, not whether it is what was asked for. */
import type { Bars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { isIntraday, type Timeframe } from '../../model/timeframe.js';
import { fieldsOf, listOf, numberOf, textOf } from '../fields.js';
import { dateOfMidnight } from '../new-york.js';
import { barsOfRows } from '../rows.js';

export const POLYGON = 'polygon';

export interface Aggs {
  readonly ticker: string | undefined;
  /** Prices are divided by later splits. */
  readonly adjusted: boolean;
  /** The plan sees everything a quarter of an hour late. */
  readonly delayed: boolean;
  /** Base bars that were read for this page: the limit counts these, not the rows. */
  readonly baseBars: number;
  readonly bars: Bars;
  /** Where the next page is; it never holds the key. */
  readonly next: string | null;
}

/** `ask` names the series for messages and says how bars are stamped: from a day up with midnight in New York. */
export function readAggs(json: unknown, series: string, timeframe: Timeframe): Aggs {
  const answer = fieldsOf(json);
  if (answer.status !== 'OK' && answer.status !== 'DELAYED')
    throw fail('ANSWER_WRONG', { provider: POLYGON, series, reason: `it has the status ${JSON.stringify(answer.status)}` });
  const rows = listOf(answer.results);
  const said = numberOf(answer.resultsCount);
  if (rows.length !== said) throw fail('ANSWER_TRUNCATED', { provider: POLYGON, series, reason: `${rows.length} of ${said} bars arrived` });
  const stamp = (row: unknown): number => numberOf(fieldsOf(row).t);
  return {
    ticker: textOf(answer.ticker),
    adjusted: answer.adjusted !== false,
    delayed: answer.status === 'DELAYED',
    baseBars: numberOf(answer.queryCount),
    bars: barsOfRows(rows, POLYGON, isIntraday(timeframe) ? stamp : row => dateOfMidnight(stamp(row)), NAMES),
    next: textOf(answer.next_url) ?? null,
  };
}

const NAMES = { open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v', trades: 'n' };
