/** Splits and dividends: what every source's file needs to tell them alike. */
import { fail } from '../model/errors.js';
import type { Interval } from '../model/interval.js';
import { textOf } from './fields.js';
import type { SourceEvent } from './provider.js';

/** A date as YYYY-MM-DD at 00:00Z, NaN when it is none. */
export function dateOf(value: unknown): number {
  const text = textOf(value) ?? '';
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) || !new Date(date).toISOString().startsWith(text) ? Number.NaN : date;
}

/** An event that cannot be read is no reason to go on without it: prices would be taken for what they are not. */
export function splitEvent(provider: string, date: unknown, ratio: number): SourceEvent {
  const at = dateOf(date);
  if (!Number.isNaN(at) && ratio > 0 && Number.isFinite(ratio)) return { kind: 'split', date: at, ratio };
  throw fail('ANSWER_WRONG', { provider, reason: `a split of ${ratio} on ${String(date)}` });
}

export function dividendEvent(provider: string, date: unknown, amount: number, currency: string): SourceEvent {
  const at = dateOf(date);
  if (!Number.isNaN(at) && amount >= 0 && Number.isFinite(amount)) return { kind: 'dividend', date: at, amount, currency };
  throw fail('ANSWER_WRONG', { provider, reason: `a dividend of ${amount} on ${String(date)}` });
}

export const inTimeOrder = (events: readonly SourceEvent[], { from, to }: Interval): readonly SourceEvent[] =>
  events.filter(({ date }) => date >= from && date < to).sort((a, b) => a.date - b.date);
