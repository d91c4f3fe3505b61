import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createCoinGecko } from '../../../src/providers/coingecko/coingecko.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import type { Emulation } from '../../contract/provider.js';
import { providerContract } from '../../contract/provider.js';
import { answerCoinGecko, type CoinGeckoSettings } from '../../emulators/coingecko/coingecko.js';
import { always } from '../../emulators/truth.js';
import { emulated, keyOf } from '../emulation.js';

const KEY = 'emulated-key';
const MONDAY = Date.UTC(2024, 2, 4);
const NOW = MONDAY + 30 * DAY + 5 * HOUR;

const SOURCE: CoinGeckoSettings = {
  truth: always(['acme-coin']),
  key: KEY,
  plan: 'demo',
  coins: [{ id: 'acme-coin', symbol: 'acme', name: 'Acme' }],
};

const start = (source: Partial<CoinGeckoSettings> = {}, settings: Partial<SourceSettings> = {}) =>
  emulated(
    NOW,
    ({ url, headers, now }) =>
      answerCoinGecko({ ...SOURCE, ...source }, now, url, String(headers['x-cg-demo-api-key'] ?? headers['x-cg-pro-api-key'])),
    (url, world) =>
      createCoinGecko({ baseUrl: `${url}/api/v3`, perMinute: 60_000, settleMs: 40 * MINUTE, key: keyOf(KEY), ...settings }, world),
  );

const hours = async (): Promise<Emulation> => ({
  ...(await start({ plan: 'paid' }, { plan: 'paid' })),
  symbol: 'acme-coin',
  unknown: 'no-coin',
  timeframe: '1h',
  busy: { from: MONDAY - 80 * DAY, to: MONDAY },
});

providerContract('coingecko, hours of a paid key', hours);
