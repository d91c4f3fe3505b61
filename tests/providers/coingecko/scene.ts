/** CoinGecko in front of its emulator. */
import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createCoinGecko } from '../../../src/providers/coingecko/coingecko.js';
import type { Patience } from '../../../src/providers/http/watch.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import { answerCoinGecko, type CoinGeckoSettings } from '../../emulators/coingecko/coingecko.js';
import { always } from '../../emulators/truth.js';
import { type Emulated, emulated, keyOf } from '../emulation.js';

export const KEY = 'canary-of-coingecko';
export const MONDAY = Date.UTC(2024, 2, 4);
/** In the midst of a candle of any length. */
export const NOW = MONDAY + 30 * DAY + 5 * HOUR + 10 * MINUTE;

export const truth = always(['acme-coin']);

const SOURCE: CoinGeckoSettings = { truth, key: KEY, plan: 'demo', coins: [{ id: 'acme-coin', symbol: 'acme', name: 'Acme' }] };

export const coingecko = (
  source: Partial<CoinGeckoSettings> = {},
  settings: Partial<SourceSettings> = {},
  patience: Partial<Patience> = {},
): Promise<Emulated> =>
  emulated(
    NOW,
    ({ url, headers, now }) =>
      answerCoinGecko({ ...SOURCE, ...source }, now, url, String(headers['x-cg-demo-api-key'] ?? headers['x-cg-pro-api-key'])),
    (url, world) =>
      createCoinGecko({ baseUrl: `${url}/api/v3`, perMinute: 60_000, settleMs: 40 * MINUTE, key: keyOf(KEY), ...settings }, world),
    patience,
  );
