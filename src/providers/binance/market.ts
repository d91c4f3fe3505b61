/** The markets of Binance: the same API under different paths, with limits of their own. */
import { type Basis, CRYPTO_BASIS } from '../../model/series.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { Rules } from '../http/index.js';

export interface Market {
  readonly name: string;
  /** The path of its API, and of its archives. */
  readonly path: string;
  readonly archive: string;
  /** Rows of one page at most. */
  readonly pageRows: number;
  /** What a page of so many rows weighs. */
  readonly weightOf: (rows: number) => number;
  /** The list of symbols: what it weighs, and whether one symbol can be asked for. */
  readonly listWeight: number;
  readonly oneSymbol: boolean;
  /** The weight that an address may use in a minute. */
  readonly minuteWeight: number;
  readonly basis: Basis;
}

export const SPOT: Market = {
  name: 'binance',
  path: '/api/v3',
  archive: 'spot',
  pageRows: 1_000,
  weightOf: () => 2,
  listWeight: 20,
  oneSymbol: true,
  minuteWeight: 6_000,
  basis: { ...CRYPTO_BASIS, feed: 'binance' },
};

/** A page of more than a thousand rows weighs twice as much: the largest that is worth it has a thousand. */
export const USD_M: Market = {
  name: 'binance-um',
  path: '/fapi/v1',
  archive: 'futures/um',
  pageRows: 1_000,
  weightOf: rows => (rows < 100 ? 1 : rows < 500 ? 2 : rows <= 1_000 ? 5 : 10),
  listWeight: 1,
  oneSymbol: false,
  minuteWeight: 2_400,
  basis: { ...CRYPTO_BASIS, feed: 'binance-um' },
};

export const TIMEFRAMES = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '1w', '1mo'] as const;

/** A month is 1M in requests and 1mo in archives; every other name is ours. */
export const intervalOf = (timeframe: Timeframe): string => (timeframe === '1mo' ? '1M' : timeframe);

const TRANSIENT = [-1000, -1001, -1006, -1007, -1008, -1016];

export const RULES: Rules = {
  answers: [
    { field: 'code', is: -1121, means: 'SYMBOL_UNKNOWN' },
    { field: 'code', is: -1122, means: 'SYMBOL_UNKNOWN' },
    { field: 'code', is: -1120, means: 'TIMEFRAME_NOT_SERVED' },
    { status: 418, means: 'BANNED', waitMs: 120_000, until: /until (\d{13})/ },
    // The firewall in front of it: asking on makes it worse.
    { status: 403, means: 'BANNED', waitMs: 300_000 },
    { status: 429, means: 'RATE_LIMITED', waitMs: 60_000 },
    { field: 'code', is: -1003, means: 'RATE_LIMITED', waitMs: 60_000 },
    ...TRANSIENT.map(is => ({ field: 'code', is, means: 'PROVIDER_DOWN' }) as const),
    // A refusal that comes as a success is none.
    { status: 200, field: 'code', is: /^-\d+$/, means: 'REQUEST_REFUSED' },
  ],
  reasons: ['msg'],
};

/** What is not there was not laid down, or not yet. */
export const ARCHIVE_RULES: Rules = {
  answers: [
    { status: 404, means: 'none' },
    { status: 403, text: /AccessDenied|NoSuchKey/, means: 'none' },
  ],
};
