/** Whether 01/02 is the first of February or the second of January: the dates that a reading does not have decide, else how the rows follow. */
import { DAY } from '../../model/timeframe.js';
import type { DateOrder } from '../layout.js';
import { stampOf } from '../text/times.js';

export interface OrderFound {
  readonly order: DateOrder | undefined;
  /** What it can be, where that stays open. */
  readonly options: readonly DateOrder[];
  readonly words: string;
}

const YEAR_FIRST = /^\s*(\d{4}[-./]|\d{8}(\D|$))/;
const NAMED = /\d[-. ]?[a-z]{3}|[a-z]{3,9}\.? \d/i;
const IN_DIGITS = /^\s*(\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?!\d)/;
const FIRST: Readonly<Record<DateOrder, string>> = { ymd: 'year', mdy: 'month', dmy: 'day' };

/** From dates as they stand, in file order. What is no date, such as a heading in the middle, says nothing. */
export function dateOrderOf(dates: readonly string[]): OrderFound {
  const inDigits = dates.flatMap(date => IN_DIGITS.exec(date)?.[1] ?? []);
  if (inDigits.length === 0) {
    const words = dates.some(date => YEAR_FIRST.test(date)) ? 'dates begin with the year' : 'months are named';
    return { order: dates.some(date => YEAR_FIRST.test(date) || NAMED.test(date)) ? 'ymd' : undefined, options: [], words };
  }
  const { days, isIntraday } = daysOf(inDigits);
  const shortYears = days.every(date => /\D\d{2}$/.test(date));
  const orders: DateOrder[] = shortYears ? ['dmy', 'mdy', 'ymd'] : ['dmy', 'mdy'];
  const against = (order: DateOrder): string | undefined => days.find(date => stampOf(date, order) === undefined);
  const left = orders.filter(order => against(order) === undefined);
  const [only] = left;
  if (left.length === 1 && only) {
    const proof = orders.map(against).find(date => date !== undefined);
    return { order: only, options: [], words: `${proof} has its ${FIRST[only]} first` };
  }
  if (left.length === 0) {
    const ways = [...new Set(orders.map(against))].join(' and ');
    return { order: undefined, options: orders, words: `dates are written in two ways, or one is none: ${ways}` };
  }
  const [best, next] = left.map(order => ({ order, breaks: breaksIn(days, order, isIntraday) })).sort((a, b) => a.breaks - b.breaks);
  if (best && next && next.breaks - best.breaks >= Math.max(LEAST, 2 * best.breaks))
    return { order: best.order, options: [], words: `read with the ${FIRST[best.order]} first the rows follow each other` };
  const ways = left.map(order => FIRST[order]).join(' or the ');
  return { order: undefined, options: left, words: `${days[0]} can be read with the ${ways} first` };
}

/**
 * What a kind of file is known to write, unless its dates say otherwise: saved again by another program they may be written in its way.
 * One date in ten may be none.
 */
export function dateOrderKnown(dates: readonly string[], known: DateOrder): OrderFound {
  const asKnown: OrderFound = { order: known, options: [], words: '' };
  const inDigits = dates.flatMap(date => IN_DIGITS.exec(date)?.[1] ?? []);
  if (inDigits.length === 0) return asKnown;
  const share = (order: DateOrder) => inDigits.filter(date => stampOf(date, order) === undefined).length / inDigits.length;
  if (share(known) > MOST_WRONG) return dateOrderOf(dates);
  const { days, isIntraday } = daysOf(inDigits);
  const breaks = breaksIn(days, known, isIntraday);
  const follows = (order: DateOrder) => order !== known && share(order) === 0 && breaksIn(days, order, isIntraday) === 0;
  const other = ORDERS.find(order => breaks > 0 && follows(order));
  if (!other) return asKnown;
  const words = `such files have the ${FIRST[known]} first, and with the ${FIRST[other]} first, as ${days[0]}, its rows follow each other`;
  return { order: undefined, options: [known, other], words };
}

const ORDERS: readonly DateOrder[] = ['dmy', 'mdy'];

const MOST_WRONG = 0.1;

function daysOf(dates: readonly string[]): { days: string[]; isIntraday: boolean } {
  const days = dates.filter((date, i) => date !== dates[i - 1]);
  return { days, isIntraday: dates.length > 2 * days.length };
}

/** So many breaks more have to be in a reading before it is clearly the worse one. */
const LEAST = 2;

/** Steps that do not go on the way that most do, by some days, or by a month where each date has one row. */
function breaksIn(days: readonly string[], order: DateOrder, isIntraday: boolean): number {
  const stamps = days.map(date => stampOf(date, order)?.at ?? Number.NaN);
  const steps = stamps.slice(1).map((at, i) => (at - (stamps[i] as number)) / DAY);
  const falls = steps.filter(step => step < 0).length > steps.length / 2;
  const broken = (fits: (step: number) => boolean) => steps.filter(step => !fits(falls ? -step : step)).length;
  const byDays = broken(step => step > 0 && step <= 10);
  return isIntraday
    ? byDays
    : Math.min(
        byDays,
        broken(step => step >= 27 && step <= 32),
      );
}
