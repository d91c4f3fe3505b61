/** The provider in front of Yahoo's emulator. */
import { MINUTE } from '../../../src/model/timeframe.js';
import { createHttp } from '../../../src/providers/http/index.js';
import type { Provider } from '../../../src/providers/provider.js';
import { createYahoo, type YahooSettings } from '../../../src/providers/yahoo/yahoo.js';
import { type HeldWorld, heldWorld } from '../../contract/world.js';
import { type Emulator, startEmulator } from '../../emulators/emulator.js';
import type { Truth } from '../../emulators/truth.js';
import { answerYahoo, type YahooShare } from '../../emulators/yahoo/yahoo.js';

export interface Yahoo {
  readonly provider: Provider;
  readonly emulator: Emulator;
  readonly world: HeldWorld;
  setNow(now: number): void;
  release(): Promise<void>;
}

export const coin = (symbol: string): YahooShare => ({
  symbol,
  kind: 'CRYPTOCURRENCY',
  currency: 'USD',
  zone: 'UTC',
  first: Date.UTC(2017, 7, 17, 4),
  splits: [],
  dividends: [],
  open: 0,
  close: 1_440,
});

export const stock = (symbol: string, more: Partial<YahooShare> = {}): YahooShare => ({
  ...coin(symbol),
  kind: 'EQUITY',
  zone: 'America/New_York',
  first: Date.UTC(2017, 7, 17, 13, 30),
  open: 570,
  close: 960,
  ...more,
});

export async function startYahoo(
  now: number,
  truth: Truth,
  shares: readonly YahooShare[],
  given: Partial<YahooSettings> = {},
): Promise<Yahoo> {
  const emulator = await startEmulator(({ url, now: at }) => answerYahoo({ truth, shares }, at, url), { now });
  const http = createHttp();
  const world = heldWorld(now, http);
  return {
    provider: createYahoo({ baseUrl: emulator.url, perMinute: 1_000_000, settleMs: 20 * MINUTE, pageBars: 1_440, ...given }, world),
    emulator,
    world,
    setNow(to) {
      world.setNow(to);
      emulator.setNow(to);
    },
    async release() {
      await http.close();
      await emulator.close();
    },
  };
}
