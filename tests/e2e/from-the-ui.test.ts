/** What somebody does to a load in the web UI of Temporal, or with its command line, behind our back. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Client } from '@temporalio/client';
import type { Tapekeep } from '../../src/client/index.js';
import type { Interval } from '../../src/model/interval.js';
import { workflowIdOf } from '../../src/model/load.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { withServer } from './attempts.js';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import type { Daemon } from './process.js';
import { until } from './until.js';

const LANES = 4;
const LONG = pages(90);
/** Two batches of four segments. */
const TWO = pages(8);

/** So that a segment lasts longer than a pause or a reset takes to reach it. */
const SLOW = { 'providers.simulated.latencyMs': 250 };

/** In the second batch. */
const HOLDS = new Map(['BEFOREMERGE', 'BEFORECOMMIT'].map(symbol => [symbol, `${symbol} fetch 6 before`]));

/** As the server tells of a step that somebody paused: no worker is at it, or one still is. */
const [PAUSED, PAUSING] = [4, 5];

describe('a load and the web UI of Temporal', { timeout: 600_000 }, () => {
  let house: House;
  let daemon: Daemon;
  before(async () => {
    house = await House.make({ set: { 'worker.fetchesAtOnce': LANES } });
    daemon = await house.start([...HOLDS.values()], SLOW);
  });
  after(() => house.end());

  const requestOf = (symbol: string, { from, to }: Interval) => ({ symbol, timeframe: '1m', from, to });
  const workflow = (symbol: string) => ({ workflowId: workflowIdOf(minutes(symbol)) });
  const ask = <T>(act: (client: Client) => Promise<T>) => withServer(house.address, act);

  async function inFetch(client: Tapekeep, symbol: string): Promise<void> {
    await client.submit(requestOf(symbol, LONG));
    await until(
      () => house.journal(symbol).length >= 10 || undefined,
      () => `10 pages of ${symbol}`,
    );
  }

  const ends = (client: Tapekeep, symbol: string) =>
    until(
      async () => {
        const { row } = await client.progress(`${symbol} 1m`);
        return row.endedAt === null ? undefined : row.outcome;
      },
      () => `${symbol} to end`,
    );

  test('C8: segments that are paused stand still with their pages kept, and go on there when they are let go', async () => {
    const client = await house.client();
    await inFetch(client, 'PAUSED');
    const at = Date.now();
    const fetches = { namespace: 'default', execution: workflow('PAUSED'), identity: 'somebody', type: 'fetch' };
    // A segment that ends before the pause reaches it makes way for another.
    const pauseAll = () => ask(({ workflowService }) => workflowService.pauseActivity({ ...fetches, reason: 'lunch' }));
    const stands = async () => {
      const { raw } = await ask(c => c.workflow.getHandle(workflow('PAUSED').workflowId).describe());
      const states = (raw.pendingActivities ?? []).map(a => Number(a.state));
      if (states.some(state => state !== PAUSED && state !== PAUSING)) await pauseAll();
      return (states.length === LANES && states.every(state => state === PAUSED)) || undefined;
    };
    await until(stands, () => 'the segments to stand still');
    const asked = house.journal('PAUSED').length;
    const kept = staged();
    assert.ok(kept.length > 0 && asked < pagesOf(LONG), 'pages are kept, and more are to come');
    const store = await house.store();
    await store.sweep();
    await store.close();
    assert.deepEqual(staged(), kept, 'nobody sweeps them');
    assert.equal(house.journal('PAUSED').length, asked, 'nothing was asked for meanwhile');
    await ask(({ workflowService }) => workflowService.unpauseActivity(fetches));
    assert.equal(await ends(client, 'PAUSED'), 'done');
    await assertOneCommit('PAUSED', LONG);
    assertAskedOnce(house.journal('PAUSED'), { at, pid: daemon.pid, lanes: LANES });
  });

  test('C8: segments that are reset, with their heartbeats, begin again behind the pages that are there', async () => {
    const client = await house.client();
    await inFetch(client, 'RESET');
    const at = Date.now();
    const execution = workflow('RESET');
    await ask(({ workflowService }) =>
      workflowService.resetActivity({ namespace: 'default', execution, identity: 'somebody', type: 'fetch', resetHeartbeat: true }),
    );
    assert.equal(await ends(client, 'RESET'), 'done');
    await assertOneCommit('RESET', LONG);
    assertAskedOnce(house.journal('RESET'), { at, pid: daemon.pid, lanes: LANES });
  });

  for (const [where, symbol] of [
    ['merge', 'BEFOREMERGE'],
    ['commit', 'BEFORECOMMIT'],
  ] as const) {
    test(`C3, C8: a load that is reset to before the ${where} of a batch that is in finds its commit and fetches nothing again`, async () => {
      const hold = HOLDS.get(symbol) as string;
      const client = await house.client({ 'worker.batchBars': 400 });
      await client.submit(requestOf(symbol, TWO));
      await daemon.reached([hold]);
      const at = Date.now();
      await resetBefore(symbol, where);
      daemon.release(hold);
      assert.equal(await ends(client, symbol), 'done');
      await house.assertTables({ [symbol]: TWO });
      const store = await house.store();
      const versions = (await store.history(minutes(symbol))).map(v => v.version);
      await store.close();
      assert.deepEqual(versions, [1, 0], 'a version for each batch');
      assertAskedOnce(house.journal(symbol), { at, pid: daemon.pid, lanes: LANES });
    });
  }

  test('C8: a load that was over and is reset to before its commit changes nothing, and the series can be loaded again', async () => {
    const client = await house.client();
    await client.load(requestOf('OVER', TWO));
    await resetBefore('OVER', 'commit');
    // What it worked on was let go when it ended.
    await assert.rejects(
      ask(c => c.workflow.getHandle(workflow('OVER').workflowId).result()),
      error => (error as { cause?: { cause?: { type?: string } } }).cause?.cause?.type === 'FILE_MISSING',
    );
    await assertOneCommit('OVER', TWO);
    const [again] = await client.load(requestOf('OVER', pages(9)));
    assert.deepEqual([again?.outcome, again?.requests], ['done', 1]);
    await house.assertTables({ OVER: pages(9) });
  });

  /** Back to the decision that ordered the step for the first time: what came after it is not known any more. */
  async function resetBefore(symbol: string, step: string): Promise<void> {
    await ask(async client => {
      const { events } = await client.workflow.getHandle(workflow(symbol).workflowId).fetchHistory();
      const steps = (events ?? []).map(event => event.activityTaskScheduledEventAttributes);
      const decided = steps.find(ordered => ordered?.activityType?.name === step)?.workflowTaskCompletedEventId;
      assert.ok(decided, `${step} was ordered`);
      await client.workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: workflow(symbol),
        workflowTaskFinishEventId: decided,
        reason: 'somebody wanted it',
        requestId: randomUUID(),
      });
    });
  }

  async function assertOneCommit(symbol: string, interval: Interval): Promise<void> {
    await house.assertTables({ [symbol]: interval });
    const store = await house.store();
    assert.equal((await store.open(minutes(symbol))).snapshot.version, 0, 'one commit');
    await store.close();
  }

  const staged = (): string[] =>
    readdirSync(join(house.data, '.tapekeep', 'pages'), { recursive: true, withFileTypes: true }).flatMap(entry =>
      entry.isFile() ? [entry.name] : [],
    );
  const pagesOf = ({ from, to }: Interval): number => (to - from) / MINUTE / 100;
});
