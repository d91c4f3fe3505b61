/** FMP in front of its emulator, two weeks after one in which summer time begins. */
import { DAY, HOUR } from '../../../src/model/timeframe.js';
import { createFmp } from '../../../src/providers/fmp/fmp.js';
import type { Patience } from '../../../src/providers/http/watch.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import { answerFmp, type FmpSettings } from '../../emulators/fmp/fmp.js';
import { newYork } from '../../emulators/truth.js';
import { type Emulated, emulated, keyOf } from '../emulation.js';

export const KEY = 'canary-of-fmp';
/** The change to summer time is on the Sunday after it. */
export const FRIDAY = Date.UTC(2024, 2, 8);
export const NOW = FRIDAY + 14 * DAY;

export const truth = newYork(['ACME'], { from: 9.5, to: 16 });

const SOURCE: FmpSettings = {
  truth,
  key: KEY,
  mostDays: { '1m': 3, '5m': 7 },
  split: 2,
  premium: [],
  profiles: { ACME: { ipoDate: '2017-09-01', exchange: 'NASDAQ' }, 'ACME.L': { ipoDate: '2017-09-01', exchange: 'LSE' } },
  splits: {},
  dividends: {},
};

export const fmp = (
  source: Partial<FmpSettings> = {},
  settings: Partial<SourceSettings> = {},
  patience: Partial<Patience> = {},
): Promise<Emulated> =>
  emulated(
    NOW,
    ({ url, headers, now }) => answerFmp({ ...SOURCE, ...source }, now, url, String(headers.apikey)),
    (baseUrl, world) => createFmp({ baseUrl, perMinute: 60_000, settleMs: HOUR, plan: 'paid', key: keyOf(KEY), ...settings }, world),
    patience,
  );
