import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import { type AlpacaSettings, createAlpaca } from '../../../src/providers/alpaca/alpaca.js';
import type { Emulation } from '../../contract/provider.js';
import { providerContract } from '../../contract/provider.js';
import { answerAlpaca, type AlpacaSettings as SourceSettings } from '../../emulators/alpaca/alpaca.js';
import { newYork } from '../../emulators/truth.js';
import { emulated, keyOf } from '../emulation.js';

/** A Friday; the change to summer time is on the Sunday after it. */
const FRIDAY = Date.UTC(2024, 2, 8);
const NOW = FRIDAY + 6 * DAY;
const LISTED = Date.UTC(2024, 0, 2);

const SOURCE: SourceSettings = {
  truth: { sip: newYork(['ACME'], { from: 4, to: 20 }, LISTED), iex: newYork(['ACME'], { from: 8, to: 17 }, LISTED) },
  key: 'emulated-key',
  secret: 'emulated-secret',
  recentSip: false,
  mostBars: 120,
  split: 2,
  splits: [],
  dividends: [],
};

const start = (source: Partial<SourceSettings> = {}, settings: Partial<AlpacaSettings> = {}) =>
  emulated(
    NOW,
    ({ url, headers, now }) =>
      answerAlpaca({ ...SOURCE, ...source }, now, url, String(headers['apca-api-key-id']), String(headers['apca-api-secret-key'])),
    (baseUrl, world) => {
      const keys = { key: keyOf(SOURCE.key), secretKey: keyOf(SOURCE.secret) };
      return createAlpaca({ baseUrl, perMinute: 60_000, settleMs: 20 * MINUTE, feed: 'sip', ...keys, ...settings }, world);
    },
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
  ...(await start({ mostBars: 7 })),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1d',
  busy: { from: FRIDAY - 28 * DAY, to: FRIDAY + 5 * DAY },
  silent: { from: FRIDAY + DAY, to: FRIDAY + 3 * DAY },
});

providerContract('alpaca, minutes', minutes);
providerContract('alpaca, days on both sides of the change to summer time', days);
