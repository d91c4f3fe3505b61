/** What a chart answer of Yahoo says, as columns. Only its shape is judged here, not whether it is what was asked for. */
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { type Fields, fieldsOf, listOf, numberOf } from '../fields.js';

export interface Split {
  /** Open of the first session at the new count, in ms. */
  readonly at: number;
  /** New shares for each old one. */
  readonly ratio: number;
}

export interface Dividend {
  readonly at: number;
  readonly amount: number;
}

export interface Chart {
  readonly symbol: string;
  readonly currency: string;
  /** EQUITY, ETF, INDEX, CURRENCY, CRYPTOCURRENCY, FUTURE, MUTUALFUND. */
  readonly kind: string;
  readonly granularity: string;
  readonly zone: string;
  readonly firstTrade: number | null;
  /** When the last trade was told: also the stamp of a row that is no bar yet. */
  readonly lastTrade: number | null;
  /** Regular hours of the session that runs, or was the last. */
  readonly session: Interval | null;
  /** In ms, as they were sent. */
  readonly stamps: Float64Array;
  /** NaN for null. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly splits: readonly Split[];
  readonly dividends: readonly Dividend[];
}

/** Why Yahoo gave no chart, in its own words. */
export interface Refusal {
  readonly code: string;
  readonly description: string;
}

export type ChartAnswer = { readonly chart: Chart } | { readonly refusal: Refusal };

/** Raises ANSWER_WRONG for what is no chart answer at all, ANSWER_TRUNCATED where columns are of unequal length. */
export function readChart(json: unknown, series: string): ChartAnswer {
  const answer = fieldsOf(json);
  const envelope = fieldsOf(answer.chart ?? answer.finance);
  if (envelope.error) {
    const { code, description } = fieldsOf(envelope.error);
    return { refusal: { code: String(code), description: String(description) } };
  }
  const result = listOf(envelope.result)[0];
  if (result === undefined) throw fail('ANSWER_WRONG', { provider: 'yahoo', series, reason: 'it is no chart' });
  return { chart: chartOf(fieldsOf(result), series) };
}

function chartOf(result: Fields, series: string): Chart {
  const meta = fieldsOf(result.meta);
  const quote = fieldsOf(listOf(fieldsOf(result.indicators).quote)[0]);
  const stamps = Float64Array.from(listOf(result.timestamp), value => numberOf(value) * 1_000);
  const column = (name: string): Float64Array => {
    const values = listOf(quote[name] ?? new Array(stamps.length).fill(null));
    if (values.length === stamps.length) return Float64Array.from(values, numberOf);
    throw fail('ANSWER_TRUNCATED', { provider: 'yahoo', series, reason: `${stamps.length} times, but ${values.length} of ${name}` });
  };
  const events = fieldsOf(result.events);
  return {
    ...metaOf(meta),
    stamps,
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    splits: eventsOf(events.splits).map(e => ({ at: seconds(e.date), ratio: numberOf(e.numerator) / numberOf(e.denominator) })),
    dividends: eventsOf(events.dividends).map(e => ({ at: seconds(e.date), amount: numberOf(e.amount) })),
  };
}

function metaOf(
  meta: Fields,
): Pick<Chart, 'symbol' | 'currency' | 'kind' | 'granularity' | 'zone' | 'firstTrade' | 'lastTrade' | 'session'> {
  const regular = fieldsOf(fieldsOf(meta.currentTradingPeriod).regular);
  const session = { from: seconds(regular.start), to: seconds(regular.end) };
  return {
    symbol: String(meta.symbol),
    currency: String(meta.currency),
    kind: String(meta.instrumentType),
    granularity: String(meta.dataGranularity),
    zone: String(meta.exchangeTimezoneName),
    firstTrade: orNull(seconds(meta.firstTradeDate)),
    lastTrade: orNull(seconds(meta.regularMarketTime)),
    session: session.from < session.to ? session : null,
  };
}

/** Keyed by the time once more; only the values tell. */
const eventsOf = (events: unknown): Fields[] =>
  Object.values(fieldsOf(events))
    .map(fieldsOf)
    .sort((a, b) => numberOf(a.date) - numberOf(b.date));

const seconds = (value: unknown): number => numberOf(value) * 1_000;
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
