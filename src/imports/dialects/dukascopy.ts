import { columnsByName } from '../columns.js';
import type { Dialect } from '../dialect.js';
import { timeframeFrom } from '../names.js';

/** `EURUSD_Candlestick_1_D_BID_15.12.2017-15.12.2020.csv` */
const NAME = /^(.+?)_Candlestick_(\d+)_([A-Za-z]+)_(BID|ASK)/;

export const dukascopy: Dialect = {
  name: 'dukascopy',
  about: 'candles exported from Dukascopy',
  recognise({ heading, name }) {
    const first = heading?.[0]?.toLowerCase().replace('_', ' ');
    if (!heading || (first !== 'gmt time' && first !== 'local time')) return undefined;
    const columns = columnsByName(heading);
    if (!columns) return undefined;
    const [, symbol, count = '', unit = '', side] = NAME.exec(name) ?? [];
    const timeframe = timeframeFrom(`${count} ${unit.toLowerCase()}`.trim()) ?? timeframeFrom(`${count}${unit[0] ?? ''}`);
    return {
      columns: { ...columns, time: [0] },
      ...(symbol ? { symbol } : {}),
      ...(timeframe ? { timeframe } : {}),
      ...(side ? { price: side === 'BID' ? 'bid' : 'ask' } : {}),
      order: 'dmy',
      ...(first === 'gmt time' ? { zone: 'UTC' } : {}),
      stamp: 'open',
      evidence: [`the first column is "${heading[0]}", as Dukascopy writes it, with the day first and the stamp of the open`],
    };
  },
};
