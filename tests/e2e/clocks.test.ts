/** The clock of the machine is set while a load runs, and the machine lives in a zone whose clocks change. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Bars, toRows } from '../../src/model/bars.js';
import { type Interval, interval } from '../../src/model/interval.js';
import { idOf, type Series } from '../../src/model/series.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { assertStore } from '../faults/assert-store.js';
import { traded } from '../providers/binance/scene.js';
import { House, minutes, pages } from './house.js';
import type { Daemon } from './process.js';
import { until } from './until.js';

const CLOCKED = fileURLToPath(new URL('./processes/clocked-daemon.js', import.meta.url));

// For this process and the daemons that it starts. New York is five hours behind London, in summer four.
process.env.TZ = 'America/New_York';
const SPRING = Date.UTC(2024, 2, 10, 7);
const AUTUMN = Date.UTC(2024, 10, 3, 6);

describe('clocks that are set', { timeout: 600_000 }, () => {
  let house: House;
  let binance: Emulator;
  let daemon: Daemon;
  before(async () => {
    const symbols = { BTCUSDT: { first: Date.UTC(2017, 7, 17, 4) } };
    const answers = createBinanceAnswers({ truth: traded, market: 'spot', symbols, minuteWeight: 6_000, patience: 3, banMs: 120_000 });
    binance = await startEmulator(({ url }) => answers(Date.now(), url), { now: Date.now });
    house = await House.make({
      exchange: { quietShare: 0 },
      set: {
        'providers.binance.baseUrl': binance.url,
        'providers.binance.archiveUrl': null as never,
        'worker.fetchesAtOnce': 1,
        'revisions.sessions': 0,
      },
    });
    daemon = await house.start(undefined, {}, CLOCKED);
  });
  afterEach(() => set(0));
  after(async () => {
    await house.end();
    await binance.close();
  });

  async function set(ms: number): Promise<void> {
    const heard = daemon.said.length;
    daemon.tell(`clock ${ms}`);
    await until(
      () => daemon.said.includes(`clock set ${ms}`, heard) || undefined,
      () => 'the clock to be set',
    );
  }

  for (const [words, ms] of [
    ['30 days ahead', 30 * DAY],
    ['a day back', -DAY],
  ] as const) {
    const symbol = ms > 0 ? 'AHEAD' : 'BACK';

    test(`A12: the clock is set ${words} in the middle of a load of the past: no bar is dropped or dated by it`, async () => {
      const client = await house.client();
      const loading = client.load({ symbol, timeframe: '1m', provider: 'simulated', ...pages(60) });
      await until(
        () => house.journal(symbol).length >= 20 || undefined,
        () => 'the load to be under way',
      );
      await set(ms);
      const [load] = await loading;
      assert.equal(load?.outcome, 'done');
      await house.assertTables({ [symbol]: pages(60) });
    });

    test(`A12: the clock is set ${words} in the middle of a load up to now: it is the source that says which bars are final`, async () => {
      const dataset = symbol.toLowerCase();
      const series: Series = { ...minutes('BTCUSDT'), dataset };
      const client = await house.client();
      binance.slow(250);
      const before = binance.requests();
      // Enough pages that some are left whatever the time of day is: right after midnight no more than ten.
      const from = Math.floor(Date.now() / DAY) * DAY - 7 * DAY;
      const request = { symbol: 'BTCUSDT', dataset, timeframe: '1m', provider: 'binance', from };
      const loading = client.load(request);
      await until(
        () => binance.requests() - before >= 5 || undefined,
        () => 'the load to be under way',
      );
      await set(ms);
      await loading;
      binance.slow(0);
      const first = await assertTraded(series, from);
      // With a clock that is behind, what came since is not asked for yet, and nothing is said of it.
      if (ms < 0) assert.ok(first < Date.now() - DAY + MINUTE);
      await set(0);
      const begun = Date.now();
      await client.load(request);
      assert.ok((await assertTraded(series, from)) > begun - 2 * MINUTE, 'all that was traded is there');
    });
  }

  /** All that is covered is what was traded, from there on without a hole, and nothing of the future. Where does it end? */
  async function assertTraded(series: Series, from: number): Promise<number> {
    const store = await house.store();
    const { holdings } = await store.open(series);
    const [covered, ...more] = holdings.coverage as [Interval];
    assert.deepEqual([covered.from, more], [from, []]);
    assert.ok(covered.to <= Date.now(), `it ends ${new Date(covered.to).toISOString()}`);
    const told = traded('BTCUSDT', '1m', covered);
    const rows = toRows(told as Bars).map(bar => ({ ...bar, source: 'binance' }));
    assert.ok(rows.length > 3_000);
    await assertStore(store, { rows: { [idOf(series)]: rows }, swept: true });
    await store.close();
    return covered.to;
  }

  test('A12: where clocks change, tables over the change are those of the exchange', async () => {
    const client = await house.client();
    for (const [symbol, at] of [
      ['SPRING', SPRING],
      ['AUTUMN', AUTUMN],
    ] as const) {
      const day = Math.floor(at / DAY) * DAY;
      const spans: [Timeframe, Interval][] = [
        ['1m', interval(at - 3 * HOUR, at + 3 * HOUR)],
        ['1h', interval(day - 2 * DAY, day + 3 * DAY)],
        ['1d', interval(day - 10 * DAY, day + 10 * DAY)],
      ];
      for (const [timeframe, span] of spans) {
        await client.load({ symbol, timeframe, provider: 'simulated', ...span });
        await assertTold({ ...minutes(symbol), timeframe }, span);
      }
    }
  });

  test('A12: the clocks of the machine change while a load is under way, and the hour that comes twice is loaded once', async () => {
    await set(AUTUMN + 5_000 - Date.now());
    const client = await house.client();
    await client.load({ symbol: 'TWICE', timeframe: '1m', provider: 'simulated', from: AUTUMN - 2 * DAY, to: AUTUMN });
    await assertTold({ ...minutes('TWICE'), timeframe: '1m' }, interval(AUTUMN - 2 * DAY, AUTUMN));
    // Sixty minutes later the clock on the wall shows the same.
    await set(AUTUMN + HOUR + 5_000 - Date.now());
    await client.load({ symbol: 'TWICE', timeframe: '1m', provider: 'simulated', from: AUTUMN - 2 * DAY, to: AUTUMN + HOUR });
    await assertTold({ ...minutes('TWICE'), timeframe: '1m' }, interval(AUTUMN - 2 * DAY, AUTUMN + HOUR));
  });

  async function assertTold(series: Series, span: Interval): Promise<void> {
    const store = await house.store();
    const rows = toRows(truth(house.exchange, series.symbol, series.timeframe, span));
    await assertStore(store, { rows: { [idOf(series)]: rows } });
    assert.deepEqual((await store.open(series)).holdings.coverage, [span]);
    await store.close();
  }
});
