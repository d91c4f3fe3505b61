/** Many series in one order: how many at once, what becomes of the others when one fails, and of all when the order is turned. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { workflowIdOf } from '../../src/model/load.js';
import { type ManyGlance, type ManyStatus, MOST_LOADS } from '../../src/model/load-many.js';
import { until } from '../e2e/until.js';
import { EVERY, manyEnvironment, manyOf, minutesOf, Pretended, runMany } from './many-scene.js';

describe('an order of many series', { timeout: 600_000 }, () => {
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await manyEnvironment(150);
  });
  after(() => environment.teardown());

  const runsOf = async (workflowId: string): Promise<number> => {
    let runs = 0;
    for await (const _ of environment.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs++;
    return runs;
  };

  test('of a hundred series never more run at once than allowed, over several runs of the order; one that fails stops no other', async () => {
    const symbols = Array.from({ length: 100 }, (_, i) => (i % 50 === 7 ? `FAIL${i}` : i % 50 === 9 ? `PART${i}` : `S${i}`));
    const pretended = new Pretended();
    const order = manyOf('MANY100', symbols, 6);
    const report = await runMany(environment, pretended, order, handle => handle.result());
    assert.equal(report.outcome, 'partial');
    assert.deepEqual(report.counts, { waiting: 0, running: 0, done: 96, nothing: 0, partial: 2, failed: 2, cancelled: 0 });
    assert.ok(pretended.most > 1 && pretended.most <= 6, `${pretended.most} at once`);
    assert.deepEqual(
      [...report.rows].map(row => row.load).sort(),
      order.loads.map(({ load }) => load).sort(),
      'each series has its end, once',
    );
    const failed = report.rows.find(row => row.series.symbol === 'FAIL7');
    assert.deepEqual([failed?.state, failed?.fault?.code, failed?.fault?.facts], ['failed', 'SYMBOL_UNKNOWN', { symbol: 'FAIL7' }]);
    assert.equal(report.rows.find(row => row.series.symbol === 'S0')?.report?.added, 10);
    assert.equal(new Set(pretended.served).size, pretended.served.length, 'none is loaded twice');
    assert.deepEqual([...pretended.open], [], 'no order is left open');
    await until(
      async () => (await runsOf('many/MANY100')) >= 3 || undefined,
      () => 'the runs of the order to be listed',
    );
    const last = await environment.client.workflow.getHandle('many/MANY100').fetchHistory();
    assert.ok((last.events?.length ?? 0) < 450, `${last.events?.length} events in its last run`);
  });

  test('C1: a series that is being loaded already is joined, and goes on when the order is cancelled', async () => {
    const pretended = new Pretended();
    await runMany(environment, pretended, manyOf('EMPTY', [], 2), async (empty, taskQueue) => {
      assert.equal((await empty.result()).outcome, 'nothing');
      const theirs = await environment.client.workflow.start('loadSeries', {
        taskQueue,
        workflowId: workflowIdOf(minutesOf('HOLD-BEFORE')),
        args: [{ ...EVERY, load: 'THEIRS', series: minutesOf('HOLD-BEFORE'), provider: 'simulated' }],
        memo: { load: 'THEIRS' },
      });
      const joining = manyOf('JOINED', ['HOLD-BEFORE', 'HOLD-MINE', 'LATER'], 2);
      const joined = await environment.client.workflow.start('loadMany', { taskQueue, workflowId: 'many/JOINED', args: [joining] });
      const running = () => joined.query<ManyGlance>('glance').then(glance => glance.counts.running);
      await until(
        async () =>
          ((await running()) === 2 && pretended.underWay.has('HOLD-MINE 1m') && pretended.closed.includes('JOINED-0')) || undefined,
        () => 'both to be under way',
      );
      assert.equal(pretended.served.filter(symbol => symbol === 'HOLD-BEFORE').length, 1, 'no twin');
      await joined.signal('why', 'enough');
      await joined.cancel();
      await assert.rejects(joined.result(), WorkflowFailedError);
      const { report } = await joined.query<ManyStatus>('status');
      assert.deepEqual(
        report?.rows.flatMap(row => row.fault ?? []),
        [],
      );
      assert.equal(report?.outcome, 'cancelled');
      assert.deepEqual(report?.rows.map(row => [row.series.symbol, row.state, row.how, row.report?.outcome]).sort(), [
        ['HOLD-BEFORE', 'cancelled', 'joined', undefined],
        ['HOLD-MINE', 'cancelled', 'started', 'cancelled'],
        ['LATER', 'cancelled', 'started', undefined],
      ]);
      assert.equal((await theirs.describe()).status.name, 'RUNNING');
      const mine = await environment.client.workflow.getHandle(workflowIdOf(minutesOf('HOLD-MINE'))).describe();
      assert.equal(mine.status.name, 'CANCELLED');
      pretended.released.add('HOLD-BEFORE');
      await theirs.result();
    });
  });

  test('the end of a load that others started is the end of it here, too', async () => {
    const pretended = new Pretended();
    await runMany(environment, pretended, manyOf('TWICE', ['HOLD-TWICE', 'HOLD-TWICE', 'FAIL-TWICE'], 3), async handle => {
      await until(
        async () => ((await handle.query<ManyGlance>('glance')).counts.failed === 1 && pretended.open.size === 1) || undefined,
        () => 'one of two orders of one series to join the other',
      );
      const [served] = pretended.open.keys();
      pretended.released.add('HOLD-TWICE');
      const report = await handle.result();
      assert.deepEqual(report.rows.map(row => [row.load, row.state, row.report?.load]).sort(), [
        ['TWICE-0', 'done', served],
        ['TWICE-1', 'done', served],
        ['TWICE-2', 'failed', undefined],
      ]);
    });
  });

  test('paused, no load begins and those under way rest; resumed, all come to their end', async () => {
    const pretended = new Pretended();
    await runMany(environment, pretended, manyOf('RESTS', ['HOLD-REST', 'AFTER1', 'AFTER2'], 1), async handle => {
      await until(
        () => pretended.underWay.has('HOLD-REST 1m') || undefined,
        () => 'the first load',
      );
      await handle.signal('pause', 'lunch');
      const child = environment.client.workflow.getHandle(workflowIdOf(minutesOf('HOLD-REST')));
      const states = () => Promise.all([handle, child].map(h => h.query<{ state: string; why: string }>('progress')));
      await until(
        async () => (await states()).every(({ state, why }) => state === 'paused' && why === 'lunch') || undefined,
        () => 'both to rest',
      );
      pretended.released.add('HOLD-REST');
      await child.signal('resume');
      await child.result();
      await until(
        async () => (await handle.query<ManyGlance>('glance')).counts.done === 1 || undefined,
        () => 'the first load to be counted',
      );
      assert.deepEqual(pretended.served, ['HOLD-REST'], 'nothing else began');
      await handle.signal('resume');
      assert.equal((await handle.result()).counts.done, 3);
    });
  });

  test('terminated, the loads under way live on', async () => {
    const pretended = new Pretended();
    await runMany(environment, pretended, manyOf('KILLED', ['HOLD-ORPHAN'], 1), async handle => {
      await until(
        () => pretended.underWay.has('HOLD-ORPHAN 1m') || undefined,
        () => 'the load',
      );
      await handle.terminate('somebody did');
      pretended.released.add('HOLD-ORPHAN');
      const report = await environment.client.workflow.getHandle(workflowIdOf(minutesOf('HOLD-ORPHAN'))).result();
      assert.equal((report as { outcome: string }).outcome, 'done');
    });
  });

  test('an order that is none fails at once and by name', async () => {
    const none = { ...manyOf('NONE', ['A'], 1) };
    const wrong: [object, string][] = [
      [{ ...none, atOnce: 0 }, 'USAGE'],
      [{ ...none, id: '../x' }, 'USAGE'],
      [{ ...none, loads: [{ ...none.loads[0], series: minutesOf('../x') }] }, 'SYMBOL_INVALID'],
      [{ ...none, loads: Array(MOST_LOADS + 1).fill(none.loads[0]) }, 'USAGE'],
    ];
    const pretended = new Pretended();
    await runMany(environment, pretended, none, async (handle, taskQueue) => {
      await handle.result();
      for (const [order, code] of wrong) {
        const end = environment.client.workflow.execute('loadMany', { taskQueue, workflowId: `wrong/${code}`, args: [order] });
        await assert.rejects(end, (error: WorkflowFailedError) => (error.cause as { type?: string }).type === code);
      }
    });
    assert.deepEqual(pretended.served, ['A']);
  });
});
