import type { Dialect } from '../dialect.js';
import { nameSays } from '../names.js';

/** Klines of data.binance.vision: twelve columns, with a heading or without, in milli- or microseconds. */
export const binanceArchive: Dialect = {
  name: 'binance-archive',
  about: 'klines of the public Binance archive',
  recognise({ heading, rows, name }) {
    const [row] = rows;
    if (row?.length !== 12 || !/^\d{13}(\d{3})?$/.test(row[0] ?? '') || !/^\d{13}(\d{3})?$/.test(row[6] ?? '')) return undefined;
    if (heading && heading[0] !== 'open_time') return undefined;
    return {
      columns: { time: [0], values: { open: 1, high: 2, low: 3, close: 4, volume: 5, turnover: 7, trades: 8 }, doubts: [] },
      ...nameSays(name.replaceAll('-', ' ')),
      zone: 'UTC',
      stamp: 'open',
      evidence: ['twelve columns with the stamps of open and close, as the Binance archive has them'],
    };
  },
};
