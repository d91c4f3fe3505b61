/**
 * A market of many series that is kept by schedules through faults of all kinds. Days go by in jumps: between two of them all
 * waits are real. In the end every table has to be what was traded, the source must not have been asked more often than it
 * allows, and memory must not have grown.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bar, toRows } from '../../src/model/bars.js';
import { idOf, type Series } from '../../src/model/series.js';
import { DAY, MINUTE, nominalMs, type Timeframe } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { House } from '../e2e/house.js';
import { type Daemon, isUp, spawnProgram } from '../e2e/process.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { mountSmall, unmount, whyNoSmallDisk } from '../small-disk.js';
import { assertStore } from './assert-store.js';
import { chance, pick } from './chance.js';
import { childrenOf, middle, residentMb } from './process-memory.js';
import { sourceFaults } from './source-faults.js';

export interface MarketSoak {
  readonly series: number;
  readonly days: number;
  /** So often the market jumps, and so long it goes its own pace in between. */
  readonly jumps: number;
  readonly stretchMs: number;
  readonly faultEveryMs: number;
  readonly seed: number;
}

export interface MarketTold {
  readonly seed: number;
  readonly series: number;
  readonly bars: number;
  readonly requests: number;
  /** The most weight within any minute, and what the source allows. */
  readonly fastest: number;
  readonly allowed: number;
  readonly banned: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Loads that were run, and those of them that ended with an error. */
  readonly loads: number;
  readonly failed: number;
  /** Memory of the daemon and its frame child, in MB: at most, and the middle one of the first and the last third. */
  readonly most: number;
  readonly early: number;
  readonly late: number;
  readonly skipped: readonly string[];
}

/** Of weight, for each series: enough for its listing after every kill. */
const PER_MINUTE = 60;
const WEIGHT = 2;
const SETTLE_MS = 10_000;
const BEGIN = Date.UTC(2024, 2, 4);
const WARM_UP = DAY / 2;
const TIMEFRAMES: readonly Timeframe[] = ['1m', '1m', '1m', '5m', '1h'];
export const MARKET_DAEMON = fileURLToPath(new URL('./processes/market-daemon.js', import.meta.url));

class Market {
  private aheadMs: number;
  private daemon: Daemon | undefined;
  private readonly memory: number[] = [];
  readonly faults: Record<string, number> = {};
  readonly weights: { at: number; weight: number }[] = [];

  constructor(
    private readonly house: House,
    private readonly emulator: Emulator,
    private readonly random: () => number,
    readonly say: (line: string) => void,
  ) {
    this.aheadMs = BEGIN + WARM_UP - Date.now();
  }

  now = (): number => Date.now() + this.aheadMs;

  async start(): Promise<void> {
    this.daemon = spawnProgram(this.house.folder, [MARKET_DAEMON, JSON.stringify({ flags: this.house.flags, ahead: this.aheadMs })]);
    await isUp(this.daemon, this.house.data);
  }

  jump(ms: number): void {
    this.aheadMs += ms;
    this.daemon?.tell(String(this.aheadMs));
  }

  /** One of the source's, of ours or of the disk's. */
  async hurt(disk: boolean): Promise<void> {
    const ofSource = sourceFaults(this.random);
    const ours = ['killed daemon', 'killed server', 'stopped daemon', ...(disk ? ['full disk'] : [])];
    const name = this.random() < 0.7 ? pick(this.random, Object.keys(ofSource)) : pick(this.random, ours);
    this.faults[name] = (this.faults[name] ?? 0) + 1;
    this.say(`${new Date(this.now()).toISOString().slice(0, 16)} ${name}`);
    const scripted = ofSource[name];
    if (scripted) return this.emulator.script(...scripted);
    if (name === 'killed daemon') return this.killDaemon();
    if (name === 'killed server') return this.house.killServer();
    if (name === 'stopped daemon') return this.stopDaemon();
    return this.fillDisk();
  }

  async killDaemon(): Promise<void> {
    await this.daemon?.end('SIGKILL');
    await this.start();
  }

