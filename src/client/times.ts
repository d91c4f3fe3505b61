/** Moments as people write them. */
import { fail } from '../model/errors.js';
import type { Span } from '../model/load.js';

const ISO = /^\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?)?$/;

/** A date or a moment; without a zone it is UTC, whatever this machine's zone is. */
export function parseMoment(text: string): number {
  const zoned = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const at = ISO.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(at) || (text.length >= 10 && !sameDay(text, at))) {
    throw fail('INTERVAL_INVALID', { from: text, to: '', reason: 'it is not a date such as 2024-01-31 or 2024-01-31T12:00Z' });
  }
  return at;
}

/** 2024-02-30 is no day: JavaScript would take it for the first of March. */
const sameDay = (text: string, at: number): boolean => {
  const day = Date.parse(text.slice(0, 10));
  return !Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === text.slice(0, 10) && Math.abs(at - day) < 2 * 86_400_000;
};

/** As a program reads it. */
export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

export const stamp = (at: number): string => {
  const text = new Date(at).toISOString();
  return text.endsWith('T00:00:00.000Z')
    ? text.slice(0, 10)
    : text.endsWith(':00.000Z')
      ? `${text.slice(0, 16)}Z`
      : `${text.slice(0, 19)}Z`;
};

/** The span between two moments, either of which may be left open. */
export function parseSpan(from: string | number | Date | undefined, to: string | number | Date | undefined, now: number): Span {
  const span = { from: momentOf(from), to: momentOf(to) };
  const tell = (at: number | null, open: string) => (at === null ? open : stamp(at));
  const refuse = (reason: string) => fail('INTERVAL_INVALID', { from: tell(span.from, 'the beginning'), to: tell(span.to, 'now'), reason });
  if (span.from !== null && span.to !== null && span.from >= span.to) throw refuse('the end is not after the beginning');
  if (span.from !== null && span.from >= now) throw refuse('it begins in the future');
  return span;
}

const momentOf = (at: string | number | Date | undefined): number | null => {
  if (at === undefined) return null;
  if (typeof at === 'number') return at;
  return typeof at === 'string' ? parseMoment(at) : at.getTime();
};
