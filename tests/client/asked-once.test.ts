/** What is asked of the server and its workers: how long an answer is waited for, and whose word counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledFailure, type Client, WorkflowFailedError } from '@temporalio/client';
import { Loads } from '../../src/client/loads/loads.js';
import { ManyLoads } from '../../src/client/loads/many-loads.js';
import type { Series } from '../../src/model/series.js';

const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'X', timeframe: '1m' };

/** A client of workers that need so long for an answer. */
function slowClient(ms: number, handle: object): Client {
  const withDeadline = (deadline: number, ask: () => Promise<unknown>) =>
    deadline - Date.now() < ms ? Promise.reject(new Error('DEADLINE_EXCEEDED')) : ask();
  return { withDeadline, workflow: { getHandle: () => handle } } as unknown as Client;
}

test('what a cancelled load kept is waited for, however long its worker takes to begin', async () => {
  const report = { load: 'l', outcome: 'cancelled', added: 7 };
  const handle = {
    result: () => Promise.reject(new WorkflowFailedError('over', new CancelledFailure('c'), 'NON_RETRYABLE_FAILURE' as never)),
    query: async (name: string) => (name === 'status' ? { report } : assert.fail(name)),
  };
  assert.deepEqual(await new Loads(slowClient(30_000, handle)).end({ series: SERIES, load: 'l', runId: 'r' }), { report });
});

test('a question that is asked once is waited for longer than a look among many', async () => {
  const loads = new Loads(slowClient(5_000, { query: async () => ({ state: 'paused' }) }));
  assert.equal((await loads.progressOf(SERIES, 'run'))?.state, 'paused');
  assert.equal(await loads.progress(SERIES), undefined);
});

test('a step that its daemon left in the middle hinders nothing, one that fails does', async () => {
  const failed = (message: string) => ({ raw: { pendingActivities: [{ lastFailure: { message } }] } });
  const trouble = (message: string) => new Loads(slowClient(0, { describe: async () => failed(message) })).trouble(SERIES);
  assert.equal(await trouble('Worker is shutting down and this activity did not complete in time'), undefined);
  assert.equal(await trouble('the way to x failed'), 'the way to x failed');
});

test('the newest order that is over is found by its own word: the list learns of an end later', async () => {
  const status = { '01': 'COMPLETED', '02': 'CANCELLED', '03': 'COMPLETED', '04': 'TERMINATED', '05': 'RUNNING' };
  const client = {
    workflow: {
      async *list() {
        for (const job of ['02', '05', '03', '01', '04']) yield { memo: { job }, status: { name: 'RUNNING' } };
      },
      getHandle: (id: string) => ({ describe: async () => ({ status: { name: status[id.slice(-2) as '01'] } }) }),
    },
  };
  assert.equal(await new ManyLoads(client as unknown as Client).newest(), '03');
});
