/** Splits and dividends as Alpaca tells them, under corporate actions. */
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { DAY } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import { dividendEvent, inTimeOrder, splitEvent } from '../events.js';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { SourceEvent } from '../provider.js';
import { ALPACA } from './bars.js';

const MOST_PAGES = 10;

export async function eventsOf(source: Source, symbol: string, interval: Interval, signal: AbortSignal): Promise<readonly SourceEvent[]> {
  const dayOf = (ts: number): string => timeText(ts).slice(0, 10);
  const params = {
    symbols: symbol,
    types: 'forward_split,reverse_split,cash_dividend',
    start: dayOf(interval.from),
    end: dayOf(interval.to - DAY),
    limit: 1_000,
  };
  const events: SourceEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await source.get('/v1/corporate-actions', { params: { ...params, page_token: token }, about: { symbol }, signal });
    const { corporate_actions: actions, next_page_token: next } = fieldsOf(answer.json());
    if (actions === undefined)
      throw fail('ANSWER_WRONG', { provider: ALPACA, series: symbol, reason: 'it is no list of corporate actions' });
    events.push(...eventsIn(fieldsOf(actions), symbol));
    token = textOf(next);
    if (token === undefined) return inTimeOrder(events, interval);
  }
  throw fail('NO_PROGRESS', { provider: ALPACA, series: symbol, at: dayOf(interval.from) });
}

function eventsIn(actions: Fields, symbol: string): SourceEvent[] {
  const of = (kind: string): Fields[] =>
    listOf(actions[kind])
      .map(fieldsOf)
      .filter(action => action.symbol === symbol);
  const splits = [...of('forward_splits'), ...of('reverse_splits')];
  return [
    ...splits.map(s => splitEvent(ALPACA, s.ex_date, numberOf(s.new_rate) / numberOf(s.old_rate))),
    ...of('cash_dividends').map(d => dividendEvent(ALPACA, d.ex_date, numberOf(d.rate), textOf(d.currency) ?? 'USD')),
  ];
}
