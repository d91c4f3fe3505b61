/** What an answer of Alpaca's bars says, as columns. Only its shape is judged here, not whether it is what was asked for. */
import type { Bars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { isIntraday, type Timeframe } from '../../model/timeframe.js';
import { type Fields, fieldsOf, listOf, textOf } from '../fields.js';
import { dateOfMidnight } from '../new-york.js';
import { barsOfRows } from '../rows.js';

export const ALPACA = 'alpaca';

/** All exchanges, or one of them with a few percent of the volume. */
export type Feed = 'sip' | 'iex';

export interface BarsPage {
  /** The symbols that have bars on this page: it may be any part of those asked for. */
  readonly symbols: readonly string[];
  /** Of the symbol that was asked for. */
  readonly bars: Bars;
  /** null: the last page. A page that is short, or without a bar, may well have one. */
  readonly token: string | null;
}

export function readBars(json: unknown, symbol: string, series: string, timeframe: Timeframe): BarsPage {
  const answer = fieldsOf(json);
  if (!('bars' in answer) || !('next_page_token' in answer))
    throw fail('ANSWER_WRONG', { provider: ALPACA, series, reason: 'it has no bars' });
  const lists = listsOf(answer);
  const stamp = isIntraday(timeframe) ? instantOf : (row: unknown) => dateOfMidnight(instantOf(row));
  return {
    symbols: Object.keys(lists).filter(name => listOf(lists[name]).length > 0),
    bars: barsOfRows(listOf(Object.hasOwn(lists, symbol) ? lists[symbol] : undefined), ALPACA, stamp, NAMES),
    token: textOf(answer.next_page_token) ?? null,
  };
}

const NAMES = { open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v', trades: 'n' };

/** Bars of several symbols come by their names; those of one may come as a list beside its name. */
const listsOf = ({ bars, symbol }: Fields): Fields => (Array.isArray(bars) ? { [String(symbol)]: bars } : fieldsOf(bars));

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A time without a zone is none. */
function instantOf(row: unknown): number {
  const text = textOf(fieldsOf(row).t);
  return text !== undefined && INSTANT.test(text) ? Date.parse(text) : Number.NaN;
}
