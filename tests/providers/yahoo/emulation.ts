/** The provider in front of Yahoo's emulator. */
import { takeBars } from '../../../src/model/bars.js';
import { MINUTE } from '../../../src/model/timeframe.js';
import { createHttp } from '../../../src/providers/http/index.js';
import type { Patience } from '../../../src/providers/http/watch.js';
import type { Provider } from '../../../src/providers/provider.js';
import { createYahoo, type YahooSettings } from '../../../src/providers/yahoo/yahoo.js';
import type { Form } from '../../contract/wire.js';
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
  patience: Partial<Patience> = {},
): Promise<Yahoo> {
  const emulator = await startEmulator(({ url, now: at }) => answerYahoo({ truth, shares }, at, url), { now });
  const http = createHttp({ patience });
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

interface Chart {
  chart: { result: [{ meta: { symbol: string }; timestamp: unknown[]; indicators: { quote: [Record<string, unknown[]>] } }] };
}
type Row = Record<string, unknown>;

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'];

/** Columns, seen as rows. */
export const FORM: Form = {
  path: /\/chart\//,
  rowsOf(body) {
    const { timestamp, indicators } = (body as Chart).chart.result[0];
    return timestamp.map((at, i) => Object.fromEntries([['at', at], ...COLUMNS.map(name => [name, indicators.quote[0][name]?.[i]])]));
  },
  withRows(body, rows) {
    const copy = structuredClone(body) as Chart;
    const result = copy.chart.result[0];
    result.timestamp = rows.map(row => (row as Row).at);
    for (const name of COLUMNS) result.indicators.quote[0][name] = rows.map(row => (row as Row)[name]);
    return copy;
  },
  moved: (row, ms) => ({ ...(row as Row), at: ((row as Row).at as number) + ms / 1_000 }),
  closing: (row, close) => ({ ...(row as Row), close }),
  closeOf: row => (row as Row).close,
  renamed(body) {
    const copy = structuredClone(body) as Chart;
    copy.chart.result[0].meta.symbol = 'OTHER';
    return copy;
  },
};

/** The whole truth but for a silent stretch. */
export const without =
  (truth: Truth, quiet: { from: number; to: number }): Truth =>
  (symbol, timeframe, within) => {
    const bars = truth(symbol, timeframe, within);
    return (
      bars &&
      takeBars(
        bars,
        [...bars.ts.keys()].filter(i => (bars.ts[i] as number) < quiet.from || (bars.ts[i] as number) >= quiet.to),
      )
    );
  };
