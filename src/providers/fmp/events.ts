/** Splits and dividends as FMP tells them. */
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { dividendEvent, inTimeOrder, splitEvent } from '../events.js';
import { type Fields, fieldsOf, numberOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { SourceEvent } from '../provider.js';
import { FMP } from './rows.js';

export async function eventsOf(source: Source, symbol: string, interval: Interval, signal: AbortSignal): Promise<readonly SourceEvent[]> {
  const splits = await listOf(source, 'splits', symbol, signal);
  const dividends = await listOf(source, 'dividends', symbol, signal);
  return inTimeOrder(
    [
      ...splits.map(s => splitEvent(FMP, s.date, numberOf(s.numerator) / numberOf(s.denominator))),
      // What was paid, not what it is in the shares of today.
      ...dividends.map(d => dividendEvent(FMP, d.date, numberOf(d.dividend), 'USD')),
    ],
    interval,
  );
}

async function listOf(source: Source, which: 'splits' | 'dividends', symbol: string, signal: AbortSignal): Promise<Fields[]> {
  const rows = (await source.get(`/stable/${which}`, { params: { symbol }, about: { symbol }, signal })).json();
  if (!Array.isArray(rows)) throw fail('ANSWER_WRONG', { provider: FMP, series: symbol, reason: `it is no list of ${which}` });
  return rows.map(fieldsOf).filter(row => row.symbol === symbol);
}
