/** Splits and dividends as Polygon tells them. */
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { DAY } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import { dividendEvent, inTimeOrder, splitEvent } from '../events.js';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { SourceEvent } from '../provider.js';
import { POLYGON } from './aggs.js';

const LISTS = {
  splits: { path: '/v3/reference/splits', date: 'execution_date', read: splitOf },
  dividends: { path: '/v3/reference/dividends', date: 'ex_dividend_date', read: dividendOf },
} as const;

/** Lists are told a thousand at a time: nobody has paid so many dividends that there were ten of those. */
const MOST_PAGES = 10;

export async function eventsOf(source: Source, symbol: string, interval: Interval, signal: AbortSignal): Promise<readonly SourceEvent[]> {
  const splits = await listOfAll(source, 'splits', symbol, interval, signal);
  const dividends = await listOfAll(source, 'dividends', symbol, interval, signal);
  return inTimeOrder([...splits, ...dividends], interval);
}

async function listOfAll(
  source: Source,
  which: keyof typeof LISTS,
  symbol: string,
  { from, to }: Interval,
  signal: AbortSignal,
): Promise<SourceEvent[]> {
  const { path, date, read } = LISTS[which];
  const dayOf = (ts: number): string => timeText(ts).slice(0, 10);
  const params = { ticker: symbol, [`${date}.gte`]: dayOf(from), [`${date}.lte`]: dayOf(to - DAY), sort: date, order: 'asc', limit: 1_000 };
  const events: SourceEvent[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined; page++) {
    if (page === MOST_PAGES) throw fail('NO_PROGRESS', { provider: POLYGON, series: `${symbol} ${which}`, at: dayOf(from) });
    const answer = fieldsOf((await source.get(next, { params: page === 0 ? params : {}, about: { symbol }, signal })).json());
    if (answer.status !== 'OK') throw fail('ANSWER_WRONG', { provider: POLYGON, series: symbol, reason: `it is no list of ${which}` });
    for (const row of listOf(answer.results).map(fieldsOf)) if (row.ticker === symbol) events.push(read(row));
    next = pathOf(textOf(answer.next_url), path);
  }
  return events;
}

/** On whichever of its hosts the source names the next page, it is asked for where the first one was. */
function pathOf(next: string | undefined, path: string): string | undefined {
  if (next === undefined || !URL.canParse(next)) return undefined;
  const { pathname, search } = new URL(next);
  return pathname === path ? `${pathname}${search}` : undefined;
}

function splitOf(row: Fields): SourceEvent {
  return splitEvent(POLYGON, row.execution_date, numberOf(row.split_to) / numberOf(row.split_from));
}

function dividendOf(row: Fields): SourceEvent {
  return dividendEvent(POLYGON, row.ex_dividend_date, numberOf(row.cash_amount), textOf(row.currency) ?? 'USD');
}
