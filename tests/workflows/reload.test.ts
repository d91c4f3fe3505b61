/** What a load does when the past is told by another measure: stop, or, by setting, take the whole past anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { LoadOrder, LoadReport, Restatements } from '../../src/model/load.js';
import { prepareNamespace } from '../../temporal/index.js';
import { temporalCli } from '../temporal-cli.js';

const ORDER: LoadOrder = {
  load: '01HV0000000000000000000000',
  series: { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' },
  provider: 'simulated',
  span: { from: 0, to: null },
  mode: 'tail',
  by: 'test',
  tuning: { lanes: 1, batchBars: 1_000, silenceMs: 10_000, restatements: 'stop', first: 'oldest' },
};

/** Steps that note what they are asked; bars that are merged into what is there are by another measure. */
function stubs() {
  const asked: string[] = [];
  const note = (step: string, { mode, reload }: Pick<LoadOrder, 'mode' | 'reload'>) =>
    asked.push(`${step} ${mode}${reload ? ' reload' : ''}`);
  const batches = [
    { first: 0, end: 1, bars: 10, pages: 1 },
    { first: 1, end: 2, bars: 10, pages: 1 },
  ];
  return {
    asked,
    activities: {
      local: async () => ({ version: 0, rows: 10, first: 0, last: 1, legacy: null }),
      gaps: async (order: LoadOrder) => {
        note('gaps', order);
        return { note: 'n', gaps: 1, bars: 20, interval: { from: 0, to: 1 } };
      },
      segment: async (order: LoadOrder) => ({
        note: 'n',
        segments: 2,
        requests: 2,
        bars: 20,
        batches: order.reload ? [{ first: 0, end: 2, bars: 20, pages: 2 }] : batches,
        unreachable: 0,
      }),
      fetch: async (_order: LoadOrder, _plan: string, index: number) => ({ index, rows: 10, requests: 1, unanswered: 0, note: 'f' }),
      merge: async (order: LoadOrder) => {
        note('merge', order);
        if (!order.reload) throw ApplicationFailure.nonRetryable('prices × 0.5', 'RESTATED');
        return { proposal: 'p', added: 20, replaced: 0, unchanged: 0 };
      },
      validate: async () => {},
      commit: async () => ({ outcome: 'committed', version: 1 }),
      close: async () => {},
    },
  };
}

test('by setting a restated past is taken anew as a whole, once; else the load stops with the finding', async t => {
  const cli = await temporalCli();
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: cli.path }, ui: false },
  });
  t.after(() => environment.teardown());
  await prepareNamespace(environment.connection as never, 'default');
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.js', import.meta.url));

  const run = async (restatements: Restatements) => {
    const { asked, activities } = stubs();
    const { client, nativeConnection } = environment;
    const taskQueue = `reload-${restatements}`;
    const worker = await Worker.create({ connection: nativeConnection, taskQueue, workflowsPath, activities });
    const order = { ...ORDER, tuning: { ...ORDER.tuning, restatements } };
    const end = worker.runUntil(
      client.workflow.execute('loadSeries', { taskQueue, workflowId: taskQueue, args: [order] }).then(
        report => ({ report: report as LoadReport }),
        error => ({ error }),
      ),
    );
    return { asked, ...(await end) } as { asked: string[]; report?: LoadReport; error?: unknown };
  };

  const stopped = await run('stop');
  assert.ok(stopped.error instanceof WorkflowFailedError);
  assert.deepEqual(stopped.asked, ['gaps tail', 'merge tail']);

  const { asked, report } = await run('reload');
  assert.deepEqual(asked, ['gaps tail', 'merge tail', 'gaps full reload', 'merge full reload'], 'the whole past in one batch');
  assert.deepEqual([report?.outcome, report?.versions], ['done', [1]]);
});
