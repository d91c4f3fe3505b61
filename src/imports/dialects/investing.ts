import type { Dialect } from '../dialect.js';

/** "Price" is the close and stands first; numbers have thousands marks and units; the newest row comes first. */
export const investing: Dialect = {
  name: 'investing',
  about: 'historical data downloaded from Investing.com',
  recognise({ heading }) {
    if (heading?.slice(0, 6).join() !== 'Date,Price,Open,High,Low,Vol.') return undefined;
    return {
      columns: { time: [0], values: { close: 1, open: 2, high: 3, low: 4, volume: 5 }, doubts: [] },
      order: 'mdy',
      stamp: 'open',
      evidence: ['Date, Price, Open, High, Low, Vol., as Investing.com has them: the price is the close, the month comes first'],
    };
  },
};
