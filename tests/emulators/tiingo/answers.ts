/** Tiingo's answers out of bars. */
import { type Bars, barAt, countOf } from '../../../src/model/bars.js';

/** What happened to a share on a day. */
export interface Day {
  readonly date: number;
  readonly divCash: number;
  readonly splitFactor: number;
}

export function dayRows(bars: Bars, happened: readonly Day[]): object[] {
  return Array.from(bars.ts, (ts, i) => {
    const { open, high, low, close, volume } = barAt(bars, i);
    const { divCash, splitFactor } = happened.find(day => day.date === ts) ?? { divCash: 0, splitFactor: 1 };
    const divided = happened.reduce((ratio, day) => (ts < day.date ? ratio * day.splitFactor : ratio), 1);
    const adjusted = (price: number | null | undefined) => (price as number) / divided;
    return {
      date: new Date(ts).toISOString(),
      close,
      high,
      low,
      open,
      volume: Math.round(volume as number),
      adjClose: adjusted(close),
      adjHigh: adjusted(high),
      adjLow: adjusted(low),
      adjOpen: adjusted(open),
      adjVolume: Math.round((volume as number) * divided),
      divCash,
      splitFactor,
    };
  });
}

const DAY_COLUMNS = 'date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor';

export const csvOf = (rows: readonly object[]): string =>
  [DAY_COLUMNS, ...rows.map(row => Object.values({ ...row, date: (row as { date: string }).date.slice(0, 10) }).join(','))].join('\n') +
  '\n';

/** Volume only when it is asked for; then the zone is written the other way, too. */
export function minuteRows(bars: Bars, columns: string | null): object[] {
  const names = (columns ?? 'open,high,low,close').split(',').filter(name => name !== 'date');
  return Array.from({ length: countOf(bars) }, (_, i) => {
    const bar = barAt(bars, i);
    const date = new Date(bar.ts).toISOString();
    const zoned = columns === null ? date : date.replace('.000Z', '+00:00');
    return { date: zoned, ...Object.fromEntries(names.map(name => [name, bar[name as 'open']])) };
  });
}

export const metaOf = (ticker: string, first: number, last: number): object => ({
  endDate: new Date(last).toISOString().slice(0, 10),
  startDate: new Date(first).toISOString().slice(0, 10),
  exchangeCode: 'NASDAQ',
  name: `${ticker} Inc.`,
  description: 'It makes what there is to make.',
  ticker,
});
