/** Lists of series under a name, to be loaded by it. */
import { z } from 'zod';
import { ASSET_CLASSES } from '../model/series.js';
import { TIMEFRAMES } from '../model/timeframe.js';
import { providers } from './providers.js';
import { instant, oneOf, setting, text, timeframe } from './setting.js';

const names = Object.keys(providers.shape) as [string, ...string[]];
const MOST_SYMBOLS = 3_000;

const watchlist = z.strictObject({
  symbols: setting(
    z.array(text('', '')).min(1).max(MOST_SYMBOLS),
    'Symbols as the market names them.',
    'a list such as [BTCUSDT, ETHUSDT]',
  ),
  timeframes: setting(z.array(timeframe('')).min(1).max(TIMEFRAMES.length), 'The lengths of bars.', `a list of ${TIMEFRAMES.join(' ')}`),
  provider: oneOf('Where the bars come from; unset, as for any series.', names).exactOptional(),
  assetClass: oneOf('What is traded; unset, as for any series.', ASSET_CLASSES).exactOptional(),
  dataset: text('main, or whose quotes these are.', 'main, or a venue, feed or account').exactOptional(),
  calendar: text('The calendar that says which bars should exist.', 'a name such as XNYS, CMES, FOREX')
    .regex(/^[A-Za-z0-9][\w./-]{0,39}$/)
    .exactOptional(),
  from: instant('Since when; unset, since the provider has it.').exactOptional(),
});

export const watchlists = setting(
  z.record(z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/), watchlist),
  'Series that are loaded together by a name: tapekeep load @majors.',
  'lists by name, each as { symbols: [BTCUSDT, ETHUSDT], timeframes: [1m, 1h] } with provider, assetClass, dataset, calendar or from where wanted',
);
