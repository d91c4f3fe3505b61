/** A source whose answers a test writes: which bars it has, and what goes wrong at which request. */
import { barsFrom } from '../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import type { Interval } from '../../src/model/interval.js';
import { CRYPTO_BASIS } from '../../src/model/series.js';
import { providersFrom } from '../../src/providers/index.js';
import type { Listing, Page, Provider, Serves } from '../../src/providers/provider.js';

export interface Script {
  readonly name?: string;
  readonly has: (ts: number) => boolean;
  readonly pageBars?: number;
  readonly serves?: Partial<Serves>;
  readonly listing?: Partial<Listing>;
  /** Called with the number of the request from 1 on; what it gives takes the place of the page. It may throw. */
  readonly spoil?: (request: number, page: Page) => Page;
}

export function scripted(script: Script): { provider: Provider; asked: Interval[] } {
  const { name = 'scripted', pageBars = 100, has, spoil = (_, page) => page } = script;
  const asked: Interval[] = [];
  const serves: Serves = {
    assetClasses: ['crypto', 'stock'],
    timeframes: ['1m', '1d'],
    pageBars,
    depthMs: {},
    settleMs: 0,
    omitsEmpty: true,
    direction: 'forward',
    stamp: 'open',
    anchor: 'segment',
    basis: CRYPTO_BASIS,
    requestsPerSecond: 1_000,
    ...script.serves,
  };
  const provider: Provider = {
    name,
    serves,
    listing: async symbol => ({ symbol, assetClass: 'crypto', evidence: 'its list', ...script.listing }),
    async *pages({ symbol, timeframe, interval, calendar = CALENDAR_24_7 }, from) {
      const opens = calendar.expected(interval, timeframe);
      let i = from === null ? 0 : opens.findIndex(ts => ts >= Number(from));
      for (; i < opens.length; i += pageBars) {
        const answered = { from: i === 0 ? interval.from : (opens[i] as number), to: opens[i + pageBars] ?? interval.to };
        asked.push(answered);
        const rows = [...opens.subarray(i, i + pageBars)].filter(has);
        const bars = barsFrom(rows.map(ts => ({ ts, source: name, open: 1, high: 2, low: 1, close: 2, volume: 1, symbol })));
        const verdict = rows.length === 0 ? ('empty' as const) : null;
        const next = answered.to < interval.to ? answered.to : null;
        yield spoil(asked.length, { bars, answered, verdict, evidence: `${rows.length} rows`, next });
      }
    },
  };
  return { provider, asked };
}

export const sources = (...all: { provider: Provider }[]) => providersFrom(all.map(s => s.provider));
