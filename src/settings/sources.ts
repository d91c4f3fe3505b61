/** The settings of sources on the network: each has an address, a limit, a plan, a key. Another address stands in for it: a proxy, a region, a test server. */
import { z } from 'zod';
import { secret } from './secret.js';
import { amount, oneOf, setting, text, wholeNumber } from './setting.js';

export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Keys travel in requests: nothing but this machine is asked without encryption. */
function isAddress(value: string): boolean {
  try {
    const { protocol, hostname, username, search, hash } = new URL(value);
    const plain = username === '' && search === '' && hash === '';
    return plain && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname)));
  } catch {
    return false;
  }
}

const ALLOWED = 'an https address; http only to this machine';
const address = (doc: string) =>
  setting(
    z
      .string()
      .max(1_024)
      .refine(isAddress, { params: { allowed: ALLOWED } }),
    doc,
    ALLOWED,
  );

const common = {
  baseUrl: address('Where its API is.'),
  perMinute: amount('Requests a minute at most, counted as the source counts them.', 0.01, 1_000_000),
  perDay: wholeNumber('Requests a day at most; unset, as many as one likes.', 1, 1_000_000_000).exactOptional(),
  settleMs: wholeNumber('How long after its close a bar may still change or be late, in milliseconds.', 0, 604_800_000),
  plan: text(
    'The plan of the key there, where it decides what is served; unset, the free one.',
    'a name as the source uses it',
  ).exactOptional(),
};

const key = (of: string) => secret(`The key of ${of}: its variable, or env:NAME in a file for another variable.`).exactOptional();

const archived = z.strictObject({
  ...common,
  archiveUrl: address('Where its bulk archives are; null: all is asked for page by page.').nullable(),
});
const keyed = (of: string) => z.strictObject({ ...common, key: key(of) });

export const sources = {
  binance: archived,
  'binance-um': archived,
  yahoo: z.strictObject({
    ...common,
    prices: oneOf('raw: as they were traded, taken back through later splits; split: as Yahoo has them, for a dataset of their own.', [
      'raw',
      'split',
    ]),
  }),
  'alpha-vantage': keyed('Alpha Vantage'),
  fmp: keyed('FMP'),
  polygon: keyed('Polygon'),
  tiingo: keyed('Tiingo'),
  alpaca: z.strictObject({
    ...common,
    key: key('Alpaca'),
    secretKey: key('Alpaca, its secret half'),
    feed: oneOf('Whose trades: of all exchanges, or of one with a few percent of the volume. A series keeps to one.', ['sip', 'iex']),
  }),
  coingecko: keyed('CoinGecko'),
};

/** The usual names of keys, beside the variable that every setting has. */
export const KEY_VARIABLES: Readonly<Record<string, string>> = {
  'providers.alpha-vantage.key': 'ALPHA_VANTAGE_API_KEY',
  'providers.fmp.key': 'FMP_API_KEY',
  'providers.polygon.key': 'POLYGON_KEY',
  'providers.tiingo.key': 'TIINGO_API_KEY',
  'providers.alpaca.key': 'ALPACA_API_KEY',
  'providers.alpaca.secretKey': 'ALPACA_SECRET_KEY',
  'providers.coingecko.key': 'COINGECKO_API_KEY',
};

/** Sources that answer nobody without a key. */
export const KEYED: ReadonlySet<string> = new Set(['alpha-vantage', 'fmp', 'polygon', 'tiingo', 'alpaca']);

/** Limits are those of a free key, a little below what the source tells. */
export const sourceDefaults = {
  binance: { baseUrl: 'https://api.binance.com', archiveUrl: 'https://data.binance.vision', settleMs: 10_000, perMinute: 4_800 },
  'binance-um': { baseUrl: 'https://fapi.binance.com', archiveUrl: 'https://data.binance.vision', settleMs: 10_000, perMinute: 1_920 },
  yahoo: { baseUrl: 'https://query1.finance.yahoo.com', settleMs: 1_200_000, perMinute: 60, prices: 'raw' as const },
  'alpha-vantage': { baseUrl: 'https://www.alphavantage.co', settleMs: 3_600_000, perMinute: 60, perDay: 25 },
  fmp: { baseUrl: 'https://financialmodelingprep.com', settleMs: 3_600_000, perMinute: 240, perDay: 250 },
  polygon: { baseUrl: 'https://api.polygon.io', settleMs: 1_200_000, perMinute: 5 },
  tiingo: { baseUrl: 'https://api.tiingo.com', settleMs: 3_600_000, perMinute: 50, perDay: 1_000 },
  alpaca: { baseUrl: 'https://data.alpaca.markets', settleMs: 1_200_000, perMinute: 180, feed: 'sip' as const },
  coingecko: { baseUrl: 'https://api.coingecko.com/api/v3', settleMs: 2_400_000, perMinute: 25 },
};
