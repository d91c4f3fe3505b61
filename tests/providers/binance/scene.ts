/** Binance in front of its emulator, on a clock that the test holds. */
import { HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createBinance, createBinanceUsdM } from '../../../src/providers/binance/binance.js';
import { createHttp } from '../../../src/providers/http/index.js';
import { truth } from '../../../src/providers/simulated/simulated.js';
import type { Form, Wired } from '../../contract/wire.js';
import { heldWorld } from '../../contract/world.js';
import { type BinanceSettings, createBinanceAnswers } from '../../emulators/binance/binance.js';
import { startEmulator } from '../../emulators/emulator.js';
import { always, type Truth } from '../../emulators/truth.js';

export const NOW = Date.UTC(2025, 2, 20, 12, 0, 30);
export const BUSY = { from: Date.UTC(2025, 2, 17), to: Date.UTC(2025, 2, 19, 3) };
const LISTED = Date.UTC(2017, 7, 17, 4);
export const GONE = Date.UTC(2024, 5, 3, 10, 30);

const SYMBOLS = { BTCUSDT: { first: LISTED }, OLDUSDT: { first: LISTED, last: GONE } };

/** A market without a quiet minute; the outages of the exchange remain. */
export const traded: Truth = (symbol, timeframe, interval) =>
  Object.hasOwn(SYMBOLS, symbol) ? truth({ quietShare: 0 }, symbol, timeframe, interval) : undefined;

export async function binanceScene(
  given: Partial<BinanceSettings> = {},
  limits: { readonly perMinute?: number; readonly headersMs?: number } = {},
) {
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
  const http = createHttp({ patience: { headersMs: limits.headersMs ?? 10_000, idleMs: limits.headersMs ?? 10_000 } });
  const told: Record<string, unknown>[] = [];
  const note = (what: string, facts: object): void => void told.push({ what, ...facts });
  const world = { ...heldWorld(NOW, http), warn: note, tell: note };
  const create = market === 'spot' ? createBinance : createBinanceUsdM;
  const provider = create(
    { baseUrl: emulator.url, archiveUrl: emulator.url, perMinute: limits.perMinute ?? 1_000_000, settleMs: 10_000 },
    world,
  );
  const release = async () => {
    await http.close();
    await emulator.close();
  };
  return { emulator, provider, world, told, release };
}

export async function emulateBinance(market: BinanceSettings['market']): Promise<Wired> {
  const { emulator, provider, world, release } = await binanceScene({ market, truth: traded }, { headersMs: 3_000 });
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
    emulator,
    form: FORM,
    limited: { status: 429, body: { code: -1003, msg: 'Too much request weight used.' } },
    limitedFor: { reply: { status: 429, headers: { 'retry-after': '17' }, body: { code: -1003, msg: 'Too much.' } }, waitMs: 17_000 },
    banned: { status: 418, headers: { 'retry-after': '120' }, body: { code: -1003, msg: 'Way too much.' } },
    gone: { symbol: 'OLDUSDT', last: GONE },
    overlaps: true,
  };
}

type Row = (string | number)[];

const FORM: Form = {
  path: /\/klines$/,
  rowsOf: body => body as Row[],
  withRows: (_, rows) => rows,
  moved: (row, ms) => (row as Row).map((cell, i) => (i === 0 || i === 6 ? Number(cell) + ms : cell)),
  closing: (row, close) => (row as Row).map((cell, i) => (i === 4 ? (close as string) : cell)),
  closeOf: row => (row as Row)[4],
};
