/** Alpaca in front of its emulator, a week in which summer time begins. */
import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import { type AlpacaSettings, createAlpaca } from '../../../src/providers/alpaca/alpaca.js';
import type { Patience } from '../../../src/providers/http/watch.js';
import { answerAlpaca, type AlpacaSettings as SourceSettings } from '../../emulators/alpaca/alpaca.js';
import { newYork, type Truth } from '../../emulators/truth.js';
import { type Emulated, emulated, keyOf } from '../emulation.js';

export const KEYS = { key: 'canary-of-alpaca', secret: 'secret-canary-of-alpaca' };
/** The change to summer time is on the Sunday after it. */
export const FRIDAY = Date.UTC(2024, 2, 8);
export const NOW = FRIDAY + 6 * DAY;
export const LISTED = Date.UTC(2024, 0, 2);

export const truth: Readonly<Record<'sip' | 'iex', Truth>> = {
  sip: newYork(['ACME'], { from: 4, to: 20 }, LISTED),
  iex: newYork(['ACME'], { from: 8, to: 17 }, LISTED),
};

const SOURCE: SourceSettings = { truth, ...KEYS, recentSip: false, mostBars: 120, split: 2, splits: [], dividends: [] };

export const alpaca = (
  source: Partial<SourceSettings> = {},
  settings: Partial<AlpacaSettings> = {},
  patience: Partial<Patience> = {},
): Promise<Emulated> =>
  emulated(
    NOW,
    ({ url, headers, now }) =>
      answerAlpaca({ ...SOURCE, ...source }, now, url, String(headers['apca-api-key-id']), String(headers['apca-api-secret-key'])),
    (baseUrl, world) => {
      const keys = { key: keyOf(KEYS.key), secretKey: keyOf(KEYS.secret) };
      return createAlpaca({ baseUrl, perMinute: 60_000, settleMs: 20 * MINUTE, feed: 'sip', ...keys, ...settings }, world);
    },
    patience,
  );
