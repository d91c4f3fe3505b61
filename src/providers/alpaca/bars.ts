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

/** An answer as it came: rows by the names of their symbols, which may be any part of those asked for. */
export interface Answer {
  readonly lists: Fields;
  /** null: the last page. A page that is short, or without a bar, may well have one. */
  readonly token: string | null;
}

/** The part of an answer that is of one symbol. */
export interface BarsPage {
  readonly bars: Bars;
  readonly token: string | null;
}

export function readAnswer(json: unknown, series: string): Answer {
  const answer = fieldsOf(json);
  if (!('bars' in answer) || !('next_page_token' in answer))
    throw fail('ANSWER_WRONG', { provider: ALPACA, series, reason: 'it has no bars' });
  return { lists: listsOf(answer), token: textOf(answer.next_page_token) ?? null };
}

export function barsOf({ lists }: Answer, symbol: string, timeframe: Timeframe): Bars {
  const stamp = isIntraday(timeframe) ? instantOf : (row: unknown) => dateOfMidnight(instantOf(row));
  return barsOfRows(listOf(Object.hasOwn(lists, symbol) ? lists[symbol] : undefined), ALPACA, stamp, NAMES);
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
