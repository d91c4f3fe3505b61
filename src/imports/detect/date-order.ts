/** Whether 01/02 is the first of February or the second of January: a number above twelve decides, else the order of the rows. */
import type { DateOrder } from '../layout.js';
import { stampOf } from '../text/times.js';

export interface OrderFound {
  readonly order: DateOrder | undefined;
  readonly words: string;
}

/** From dates as they stand, in file order. */
export function dateOrderOf(dates: readonly string[]): OrderFound {
  if (dates.some(d => /^\s*(\d{4}[-./]|\d{8}(\D|$))/.test(d))) return { order: 'ymd', words: 'dates begin with the year' };
  if (dates.some(d => /[a-z]{3}/i.test(d.replace(/gmt|utc/gi, '')))) return { order: 'mdy', words: 'months are named' };
  const parts = dates.map(d => /(\d{1,2})[-./](\d{1,2})[-./]\d{2,4}/.exec(d));
  const over = (place: 1 | 2) => parts.find(p => p && Number(p[place]) > 12)?.[0];
  const [day, month] = [over(1), over(2)];
  if (day && month) return { order: undefined, words: `dates are written in two ways: ${day} and ${month}` };
  if (day) return { order: 'dmy', words: `${day} has its day first` };
  if (month) return { order: 'mdy', words: `${month} has its month first` };
  const [asDay, asMonth] = [steadiness(dates, 'dmy'), steadiness(dates, 'mdy')];
  const better = asDay > asMonth ? 'dmy' : 'mdy';
  if (Math.abs(asDay - asMonth) > 0.05)
    return { order: better, words: `read with the ${better === 'dmy' ? 'day' : 'month'} first the rows follow each other` };
  return { order: undefined, words: `${dates[0]} can be read with the day or the month first` };
}

/** Share of rows that go on the way most rows do, by no more than ten days. */
function steadiness(dates: readonly string[], order: DateOrder): number {
  const stamps = dates.map(d => stampOf(d, order)?.at ?? Number.NaN);
  const limit = 10 * 86_400_000;
  const steps = stamps.slice(1).map((at, i) => at - (stamps[i] as number));
  const up = steps.filter(s => s >= 0 && s < limit).length;
  const down = steps.filter(s => s <= 0 && s > -limit).length;
  return steps.length === 0 ? 0 : Math.max(up, down) / steps.length;
}
