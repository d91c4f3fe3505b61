/** Loads are cancelled in every step, with and without a worker, paused, and terminated from outside. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Loaded, Tapekeep } from '../../src/client/index.js';
import type { Interval } from '../../src/model/interval.js';
import { totalMs } from '../../src/model/interval.js';
import { workflowIdOf } from '../../src/model/load.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { withServer } from './attempts.js';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import { truthOf } from './truth.js';
import { until } from './until.js';

const LANES = 4;
/** Two batches of four segments. */
const TWO = pages(8);
const ONE = pages(3);
const LONG = pages(90);
const SEGMENT_BARS = 600;
/** The load stands still in the middle, with two segments not begun. */
const inEveryLane = (symbol: string) => [9, 10, 11, 12].map(segment => `${symbol} fetch ${segment} before`);
const HOLDS = ['MIDDLE fetch 9 before', ...inEveryLane('AWAY'), ...inEveryLane('PAUSED'), 'SHOT fetch 9 before'];

describe('loads that are not left to finish', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ set: { 'worker.fetchesAtOnce': LANES } });
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const requestOf = (symbol: string, { from, to }: Interval) => ({ symbol, timeframe: '1m', from, to });
  const load = async (client: Tapekeep, symbol: string, interval: Interval): Promise<Loaded> =>
    (await client.load(requestOf(symbol, interval)))[0] as Loaded;

  /** What is kept is true, whole segments of it, and nothing is left beside the table. */
  async function assertKept(symbol: string, report: Loaded, bars: number): Promise<void> {
    const store = await house.store();
    await assertStore(store, { swept: true });
    const table = await store.find(minutes(symbol));
    const coverage = table?.holdings.coverage ?? [];
    assert.equal(totalMs(coverage) / MINUTE, bars, `${symbol} covers what was finished`);
    const rows = table ? await readAll(store, table) : [];
    assert.equal(report.added, rows.length, `${symbol} says how many bars it kept`);
    assert.deepEqual(
      rows,
      coverage.flatMap(part => truthOf(house.exchange, symbol, part)),
    );
    assert.ok(!(await store.openLoads()).loads.some(open => open.load === report.load), 'its books are closed');
    await store.close();
  }

  const cases: readonly (readonly [hold: string, interval: Interval, outcome: string, kept: number])[] = [
    ['local before', TWO, 'cancelled', 0],
    ['gaps before', TWO, 'cancelled', 0],
    ['segment before', TWO, 'cancelled', 0],
    ['segment after', TWO, 'cancelled', 0],
    ['fetch 2 before', TWO, 'cancelled', 300],
    ['merge before', TWO, 'cancelled', 400],
    ['validate before', TWO, 'cancelled', 400],
    ['commit before', TWO, 'cancelled', 400],
    ['commit after', TWO, 'cancelled', 400],
    ['commit before', ONE, 'done', 300],
  ];
  const named = cases.map(([hold, interval, outcome, kept], i) => ({ symbol: `C${i}`, hold: `C${i} ${hold}`, interval, outcome, kept }));

  test('C7: a cancel in any step keeps what was finished and says how much; one that comes to the last commit comes too late', async () => {
    const daemon = await house.start(
      named.map(({ hold }) => hold),
      { 'worker.fetchesAtOnce': 16 },
    );
    const client = await house.client();
    const batches = await house.client({ 'worker.batchBars': 400 });
    const ends = named.map(({ symbol, interval }) => load(batches, symbol, interval));
    await daemon.reached(named.map(({ hold }) => hold));
    for (const { symbol } of named) await client.cancel(`${symbol} 1m`, 'changed my mind');
    // The others are ended by the cancel itself.
    for (const { hold } of named.filter(({ hold }) => /merge|validate|commit/.test(hold))) daemon.release(hold);
    const reports = await Promise.all(ends);
    for (const [i, { symbol, hold, outcome, kept }] of named.entries()) {
      const report = reports[i] as Loaded;
      assert.equal(report.outcome, outcome, hold);
      await assertKept(symbol, report, kept);
    }
  });

  test('C7: a cancel in the middle of a fetch commits whole segments, lets go of partial ones, and the next load goes on', async () => {
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    const calls = new AbortController();
    const ending = client.load(requestOf('MIDDLE', LONG), { signal: calls.signal });
    await asked('MIDDLE', 40);
    calls.abort();
    const [report] = (await ending) as [Loaded];
    daemon.release('MIDDLE fetch 9 before');
    assert.equal(report.outcome, 'cancelled');
    assert.ok(report.added > 0);
    const kept = await coveredBars('MIDDLE');
    assert.equal(kept % SEGMENT_BARS, 0, 'whole segments');
    await assertKept('MIDDLE', report, kept);
    const { progress } = await client.progress(report.load);
    assert.deepEqual([progress?.state, progress?.why], ['cancelled', 'the caller gave it up']);
    const again = await load(client, 'MIDDLE', LONG);
    assert.equal(again.outcome, 'done');
    assert.equal(again.requests, pagesOf(LONG) - kept / 100, 'only what is missing is asked for');
    await house.assertTables({ MIDDLE: LONG });
  });

  test('C7: a cancel while no worker runs is applied when one does', async () => {
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    await client.submit(requestOf('AWAY', LONG));
    await daemon.reached(inEveryLane('AWAY'));
    const { row } = await client.progress('AWAY 1m');
    await daemon.end('SIGKILL');
    await withServer(house.address, server => server.workflow.getHandle(workflowIdOf(minutes('AWAY'))).cancel());
    const next = await house.serve(HOLDS);
    for (const hold of inEveryLane('AWAY')) next.release(hold);
    assert.equal(await outcome('AWAY', row.load), 'cancelled');
    // The server tries the steps of the dead worker again before any worker can tell it that they are to be cancelled.
    assert.ok(house.journal('AWAY').length < pagesOf(LONG), 'the new worker stops with its first heartbeat');
    const kept = await coveredBars('AWAY');
    assert.ok(kept > 0 && kept % SEGMENT_BARS === 0, `whole segments are kept: ${kept} bars`);
    assert.deepEqual(stagedLoads(), []);
  });

  test('C9: a paused load stands still, also over a kill, and goes on when it is resumed', async () => {
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    await client.submit(requestOf('PAUSED', LONG));
    await daemon.reached(inEveryLane('PAUSED'));
    await client.pause('PAUSED 1m', 'lunch');
    for (const hold of inEveryLane('PAUSED')) daemon.release(hold);
    await until(
      async () => (await house.attempts('PAUSED')).length === 0 || undefined,
      () => 'the segments under way to finish',
    );
    const stood = house.journal('PAUSED').length;
    assert.ok(stood < pagesOf(LONG));
    await daemon.end('SIGKILL');
    const next = await house.serve(HOLDS);
    for (const hold of inEveryLane('PAUSED')) next.release(hold);
    const later = await house.client();
    const { progress } = await until(
      async () => {
        const found = await later.progress('PAUSED 1m');
        return found.progress ? found : undefined;
      },
      () => 'the new worker to answer',
    );
    assert.deepEqual([progress?.state, progress?.why], ['paused', 'lunch']);
    assert.equal(house.journal('PAUSED').length, stood, 'nothing was asked for meanwhile');
    const { load: id } = await later.resume('PAUSED 1m');
    assert.equal(await outcome('PAUSED', id), 'done');
    await house.assertTables({ PAUSED: LONG });
    assertAskedOnce(house.journal('PAUSED'));
  });

  test('C8: what was terminated from outside is swept at the next start and never begun again', async () => {
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    await client.submit(requestOf('SHOT', LONG));
    await asked('SHOT', 20);
    const { row } = await client.progress('SHOT 1m');
    await withServer(house.address, server => server.workflow.getHandle(workflowIdOf(minutes('SHOT'))).terminate('from outside'));
    await assert.rejects(client.cancel(row.load), /was not cancelled: it ended as terminated at /);
    assert.equal((await load(client, 'SHOT', ONE)).outcome, 'done', 'the series can be loaded again');
    await daemon.end('SIGTERM');
    await house.serve();
    await until(
      () => stagedLoads().length === 0 || undefined,
      () => 'the staging to be swept',
    );
    const store = await house.store(true);
    await until(
      async () => (await store.openLoads()).loads.length === 0 || undefined,
      () => 'its order to leave the catalog',
    );
    await store.close();
    assert.equal((await (await house.client()).loads(1_000)).filter(r => r.series.symbol === 'SHOT').length, 2, 'no third load was begun');
    await house.assertTables({ SHOT: ONE });
  });

  const pagesOf = ({ from, to }: Interval): number => (to - from) / MINUTE / 100;
  const stagedLoads = (): string[] => readdirSync(join(house.data, '.tapekeep', 'pages'));

  const asked = (symbol: string, count: number) =>
    until(
      () => house.journal(symbol).length >= count || undefined,
      () => `${count} pages of ${symbol}`,
    );

  async function coveredBars(symbol: string): Promise<number> {
    const store = await house.store();
    const table = await store.find(minutes(symbol));
    await store.close();
    return totalMs(table?.holdings.coverage ?? []) / MINUTE;
  }

  async function outcome(symbol: string, id: string): Promise<string> {
    const client = await house.client();
    return until(
      async () => {
        const { row } = await client.progress(id);
        return row.endedAt === null ? undefined : row.outcome;
      },
      () => `${symbol} to end`,
    );
  }
});
