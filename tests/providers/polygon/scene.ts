/** Polygon in front of its emulator, a week in which summer time begins. */
import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import type { Patience } from '../../../src/providers/http/watch.js';
import { createPolygon } from '../../../src/providers/polygon/polygon.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import { answerPolygon, type PolygonSettings } from '../../emulators/polygon/polygon.js';
import { newYork, type Truth } from '../../emulators/truth.js';
import { type Emulated, emulated, keyOf } from '../emulation.js';

export const KEY = 'canary-of-polygon';
/** The change to summer time is on the Sunday after it. */
export const FRIDAY = Date.UTC(2024, 2, 8);
export const NOW = FRIDAY + 6 * DAY;

export const truth: Truth = newYork(['ACME', 'GONE'], { from: 4, to: 20 }, Date.UTC(2024, 0, 2));

const SOURCE: PolygonSettings = {
  truth,
  key: KEY,
  depthMs: 5 * 365 * DAY,
  delayMs: 0,
  nextHost: 'https://api.massive.com',
  mostBase: 120,
  split: 2,
  listRows: 1_000,
  tickers: { ACME: { list_date: '1999-01-04' }, GONE: { list_date: '1999-01-04', delisted_utc: '2024-03-01T00:00:00Z' } },
  splits: [],
  dividends: [],
};

export const polygon = (
  source: Partial<PolygonSettings> = {},
  settings: Partial<SourceSettings> = {},
  patience: Partial<Patience> = {},
): Promise<Emulated> =>
  emulated(
    NOW,
    ({ url, headers, now }) => answerPolygon({ ...SOURCE, ...source }, now, url, headers.authorization),
    (baseUrl, world) => {
      const usual = { baseUrl, perMinute: 60_000, settleMs: 20 * MINUTE, plan: 'starter', key: keyOf(KEY) };
      return createPolygon({ ...usual, ...settings }, world);
    },
    patience,
  );
