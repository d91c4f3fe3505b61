import type { AssetClass } from '../../model/series.js';
import { columnsByName } from '../columns.js';
import type { Dialect, Recognised } from '../dialect.js';
import { nameSays, timeframeFrom } from '../names.js';

/** `BINANCE_BTCUSDT, 60.csv`: the exchange, the symbol, the timeframe in minutes or as 1D. */
const NAME = /^(CME_MINI|CBOT_MINI|COMEX_MINI|NYMEX_MINI|FX_IDC|[A-Z0-9]+)_([^,]+), ?([0-9]+[A-Z]?)(?![A-Za-z0-9]).*\.csv$/;

const VENUES: readonly (readonly [RegExp, AssetClass])[] = [
  [/^(CME|CBOT|COMEX|NYMEX)/, 'future'],
  [/^(BINANCE|COINBASE|BITSTAMP|KRAKEN|BYBIT|OKX|BITFINEX|GEMINI|KUCOIN|MEXC|BITGET)/, 'crypto'],
  [/^(FX|FX_IDC|OANDA|FOREXCOM|FXCM)$/, 'fx'],
];

/** `NQ1!` is the first contract of NQ. */
function tradedOn(exchange = '', symbol = ''): Pick<Recognised, 'traded'> {
  const assetClass = VENUES.find(([pattern]) => pattern.test(exchange))?.[1];
  return assetClass ? { traded: { assetClass, as: symbol.replace(/\d!$/, '') } } : {};
}

export const tradingview: Dialect = {
  name: 'tradingview',
  about: 'a chart exported from TradingView',
  recognise({ heading, name, rows }) {
    if (heading?.slice(0, 5).join() !== 'time,open,high,low,close') return undefined;
    if (!/^(\d{9,10}$|\d{4}-\d{2}-\d{2}(T|$))/.test(rows[0]?.[0] ?? '')) return undefined;
    const named = NAME.exec(name);
    const studies = heading.length > 5 || named !== null;
    const columns = columnsByName(heading);
    if (!columns || !studies || heading.some(h => /^(tick|real)_?volume$/i.test(h))) return undefined;
    const { volume, ...prices } = columns.values;
    const exact = heading.findIndex(h => h.toLowerCase() === 'volume');
    const [, exchange, listed, length] = named ?? [];
    const { symbol = listed, timeframe = undefined } = length === undefined ? nameSays(name) : { timeframe: timeframeFrom(length) };
    return {
      columns: { ...columns, values: exact < 0 ? prices : { ...prices, volume: exact } },
      ...(symbol ? { symbol } : {}),
      ...tradedOn(exchange, symbol),
      ...(timeframe ? { timeframe } : {}),
      order: 'ymd',
      stamp: 'open',
      lastMayRun: true,
      evidence: [
        'its columns are time, open, high, low, close and what was drawn on the chart',
        ...(exchange ? [`its name says ${symbol} of ${exchange}`] : []),
        'TradingView stamps the open',
      ],
    };
  },
};
