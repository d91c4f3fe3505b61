import { columnsByShape } from '../columns.js';
import type { Dialect } from '../dialect.js';

/** `NQ 03-25.Last.txt`: the instrument with its contract month, and which price. */
const NAME = /^(.+?)(?: (\d{2}-\d{2}))?\.(Last|Bid|Ask)\.txt$/;

export const ninjatrader: Dialect = {
  name: 'ninjatrader',
  about: 'historical data exported from NinjaTrader 8',
  recognise(look) {
    const { heading, delimiter, rows, name } = look;
    if (heading || delimiter !== ';' || !/^\d{8}( \d{6})?$/.test(rows[0]?.[0] ?? '') || rows[0]?.length !== 6) return undefined;
    const columns = columnsByShape(look);
    if (!columns) return undefined;
    const [, instrument, contract, price] = NAME.exec(name) ?? [];
    const daily = !rows.some(row => (row[0] ?? '').includes(' '));
    return {
      columns: { ...columns, doubts: [] },
      ...(instrument ? { symbol: contract ? `${instrument} ${contract}` : instrument } : {}),
      ...(contract ? { traded: { assetClass: 'future', as: instrument as string } } : {}),
      ...(daily ? { timeframe: '1d' } : {}),
      order: 'ymd',
      zone: 'UTC',
      stamp: daily ? 'open' : 'close',
      ...(price === 'Bid' || price === 'Ask' ? { price: price === 'Bid' ? 'bid' : 'ask' } : {}),
      evidence: ['semicolons, no heading, stamps as yyyyMMdd HHmmss', 'NinjaTrader 8 writes UTC and stamps the close'],
    };
  },
};
