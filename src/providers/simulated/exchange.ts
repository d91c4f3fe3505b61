/** The far side: what answers requests, keeps its limit, takes its time and fails when it is told to. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Bars, concatBars, countOf, emptyBars, sliceBars, VALUES } from '../../model/bars.js';
import type { Calendar } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import type { Ask, World } from '../provider.js';
import { barsOf, SOURCE } from './candles.js';
import { calendarOf } from './hours.js';
import type { SimulatedFault, SimulatedSettings } from './settings.js';

export interface Answer {
  /** How many bars the exchange says it sent. */
  readonly count: number;
  readonly bars: Bars;
}

export interface Exchange {
  /** The bars that open in the window, which is final and no longer than a page. */
  request(ask: Ask, window: Interval, signal: AbortSignal): Promise<Answer>;
}

export function createExchange(settings: SimulatedSettings, world: World): Exchange {
  const limit = createLimit(settings.requestsPerSecond, world);
  const note = createJournal(settings.journal, world);
  let requests = 0;
  return {
    async request(ask, window, signal) {
      signal.throwIfAborted();
      const series = `${ask.symbol} ${ask.timeframe}`;
      const waitMs = limit();
      if (waitMs > 0) throw fail('RATE_LIMITED', { provider: SOURCE, series, waitMs });
      requests += 1;
      const fault = settings.faults.find(f => requests >= f.request && requests < f.request + (f.times ?? 1));
      note(ask, window, fault);
      const slowMs = fault?.kind === 'slow' ? (fault.ms ?? 0) : 0;
      await pass(world, settings.latencyMs + slowMs, signal);
      if (fault?.kind === 'error')
        throw fail(fault.code ?? 'PROVIDER_DOWN', { provider: SOURCE, series, reason: 'a fault by setting', waitMs: fault.ms ?? 1_000 });
      const calendar = calendarOf(ask);
      const bars = measured(barsOf(settings, ask.symbol, ask.timeframe, window, calendar), settings.priceFactor);
      return spoil(settings.revisesMs > 0 ? withoutLatePrints(bars, ask, calendar, world.now() - settings.revisesMs) : bars, fault);
    },
  };
}

/** Even an answer at once lets other work of the process have its turn. */
async function pass(world: World, ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await world.wait(ms, signal);
  else await setImmediate(undefined, { signal });
}

/** A bucket that holds the requests of one second; tells how long to wait for the next, 0: go. */
function createLimit(perSecond: number, world: World): () => number {
  const capacity = Math.max(1, perSecond);
  let left = capacity;
  let at = world.now();
  return () => {
    const now = world.now();
    left = Math.min(capacity, left + (Math.max(0, now - at) / 1_000) * perSecond);
    at = now;
    if (left < 1) return Math.ceil(((1 - left) / perSecond) * 1_000);
    left -= 1;
    return 0;
  };
}

/** Written before the answer, so that a killed process leaves the page it was asking for. */
function createJournal(file: string | null, world: World): (ask: Ask, window: Interval, fault: SimulatedFault | undefined) => void {
  if (file === null) return () => {};
  let ready = false;
  return ({ symbol, timeframe }, { from, to }, fault) => {
    if (!ready) mkdirSync(dirname(file), { recursive: true });
    ready = true;
    const line = { symbol, timeframe, from, to, at: world.now(), pid: process.pid, ...(fault && { fault: fault.kind }) };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
}

/** Prices by another measure. */
function measured(bars: Bars, factor: number): Bars {
  if (factor === 1) return bars;
  const by = (column: Float64Array) => column.map(price => price * factor);
  return { ...bars, open: by(bars.open), high: by(bars.high), low: by(bars.low), close: by(bars.close) };
}

/** What the exchange knows of bars that closed after `since`: their late prints are still to come. Whole eighths, as all volumes. */
function withoutLatePrints(bars: Bars, { timeframe }: Ask, calendar: Calendar, since: number): Bars {
  const early = (i: number): boolean => calendar.closeOf(bars.ts[i] as number, timeframe) > since;
  return { ...bars, volume: bars.volume.map((volume, i) => (early(i) ? Math.max(1, Math.floor(volume * 6)) / 8 : volume)) };
}

function spoil(bars: Bars, fault: SimulatedFault | undefined): Answer {
  const count = countOf(bars);
  if (fault?.kind === 'truncated') return { count, bars: sliceBars(bars, 0, Math.floor(count / 2)) };
  if (fault?.kind === 'wrong') return { count, bars: { ...bars, ts: bars.ts.map(ts => ts + 366 * 86_400_000) } };
  if (fault?.kind === 'nulls') return { count, bars: { ...concatBars([bars]), ...priceless(count) } };
  return { count, bars };
}

function priceless(count: number): Partial<Bars> {
  const empty = emptyBars(count);
  return Object.fromEntries(VALUES.map(value => [value, empty[value]]));
}