  private async stopDaemon(): Promise<void> {
    this.daemon?.signal('SIGSTOP');
    await sleep(4_000);
    this.daemon?.signal('SIGCONT');
  }

  private async fillDisk(): Promise<void> {
    const ballast = join(this.house.data, 'ballast');
    const { bavail, bsize } = statfsSync(this.house.data);
    try {
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    } catch {
      // Loads took some of it meanwhile: full it is.
    }
    await sleep(2_000);
    rmSync(ballast, { force: true });
  }

  /** Of the daemon and its children, as the system counts it. */
  look(): void {
    const pid = this.daemon?.pid;
    if (pid === undefined || process.platform !== 'linux') return;
    try {
      this.memory.push([pid, ...childrenOf(pid)].reduce((sum, p) => sum + residentMb(p), 0));
    } catch {
      // It ended just now.
    }
  }

  /** Megabytes. */
  memoryTold() {
    const third = Math.ceil(this.memory.length / 3);
    return { most: Math.max(0, ...this.memory), early: middle(this.memory.slice(0, third)), late: middle(this.memory.slice(-third)) };
  }

  end = (): Promise<unknown> | undefined => this.daemon?.end('SIGTERM');
}

/** The most weight in any one minute, by the real clock. */
function fastestOf(weights: readonly { at: number; weight: number }[]): number {
  let most = 0;
  let sum = 0;
  let from = 0;
  for (const { at, weight } of weights) {
    sum += weight;
    while ((weights[from]?.at ?? at) <= at - MINUTE) sum -= weights[from++]?.weight ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}

const seriesOf = (count: number): Series[] =>
  Array.from({ length: count }, (_, i) => ({
    dataset: 'main',
    assetClass: 'crypto',
    symbol: `S${String(i).padStart(3, '0')}USDT`,
    timeframe: TIMEFRAMES[i % TIMEFRAMES.length] as Timeframe,
  }));

export async function marketSoak(soak: MarketSoak, say: (line: string) => void): Promise<MarketTold> {
  const random = chance(soak.seed);
  const allowed = PER_MINUTE * soak.series;
  const all = seriesOf(soak.series);
  const noDisk = whyNoSmallDisk();
  const symbols = Object.fromEntries(all.map(s => [s.symbol, { first: Date.UTC(2020, 0, 1) }]));
  let market: Market | undefined;
  const answers = createBinanceAnswers({
    truth: (symbol, timeframe, interval) => truth({ quietShare: 0, outages: [] }, symbol, timeframe, interval),
    market: 'spot',
    symbols,
    minuteWeight: allowed,
    patience: 5,
    banMs: 60_000,
  });
  const emulator = await startEmulator(
    ({ url }) => {
      market?.weights.push({ at: performance.now(), weight: /klines$/.test(url.pathname) ? WEIGHT : 20 });
      return answers(market?.now() ?? Date.now(), url);
    },
    { now: Date.now() },
  );
  const house = await House.make({
    set: {
      'providers.binance.baseUrl': emulator.url,
      'providers.binance.archiveUrl': null,
      'providers.binance.perMinute': allowed,
      'providers.binance.settleMs': SETTLE_MS,
      'breaker.restSeconds': 2,
      'breaker.longestSeconds': 5,
      'disk.floor': 0,
      'worker.loadsAtOnce': 8,
      series: all.map(({ symbol, timeframe }) => ({
        symbol,
        timeframe,
        provider: 'binance',
        from: new Date(BEGIN).toISOString().slice(0, 10),
      })),
      schedules: [{ name: 'all', cron: '*/10 * * * * *', mode: 'full' }],
    } as never,
  });
  const mounted: string[] = [];
  try {
    if (!noDisk) {
      // The server's database has room of its own.
      for (const [place, megabytes] of [
        [house.data, 600 + soak.series * 4],
        [join(house.data, '.tapekeep', 'temporal'), 2_000],
      ] as const) {
        mountSmall(place, megabytes);
        mounted.unshift(place);
      }
    }
    market = new Market(house, emulator, random, say);
    await market.start();
    await goThrough(market, soak, !noDisk);
    const end = market.now();
    const client = await house.client();
    say('the market stands still: what is missing is loaded');
    const told = await untilWhole(client, all, end, say);
    const memory = market.memoryTold();
    await market.end();
    const bars = await assertTruth(house, all, end);
    return {
      seed: soak.seed,
      series: soak.series,
      bars,
      requests: emulator.requests(),
      fastest: fastestOf(market.weights),
      allowed,
      banned: emulator.log.filter(line => line.status === 418).length,
      faults: market.faults,
      ...told,
      ...memory,
      skipped: noDisk ? [`no full disk: ${noDisk}`] : [],
    };
  } finally {
    await market?.end()?.catch(() => {});
    await house.quiet();
    for (const place of mounted) unmount(place);
    await house.end();
    await emulator.close();
  }
}

async function goThrough(market: Market, { days, jumps, stretchMs, faultEveryMs }: MarketSoak, disk: boolean): Promise<void> {
  for (let jump = 0; jump < jumps; jump++) {
    market.jump((days * DAY) / jumps);
    const until = performance.now() + stretchMs;
    for (let next = performance.now() + faultEveryMs; performance.now() < until; ) {
      market.look();
      await sleep(250);
      if (performance.now() < next) continue;
      await market.hurt(disk);
      next = performance.now() + faultEveryMs;
    }
  }
}

type Client = Awaited<ReturnType<House['client']>>;
const ROUNDS = 5;

/** By the same loads as ever: what a fault left open is closed by the next ones. */
async function untilWhole(client: Client, all: readonly Series[], end: number, say: (line: string) => void) {
  for (let round = 1; ; round++) {
    const open: Series[] = [];
    for (const timeframe of new Set(TIMEFRAMES)) {
      const symbol = all.filter(s => s.timeframe === timeframe).map(s => s.symbol);
      const asked = { symbol, timeframe, from: BEGIN, to: finalAt(end, timeframe), provider: 'binance' };
      const outcomes = symbol.length > 0 ? await client.loadEach(asked) : [];
      open.push(...outcomes.filter(o => 'error' in o || o.loaded.outcome === 'partial').map(o => o.series));
    }
    say(`round ${round}: ${open.length} series are not whole yet`);
    if (open.length === 0) break;
    if (round === ROUNDS) throw new Error(`after ${ROUNDS} rounds these are not whole: ${open.map(idOf).join(', ')}`);
    await sleep(3_000);
  }
  const rows = await client.loads(100_000);
  return { loads: rows.length, failed: rows.filter(row => row.outcome === 'failed').length };
}

const finalAt = (end: number, timeframe: Timeframe): number => Math.floor((end - MINUTE) / nominalMs(timeframe)) * nominalMs(timeframe);

async function assertTruth(house: House, all: readonly Series[], end: number): Promise<number> {
  const store = await house.store();
  const rows: Record<string, Bar[]> = {};
  let bars = 0;
  for (const series of all) {
    const { timeframe, symbol } = series;
    const table = await store.open(series);
    const to = table.holdings.coverage.at(-1)?.to ?? 0;
    if (to < finalAt(end, timeframe)) throw new Error(`${idOf(series)} ends at ${new Date(to).toISOString()}`);
    rows[idOf(series)] = toRows(truth({ quietShare: 0, outages: [] }, symbol, timeframe, { from: BEGIN, to })).map(bar => ({
      ...bar,
      source: 'binance',
    }));
    bars += rows[idOf(series)]?.length ?? 0;
  }
  await assertStore(store, { rows, swept: true, versions: latest => [latest, Math.floor(latest / 2)] });
  await store.close();
  const left = execFileSync('find', [house.data, '-name', '*.tmp'], { encoding: 'utf8' }).trim();
  if (left !== '') throw new Error(`left behind: ${left}`);
  return bars;
}
