/** Binance in front of its emulator, on a clock that the test holds. */
import { HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createBinance, createBinanceUsdM } from '../../../src/providers/binance/binance.js';
import { createHttp } from '../../../src/providers/http/index.js';
import type { Emulation } from '../../contract/provider.js';
import { heldWorld } from '../../contract/world.js';
import { type BinanceSettings, createBinanceAnswers } from '../../emulators/binance/binance.js';
import { startEmulator } from '../../emulators/emulator.js';
import { always } from '../../emulators/truth.js';

export const NOW = Date.UTC(2025, 2, 20, 12, 0, 30);
export const BUSY = { from: Date.UTC(2025, 2, 17), to: Date.UTC(2025, 2, 19, 3) };
const LISTED = Date.UTC(2017, 7, 17, 4);
export const GONE = Date.UTC(2024, 5, 3, 10, 30);

const SYMBOLS = { BTCUSDT: { first: LISTED }, OLDUSDT: { first: LISTED, last: GONE } };

export async function binanceScene(given: Partial<BinanceSettings> = {}, limits: { readonly perMinute?: number } = {}) {
  const market = given.market ?? 'spot';
  const answers = createBinanceAnswers({
    truth: always(Object.keys(SYMBOLS)),
    market,
    symbols: SYMBOLS,
    minuteWeight: 6_000,
    patience: 3,
    banMs: 120_000,
    ...given,
  });
  const emulator = await startEmulator(({ url, now }) => answers(now, url), { now: NOW });
  const http = createHttp({ patience: { headersMs: 10_000 } });
  const told: Record<string, unknown>[] = [];
  const world = { ...heldWorld(NOW, http), tell: (what: string, facts: object) => void told.push({ what, ...facts }) };
  const create = market === 'spot' ? createBinance : createBinanceUsdM;
  const provider = create({ baseUrl: emulator.url, archiveUrl: emulator.url, perMinute: 1_000_000, settleMs: 10_000, ...limits }, world);
  const release = async () => {
    await http.close();
    await emulator.close();
  };
  return { emulator, provider, world, told, release };
}

export async function emulateBinance(market: BinanceSettings['market']): Promise<Emulation> {
  const { emulator, provider, world, release } = await binanceScene({ market });
  return {
    provider,
    symbol: 'BTCUSDT',
    unknown: 'NOSUCHUSDT',
    timeframe: '1m',
    busy: BUSY,
    silent: { from: Date.UTC(2020, 5, 28, 1), to: Date.UTC(2020, 5, 28, 1) + 4 * HOUR - 5 * MINUTE },
    setNow(now) {
      world.setNow(now);
      emulator.setNow(now);
    },
    now: world.now,
    requests: emulator.requests,
    slow: emulator.slow,
    release,
  };
}
