/** Processes are killed while loads are in every one of their steps, and every load goes on. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Tapekeep } from '../../src/client/index.js';
import type { Interval } from '../../src/model/interval.js';
import { STEPS } from '../../src/model/load-progress.js';
import { readAll } from '../faults/assert-store.js';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import type { Daemon } from './process.js';
import { until } from './until.js';

const LANES = 4;
const SMALL = pages(8);
const LONG = pages(90);

/** One series for each place where a process can be killed: before a step does its work, and after it, its result not yet told. */
const HOLDS = STEPS.flatMap(step => (step === 'fetch' ? ['fetch 1'] : [step])).flatMap(step =>
  ['before', 'after'].map(when => ({ symbol: `${step.replace(' ', '').toUpperCase()}${when.toUpperCase()}`, at: `${step} ${when}` })),
);
const holds = HOLDS.map(({ symbol, at }) => `${symbol} ${at}`);
/** Of the loads of each test, by what their symbols begin with. */
const ALL_HOLDS = ['S', 'W', 'B'].flatMap(prefix => holds.map(hold => `${prefix}${hold}`));

describe('loads in every step', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ set: { 'worker.fetchesAtOnce': LANES } });
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const tables = (prefix: string): Record<string, Interval> => ({
    ...Object.fromEntries(HOLDS.map(({ symbol }) => [`${prefix}${symbol}`, SMALL])),
    [`${prefix}LONG`]: LONG,
  });

  /** Brings one load to each hold, and one into the middle of a fetch, where nothing holds it. */
  async function underWay(daemon: Daemon, client: Tapekeep, prefix: string): Promise<void> {
    for (const { symbol } of HOLDS) await client.submit(requestOf(`${prefix}${symbol}`, SMALL));
    await daemon.reached(holds.map(hold => `${prefix}${hold}`));
    await client.submit(requestOf(`${prefix}LONG`, LONG));
    await until(
      () => house.journal(`${prefix}LONG`).length >= 25 || undefined,
      () => 'the long fetch',
    );
  }

  const held = () => house.serve(ALL_HOLDS, { 'worker.fetchesAtOnce': 20 });

  const askedFor = (prefix: string) => house.journal().filter(asked => asked.symbol.startsWith(prefix));

  async function allEnd(client: Tapekeep, prefix: string): Promise<void> {
    const wanted = Object.keys(tables(prefix));
    const mine = await until(
      async () => {
        const rows = (await client.loads(1_000)).filter(row => wanted.includes(row.series.symbol));
        return rows.length === wanted.length && rows.every(row => row.endedAt !== null) ? rows : undefined;
      },
      () => `the loads of ${prefix} to end`,
    );
    assert.deepEqual(new Set(mine.map(row => row.outcome)), new Set(['done']));
  }

  test('A4: the Temporal server is killed under loads in every step: the daemon starts it again, and every load goes on', async () => {
    const daemon = await held();
    const client = await house.client();
    await underWay(daemon, client, 'S');
    const at = Date.now();
    const [killed] = house.servers();
    await house.killServer();
    await until(
      () => house.servers().some(server => server.pid !== killed?.pid) || undefined,
      () => 'the daemon to start the server again',
    );
    for (const hold of holds) daemon.release(`S${hold}`);
    await allEnd(client, 'S');
    await house.assertTables(tables('S'));
    assertAskedOnce(askedFor('S'), { at, pid: daemon.pid, lanes: LANES });
    await assertCommits('S');
  });

  test('A1, A3: the worker is killed in each of the seven steps: every load goes on, with one commit', async () => {
    const daemon = await held();
    await underWay(daemon, await house.client(), 'W');
    const at = Date.now();
    await daemon.end('SIGKILL');
    await house.serve();
    await allEnd(await house.client(), 'W');
    await house.assertTables(tables('W'));
    assertAskedOnce(askedFor('W'), { at, pid: daemon.pid, lanes: LANES });
    await assertCommits('W');
  });

  test('A4: worker and Temporal server are killed at once under loads in every step: every load goes on', async () => {
    const daemon = await held();
    await underWay(daemon, await house.client(), 'B');
    const at = Date.now();
    await Promise.all([house.killServer(), daemon.end('SIGKILL')]);
    assert.deepEqual(house.servers(), []);
    await house.serve();
    await allEnd(await house.client(), 'B');
    await house.assertTables(tables('B'));
    assertAskedOnce(askedFor('B'), { at, pid: daemon.pid, lanes: LANES });
    await assertCommits('B');
  });

  test('what came of it equals what an undisturbed load makes: bars, coverage and absences', async () => {
    await house.serve();
    const client = await house.client();
    const other = await House.make({ exchange: { latencyMs: 0 } });
    try {
      await other.start();
      const calm = await other.client();
      for (const [symbol, interval] of [
        ['SLONG', LONG],
        ['BMERGEAFTER', SMALL],
        ['WCOMMITAFTER', SMALL],
      ] as const) {
        await calm.load(requestOf(symbol, interval));
        assert.deepEqual(await contents(house, symbol), await contents(other, symbol));
        const [again] = await client.load(requestOf(symbol, interval));
        assert.deepEqual([again?.outcome, again?.requests], ['nothing', 0], 'nothing is left to load');
      }
    } finally {
      await other.end();
    }
  });

  /** A table without what tells when it was made. */
  async function contents(of: House, symbol: string) {
    const store = await of.store();
    const table = await store.open(minutes(symbol));
    const ledger = table.holdings.ledger.map(({ firstAsked, lastAsked, next, ...what }) => ({ ...what, asksAgain: next !== null }));
    const bars = await readAll(store, table);
    await store.close();
    return { bars, coverage: table.holdings.coverage, ledger };
  }

  async function assertCommits(prefix: string): Promise<void> {
    const store = await house.store();
    for (const symbol of Object.keys(tables(prefix))) {
      const { snapshot } = await store.open(minutes(symbol));
      assert.equal(snapshot.version, 0, `${symbol} has one commit`);
    }
    await store.close();
  }

  const requestOf = (symbol: string, { from, to }: Interval) => ({ symbol, timeframe: '1m', from, to });
});
