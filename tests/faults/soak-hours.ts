/**
 * Many hours of one daemon that nobody restarts, in some minutes: schedules every few seconds, hundreds of small loads, loads that
 * fail for good, a source with moods, upkeep all the time. What it holds is looked at after its garbage was collected: it must not grow.
 */
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { freePort } from '../../temporal/index.js';
import { House } from '../e2e/house.js';
import { type Daemon, frameChildrenOf, isUp, spawnProgram } from '../e2e/process.js';
import { until } from '../e2e/until.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { listener } from '../worker/notices/listener.js';
import { chance, pick } from './chance.js';
import { middle, openFiles, residentMb } from './process-memory.js';
import { MARKET_DAEMON } from './soak-market.js';
import { sourceFaults } from './source-faults.js';

export interface HoursSoak {
  readonly series: number;
  readonly minutes: number;
  /** How much faster than the machine the market goes. */
  readonly pace: number;
  readonly seed: number;
}

/** One look at the daemon. Megabytes, or how many. */
interface Held {
  readonly at: number;
  readonly daemon: number;
  readonly frames: number;
  readonly heap: number;
  readonly external: number;
  readonly files: number;
  /** Timers, of which every request has some, are left out. */
  readonly handles: number;
  /** Of workflows that the worker keeps between two of their tasks. */
  readonly cached: number;
}

type Figure = Exclude<keyof Held, 'at'>;
const FIGURES: readonly Figure[] = ['daemon', 'frames', 'heap', 'external', 'files', 'handles', 'cached'];

export interface HoursTold {
  readonly seed: number;
  readonly marketHours: number;
  readonly loads: number;
  readonly failed: number;
  readonly requests: number;
  readonly notices: number;
  /** The middle of the second sixth, when everything was in use once, and of the last; the most of the first half, and of all. */
  readonly held: Readonly<Record<Figure, { readonly early: number; readonly late: number; readonly half: number; readonly most: number }>>;
}

const BEGIN = Date.UTC(2024, 2, 4, 12);
const STEP_MS = 2_000;
const LOOK_EVERY = 5;
const FAULT_EVERY = 4;
const NOT_THERE = 'GONEUSDT';

export async function hoursSoak(soak: HoursSoak, say: (line: string) => void): Promise<HoursTold> {
  const random = chance(soak.seed);
  const symbols = Array.from({ length: soak.series }, (_, i) => `H${String(i).padStart(3, '0')}USDT`);
  let aheadMs = BEGIN - Date.now();
  const answers = createBinanceAnswers({
    truth: (symbol, timeframe, interval) => truth({ quietShare: 0, outages: [] }, symbol, timeframe, interval),
    market: 'spot',
    symbols: Object.fromEntries(symbols.map(symbol => [symbol, { first: Date.UTC(2020, 0, 1) }])),
    minuteWeight: 1_000_000,
    patience: 5,
    banMs: MINUTE,
  });
  const emulator = await startEmulator(({ url }) => answers(Date.now() + aheadMs, url), { now: Date.now() });
  const closing: (() => void | Promise<void>)[] = [() => emulator.close()];
  const hook = await listener({ after: close => void closing.push(close as () => Promise<void>) });
  const port = await freePort('127.0.0.1');
  const house = await House.make({ set: settingsOf(soak, [...symbols, NOT_THERE], emulator, port, hook.url) as never });
  const daemon = spawnProgram(house.folder, [MARKET_DAEMON, JSON.stringify({ flags: house.flags, ahead: aheadMs })]);
  const held: Held[] = [];
  try {
    await isUp(daemon, house.data);
    const begun = performance.now();
    for (let step = 1; performance.now() - begun < soak.minutes * MINUTE; step++) {
      await new Promise(resolve => setTimeout(resolve, STEP_MS));
      aheadMs += STEP_MS * (soak.pace - 1);
      daemon.tell(String(aheadMs));
      if (step % FAULT_EVERY === 0) emulator.script(...(pick(random, Object.values(sourceFaults(random))) ?? []));
      if (step % LOOK_EVERY !== 0) continue;
      const look = { at: Math.round((performance.now() - begun) / 1_000), ...(await lookAt(daemon, port)) };
      held.push(look);
      say(JSON.stringify(look));
    }
    // A machine that is busy may not answer at once.
    const rows = await until(
      () =>
        house
          .client()
          .then(client => client.loads(100_000))
          .catch(() => undefined),
      () => 'the server to list its loads',
    );
    return {
      seed: soak.seed,
      marketHours: Math.round((Date.now() + aheadMs - BEGIN) / HOUR),
      loads: rows.length,
      failed: rows.filter(row => row.outcome === 'failed').length,
      requests: emulator.requests(),
      notices: hook.got.length,
      held: Object.fromEntries(FIGURES.map(figure => [figure, earlyAndLate(held.map(look => look[figure]))])) as HoursTold['held'],
    };
  } finally {
    await daemon.end('SIGTERM').catch(() => {});
    await house.end();
    for (const close of closing) await close();
  }
}

