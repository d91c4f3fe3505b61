/** Stamps out of bytes: seconds since 1970 in any unit, or a date in digits or words, with an offset of its own or without. */
import { HOUR, MINUTE } from '../../model/timeframe.js';
import type { DateOrder, TimeLayout } from '../layout.js';

/** A moment, or what the clock on the wall showed (as if it were UTC). */
export interface Stamp {
  readonly at: number;
  /** It says its own offset: it is a moment. */
  readonly isMoment: boolean;
}

/** The unit is told by the size: what comes out lies between 1970 and 2200, or it is no stamp. */
export function epochOf(value: number): number | undefined {
  const seconds = value * 1_000;
  if (seconds >= EARLIEST && seconds < LATEST) return Math.round(seconds);
  for (const scale of FINER) {
    const at = value * scale;
    if (at >= EARLIEST && at < LATEST) return Math.round(at);
  }
  return undefined;
}

const FINER = [1, 1e-3, 1e-6];
/** Smaller numbers would be seconds of 1970, or days: nobody's bars. */
const EARLIEST = Date.UTC(1971, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** No clock is further from UTC. */
const FURTHEST = 14 * HOUR;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const decoder = new TextDecoder();

const DATE = String.raw`(?:(\d{4})(\d{2})(\d{2})|(\d{1,4})[./\-](\d{1,2}|[A-Za-z]{3,9})[./\-](\d{1,4})|([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4}),?)`;
const TIME = String.raw`(?:(\d{2})(\d{2})(\d{2})?|(\d{1,2}):(\d{2})(?::(\d{2}))?|(\d{1,2})(?=-?[AP]M))(?:[.,](\d{1,9}))?(?:[ -]?([AP]M))?`;
const OFFSET = String.raw`(?: ?(Z|UTC|GMT)? ?([+-]\d{2}):?(\d{2})?| ?(Z|UTC|GMT))`;
const STAMP = new RegExp(`^\\s*${DATE}(?:[T ,]+${TIME})?${OFFSET}?\\s*$`, 'i');
const CLOCK = new RegExp(`^\\s*${TIME}\\s*$`, 'i');

/** The beginning of a day, where it is. */
const MIDNIGHT = /^(\S+)[T ]00:00(?::00(?:\.0+)?)? ?[+-]\d{2}:?\d{2}$/;

export type StampReader = (bytes: Uint8Array, from: number, to: number, clock?: readonly [number, number]) => Stamp | undefined;

/** Reads stamps of one file. What was read of the last date is kept: most rows share it with their neighbour. */
export function stampReader({ order, dated = false }: Pick<TimeLayout, 'order' | 'dated'>): StampReader {
  let lastText = '';
  let last: Stamp | undefined;
  return (bytes, from, to, clock) => {
    const quick = clock ? undefined : quickStamp(bytes, from, to, order);
    if (quick !== undefined) return { at: quick, isMoment: false };
    const moment = clock || dated ? undefined : quickMoment(bytes, from, to);
    if (moment !== undefined) return { at: moment, isMoment: true };
    const text = decoder.decode(bytes.subarray(from, to));
    if (text !== lastText) {
      lastText = text;
      const [, date] = (dated && MIDNIGHT.exec(text)) || [];
      const day = date === undefined ? undefined : stampOf(date, order);
      last = day ? { at: day.at, isMoment: true } : stampOf(text, order);
    }
    if (!clock || !last) return last;
    const within = clockOf(decoder.decode(bytes.subarray(clock[0], clock[1])));
    return within === undefined ? undefined : { at: last.at + within, isMoment: last.isMoment };
  };
}

const digits = (bytes: Uint8Array, from: number, count: number): number => {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** "2024-01-31T23:59:00Z" and "2024-01-31T23:59:00-06:00". */
function quickMoment(bytes: Uint8Array, from: number, to: number): number | undefined {
  const length = to - from;
  const offset = bytes[from + 19];
  const isZulu = length === 20 && (offset === 90 || offset === 122);
  if (!isZulu && (length !== 25 || (offset !== 43 && offset !== 45) || bytes[from + 22] !== 58)) return undefined;
  const shown = quickStamp(bytes, from, from + 19, 'ymd');
  if (shown === undefined || isZulu) return shown;
  const ahead = digits(bytes, from + 20, 2) * HOUR + digits(bytes, from + 23, 2) * MINUTE;
  return ahead <= FURTHEST ? shown - (offset === 43 ? ahead : -ahead) : undefined;
}

/** "2024-01-31 23:59" and "20240131 235900", which are most of what there is. */
function quickStamp(bytes: Uint8Array, from: number, to: number, order: DateOrder): number | undefined {
  if (order !== 'ymd') return undefined;
  const length = to - from;
  if (length === 15 && bytes[from + 8] === 32) {
    return wall(
      digits(bytes, from, 4),
      digits(bytes, from + 4, 2),
      digits(bytes, from + 6, 2),
      digits(bytes, from + 9, 2),
      digits(bytes, from + 11, 2),
      digits(bytes, from + 13, 2),
    );
  }
  const dashed = bytes[from + 4] === 45 && bytes[from + 7] === 45 && bytes[from + 13] === 58;
  if (!dashed || (length !== 16 && length !== 19)) return undefined;
  const seconds = length === 19 ? (bytes[from + 16] === 58 ? digits(bytes, from + 17, 2) : Number.NaN) : 0;
  return wall(
    digits(bytes, from, 4),
    digits(bytes, from + 5, 2),
    digits(bytes, from + 8, 2),
    digits(bytes, from + 11, 2),
    digits(bytes, from + 14, 2),
    seconds,
  );
}

function wall(year: number, month: number, day: number, hour: number, minute: number, second: number): number | undefined {
  const date = dateOf(year, month, day);
  if (date === undefined || !(hour <= 24 && minute < 60 && second < 60) || (hour === 24 && minute + second > 0)) return undefined;
  return date + hour * HOUR + minute * MINUTE + second * 1_000;
}

/** Rows that follow each other are of one date: it is worked out once. */
let lastDate: { readonly key: number; readonly at: number | undefined } = { key: Number.NaN, at: undefined };

/** undefined for a date that the calendar does not have. */
function dateOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= 1800 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  const key = (year * 13 + month) * 32 + day;
  if (key !== lastDate.key) {
    const at = Date.UTC(year, month - 1, day);
    lastDate = { key, at: new Date(at).getUTCDate() === day ? at : undefined };
  }
  return lastDate.at;
}

export function stampOf(text: string, order: DateOrder): Stamp | undefined {
  const m = STAMP.exec(text);
  if (!m) return undefined;
  const date = dateIn(m, order);
  const within = m.slice(10, 19).some(part => part !== undefined) ? clockIn(m.slice(10, 19)) : 0;
  if (date === undefined || within === undefined) return undefined;
  const [before, hours, minutes, alone] = m.slice(19);
  const word = before ?? alone;
  if (hours === undefined && word === undefined) return { at: date + within, isMoment: false };
  const ahead = hours === undefined ? 0 : Math.abs(Number(hours)) * HOUR + Number(minutes ?? 0) * MINUTE;
  if (ahead > FURTHEST) return undefined;
  return { at: date + within - (hours?.startsWith('-') ? -ahead : ahead), isMoment: true };
}

function dateIn(m: RegExpExecArray, order: DateOrder): number | undefined {
  if (m[1] !== undefined) return dateOf(Number(m[1]), Number(m[2]), Number(m[3]));
  if (m[7] !== undefined) return dateOf(Number(m[9]), monthOf(m[7]), Number(m[8]));
  const [a, b, c] = [m[4] as string, m[5] as string, m[6] as string];
  if (/[a-z]/i.test(b)) return a.length === 4 ? dateOf(Number(a), monthOf(b), Number(c)) : dateOf(yearOf(c), monthOf(b), Number(a));
  if (a.length === 4) return dateOf(Number(a), Number(b), Number(c));
  if (order === 'ymd') return dateOf(yearOf(a), Number(b), Number(c));
  return order === 'dmy' ? dateOf(yearOf(c), Number(b), Number(a)) : dateOf(yearOf(c), Number(a), Number(b));
}

const yearOf = (text: string): number => (text.length > 2 ? Number(text) : Number(text) + (Number(text) < 70 ? 2000 : 1900));
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

function clockOf(text: string): number | undefined {
  const m = CLOCK.exec(text);
  return m ? clockIn(m.slice(1)) : undefined;
}

/** The time of day out of the parts that TIME finds. */
function clockIn([h1, m1, s1, h2, m2, s2, h3, fraction, half]: readonly (string | undefined)[]): number | undefined {
  let hour = Number(h1 ?? h2 ?? h3);
  const minute = Number(m1 ?? m2 ?? 0);
  const second = Number(s1 ?? s2 ?? 0);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  }
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0)) return undefined;
  return hour * HOUR + minute * MINUTE + second * 1_000 + (fraction ? Math.floor(Number(`0.${fraction}`) * 1_000) : 0);
}
