import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import { createPolygon } from '../../../src/providers/polygon/polygon.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import type { Emulation } from '../../contract/provider.js';
import { providerContract } from '../../contract/provider.js';
import { answerPolygon, type PolygonSettings } from '../../emulators/polygon/polygon.js';
import { newYork } from '../../emulators/truth.js';
import { emulated, keyOf } from '../emulation.js';

const KEY = 'emulated-key';
/** A Friday; the change to summer time is on the Sunday after it. */
const FRIDAY = Date.UTC(2024, 2, 8);
const NOW = FRIDAY + 6 * DAY;
const LISTED = Date.UTC(2024, 0, 2);

const SOURCE: PolygonSettings = {
  truth: newYork(['ACME'], { from: 4, to: 20 }, LISTED),
  key: KEY,
  depthMs: 5 * 365 * DAY,
  delayMs: 0,
  nextHost: 'https://api.massive.com',
  mostBase: 120,
  split: 2,
  listRows: 1_000,
  tickers: { ACME: { list_date: '1999-01-04' }, GONE: { list_date: '2024-01-02', delisted_utc: '2024-02-01T00:00:00Z' } },
  splits: [],
  dividends: [],
};

const start = (source: Partial<PolygonSettings> = {}, settings: Partial<SourceSettings> = {}) =>
  emulated(
    NOW,
    ({ url, headers, now }) => answerPolygon({ ...SOURCE, ...source }, now, url, headers.authorization),
    (baseUrl, world) =>
      createPolygon({ baseUrl, perMinute: 60_000, settleMs: 20 * MINUTE, plan: 'starter', key: keyOf(KEY), ...settings }, world),
  );

const minutes = async (): Promise<Emulation> => ({
  ...(await start()),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1m',
  busy: { from: FRIDAY + 15 * 60 * MINUTE, to: FRIDAY + 21 * 60 * MINUTE },
  silent: { from: FRIDAY + DAY + 9 * 60 * MINUTE, to: FRIDAY + DAY + 10 * 60 * MINUTE },
});

const days = async (): Promise<Emulation> => ({
  ...(await start({ mostBase: 7 })),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1d',
  busy: { from: FRIDAY - 28 * DAY, to: FRIDAY + 5 * DAY },
  silent: { from: FRIDAY + DAY, to: FRIDAY + 3 * DAY },
});

providerContract('polygon, minutes', minutes);
providerContract('polygon, days on both sides of the change to summer time', days);