function settingsOf({ series }: HoursSoak, symbols: readonly string[], emulator: Emulator, port: number, webhook: string): object {
  return {
    'providers.binance.baseUrl': emulator.url,
    'providers.binance.archiveUrl': null,
    'providers.binance.perMinute': 60_000,
    'providers.binance.settleMs': 10_000,
    'breaker.restSeconds': 2,
    'breaker.longestSeconds': 5,
    'disk.floor': 0,
    'worker.loadsAtOnce': 4,
    'metrics.port': port,
    'notices.webhook': webhook,
    'store.smallFiles': 20,
    'upkeep.compactAt': '*/30 * * * * *',
    'upkeep.freshAt': '*/5 * * * * *',
    'upkeep.verifyAt': '*/40 * * * * *',
    'upkeep.at': '15 */2 * * * *',
    'keep.days': 0.02,
    'keep.graceHours': 0.5,
    'keep.versions': 3,
    series: symbols.map(symbol => ({
      symbol,
      timeframe: '1m',
      provider: 'binance',
      from: new Date(BEGIN - DAY / 2).toISOString().slice(0, 10),
    })),
    schedules: Array.from({ length: 4 }, (_, part) => ({
      name: `part-${part}`,
      cron: `${part}-59/5 * * * * *`,
      mode: part % 2 === 0 ? 'tail' : 'full',
      series: symbols
        .filter((_, i) => i % 4 === part)
        .slice(0, series)
        .map(symbol => `${symbol} 1m`),
    })),
  };
}

async function lookAt(daemon: Daemon, port: number): Promise<Omit<Held, 'at'>> {
  const looks = () => daemon.said.filter(line => line.startsWith('looked '));
  const before = looks().length;
  daemon.tell('look');
  const line = await until(
    () => looks()[before],
    () => 'the daemon to look at itself',
  );
  const { heapUsed, external, handles } = JSON.parse(line.slice('looked '.length)) as {
    heapUsed: number;
    external: number;
    handles: Record<string, number>;
  };
  const page = await fetch(`http://127.0.0.1:${port}/metrics`).then(answer => answer.text());
  return {
    daemon: Math.round(residentMb(daemon.pid)),
    frames: Math.round(frameChildrenOf(daemon.pid).reduce((sum, { pid }) => sum + residentMb(pid), 0)),
    heap: tenths(heapUsed / 1e6),
    external: tenths(external / 1e6),
    files: openFiles(daemon.pid),
    handles: Object.entries(handles).reduce((sum, [kind, n]) => sum + (kind === 'Timeout' || kind === 'Immediate' ? 0 : n), 0),
    cached: Number(/^temporal_sticky_cache_size\{[^}]*\} (\d+)/m.exec(page)?.[1] ?? 0),
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

function earlyAndLate(all: readonly number[]) {
  const sixth = Math.ceil(all.length / 6);
  return {
    early: middle(all.slice(sixth, 2 * sixth)),
    late: middle(all.slice(-sixth)),
    half: Math.max(0, ...all.slice(0, all.length >> 1)),
    most: Math.max(0, ...all),
  };
}
