import { columnsByName } from '../columns.js';
import type { Dialect } from '../dialect.js';

export const sierraChart: Dialect = {
  name: 'sierra-chart',
  about: 'bar data exported from Sierra Chart',
  recognise({ heading, name, rows }) {
    if (heading?.slice(0, 8).join() !== 'Date,Time,Open,High,Low,Last,Volume,NumberOfTrades') return undefined;
    const columns = columnsByName(heading);
    if (!columns) return undefined;
    const daily = /\.dly_/.test(name) || rows.every(row => /^0?0:00:00(\.0+)?$/.test(row[1] ?? ''));
    const symbol = /^([^.]+)\./.exec(name)?.[1]?.replace(/^\$/, '^');
    return {
      columns: { ...columns, time: [0, 1] },
      ...(symbol ? { symbol } : {}),
      ...(daily ? { timeframe: '1d' } : {}),
      order: 'ymd',
      stamp: 'open',
      lastMayRun: true,
      evidence: ['Date, Time, Open, High, Low, Last, Volume, NumberOfTrades, as Sierra Chart writes them, by the time zone of the chart'],
    };
  },
};
