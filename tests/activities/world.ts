/** A load's steps in a temporary data folder, one attempt at a time, with the simulated exchange and a clock that is held. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { type Activities, type ActivityHouse, createActivities, Health } from '../../src/activities/index.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { NO_INSTRUMENTS } from '../../src/model/instruments.js';
import type { Interval } from '../../src/model/interval.js';
import type { LoadOrder } from '../../src/model/load.js';
import { createHttp } from '../../src/providers/http/index.js';
import { createProviders, type Providers } from '../../src/providers/index.js';
import type { SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { inlineFrames, openStore } from '../../src/store/index.js';
import { journalOf } from '../e2e/journal.js';

export const NOW = Date.UTC(2024, 5, 1);
export const START = Date.UTC(2024, 0, 1);
const PAGE_BARS = 100;

const SILENT = new DefaultLogger('ERROR', () => {});

type CancelReason = Parameters<MockActivityEnvironment['cancel']>[0];
type CancelDetails = Parameters<MockActivityEnvironment['cancel']>[1];

export interface Attempt<T> {
  readonly result: Promise<T>;
  readonly beats: readonly unknown[];
  cancel(reason: CancelReason, details: CancelDetails): void;
}

export async function loadWorld(
  t: TestContext,
  exchange: Partial<SimulatedSettings> = {},
  providers?: Providers,
  change: Partial<ActivityHouse> = {},
) {
  let now = NOW;
  const folder = await mkdtemp(join(tmpdir(), 'tapekeep-steps-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, 'data');
  const journal = join(folder, 'journal.jsonl');
  const store = await openStore({ root, frames: inlineFrames(), now: () => now });
  t.after(() => store.close());
  const settings = { pageBars: PAGE_BARS, quietShare: 0, journal, ...exchange };
  const wait = (ms: number, signal: AbortSignal) => waited(ms, signal);
  const house: ActivityHouse = {
    store,
    providers: providers ?? createProviders({ simulated: settings }, { now: () => now, wait, http: createHttp() }),
    calendarOf: () => CALENDAR_24_7,
    instruments: NO_INSTRUMENTS,
    now: () => now,
    pagesPerSegment: 10,
    revisedSessions: 2,
    sources: { rules: {}, hasKey: () => null, planOf: () => null, accountOf: () => ({ rests: null, leftToday: null }) },
    health: new Health(() => now),
    listings: new Map(),
    ...change,
  };
  const steps = createActivities(house);
  const setNow = (at: number): void => {
    now = at;
  };
  return { root, folder, store, house, steps, settings, asked: () => journalOf(journal), attempt: attemptOf, setNow };
}

/** One attempt of a step; a new one has a new environment. */
export function attemptOf<A extends unknown[], R>(step: (...args: A) => Promise<R>, ...args: A): Attempt<R> {
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 60_000 }, { logger: SILENT });
  const beats: unknown[] = [];
  environment.on('heartbeat', details => beats.push(details));
  const result = environment.run<A, R, typeof step>(step, ...args);
  return { result, beats, cancel: (reason, details) => environment.cancel(reason, details) };
}

export const orderOf = ({ from, to }: Interval, change: Partial<LoadOrder> = {}): LoadOrder => ({
  load: '01HV0000000000000000000000',
  series: { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' },
  provider: 'simulated',
  span: { from, to },
  mode: 'full',
  by: 'test',
  tuning: { lanes: 2, batchBars: 1_000_000, silenceMs: 10_000, restatements: 'stop', first: 'oldest' },
  ...change,
});

export const pages = (count: number): Interval => ({ from: START, to: START + count * PAGE_BARS * 60_000 });

/** The plan of an order, as its first steps leave it. */
export async function planned(steps: Activities, order: LoadOrder): Promise<string> {
  const gaps = await attemptOf(steps.gaps, order, order.span).result;
  return (await attemptOf(steps.segment, order, gaps.note).result).note;
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
