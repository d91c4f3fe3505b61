import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createFmp } from '../../../src/providers/fmp/fmp.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import type { Emulation } from '../../contract/provider.js';
import { providerContract } from '../../contract/provider.js';
import { answerFmp, type FmpSettings } from '../../emulators/fmp/fmp.js';
import { newYork } from '../../emulators/truth.js';
import { emulated, keyOf } from '../emulation.js';

const KEY = 'emulated-key';
/** A Friday; the change to summer time is on the Sunday after it. */
const FRIDAY = Date.UTC(2024, 2, 8);
const NOW = FRIDAY + 14 * DAY;

const SOURCE: FmpSettings = {
  truth: newYork(['ACME'], { from: 9.5, to: 16 }),
  key: KEY,
  mostDays: { '1m': 3, '5m': 7 },
  split: 2,
  premium: [],
  profiles: { ACME: { ipoDate: '2017-09-01', exchange: 'NASDAQ' } },
  splits: {},
  dividends: {},
};

const start = (source: Partial<FmpSettings> = {}, settings: Partial<SourceSettings> = {}) =>
  emulated(
    NOW,
    ({ url, headers, now }) => answerFmp({ ...SOURCE, ...source }, now, url, String(headers.apikey)),
    (baseUrl, world) => createFmp({ baseUrl, perMinute: 60_000, settleMs: HOUR, plan: 'paid', key: keyOf(KEY), ...settings }, world),
  );

const minutes = async (): Promise<Emulation> => ({
  ...(await start()),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '30m',
  busy: { from: FRIDAY - 60 * DAY + 15 * HOUR, to: FRIDAY + 4 * DAY },
  silent: { from: FRIDAY + DAY + 9 * 60 * MINUTE, to: FRIDAY + DAY + 10 * 60 * MINUTE },
});

const days = async (): Promise<Emulation> => ({
  ...(await start()),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1d',
  busy: { from: Date.UTC(2017, 9, 2), to: FRIDAY + 5 * DAY },
  silent: { from: FRIDAY + DAY, to: FRIDAY + 3 * DAY },
});

providerContract('fmp, half hours', minutes);
providerContract('fmp, days', days);
