/** What tests of the store begin with: a store in a folder of its own, a clock that is held, bars, and one way to put them in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Bars, barsFrom } from '../../src/model/bars.js';
import { CRYPTO_BASIS, type Series } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import type { StoreSettings } from '../../src/store/house.js';
import { inlineFrames, openStore, type Store, type WriteRequest } from '../../src/store/index.js';

export const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTC/USDT', timeframe: '1m' };
export const T0 = Date.UTC(2024, 0, 1);
export const NOON = Date.UTC(2024, 5, 1, 12);

/** Bars as one Arrow stream, as its own package writes them. */
export { streamOf } from '../../src/store/frames/arrow.js';

type After = Pick<TestContext, 'after'>;

/** A folder that is gone when the test is over. */
export async function testFolder(t: After): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tapekeep-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function testStore(t: After, settings: Partial<StoreSettings> = {}): Promise<Store> {
  const root = settings.root ?? (await testFolder(t));
  const store = await openStore({ frames: inlineFrames(settings.io), now: () => NOON, ...settings, root });
  t.after(() => store.close());
  return store;
}

export interface Look {
  /** Close of every bar: what tells one generation of bars from another. */
  readonly close?: number;
  readonly source?: string;
  readonly step?: number;
}

/** `count` bars from `first` on, all alike but for their time. */
export function bars(first: number, count: number, { close = 100, source = 'test', step = MINUTE }: Look = {}): Bars {
  const row = { open: close, high: close + 1, low: close - 1, close, volume: 1.5, trades: 3, source };
  return barsFrom(Array.from({ length: count }, (_, i) => ({ ts: first + i * step, ...row })));
}

/** A request for bars that are handed over; its interval is theirs unless `change` says otherwise. */
export async function requestFor(store: Store, news: Bars, change: Partial<WriteRequest> = {}): Promise<WriteRequest> {
  const load = change.load ?? 'load-1';
  return {
    series: SERIES,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    batch: 0,
    inputs: change.inputs ?? [await store.stageBars(load, [news])],
    answered: [{ from: Math.min(...news.ts), to: Math.max(...news.ts) + MINUTE }],
    absences: [],
    rule: 'newer',
    by: 'test',
    provider: null,
    requests: 0,
    ...change,
    load,
  };
}

export const put = async (store: Store, news: Bars, change: Partial<WriteRequest> = {}) =>
  store.write(await requestFor(store, news, change));
