/** A word to a load: to the one that is meant, in whichever run it is, and to no other of its series. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledFailure, type Client, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { Loads } from '../../src/client/loads/loads.js';
import { ManyLoads } from '../../src/client/loads/many-loads.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { workflowIdOf } from '../../src/model/load.js';
import type { Series } from '../../src/model/series.js';

const series: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'X', timeframe: '1m' };
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

interface Run {
  readonly runId: string;
  readonly load?: string;
  readonly first?: string;
  status?: string;
  state?: string;
  cancelling?: boolean;
}

/** A server with these runs of a series, oldest first; `heard` is what was said to which of them. */
function serverOf(runs: Run[], onSignal: (run: Run) => void = () => {}) {
  const heard: string[] = [];
  const missing = () => new WorkflowNotFoundError('workflow execution already completed', workflowIdOf(series), undefined);
  const getHandle = (_: string, runId?: string) => {
    const find = (): Run => {
      const run = runId === undefined ? runs.at(-1) : runs.find(r => r.runId === runId);
      if (!run) throw missing();
      return run;
    };
    const running = (): Run => {
      const run = find();
      if (run.status) throw missing();
      return run;
    };
    return {
      describe: async () => {
        const { runId, load, first = runId, status = 'RUNNING', cancelling = false } = find();
        return {
          workflowId: workflowIdOf(series),
          runId,
          memo: load === undefined ? {} : { load, job: load },
          searchAttributes: { LoadOutcome: ['done'] },
          startTime: new Date(AT),
          closeTime: status === 'RUNNING' ? undefined : new Date(AT),
          status: { name: status },
          raw: { workflowExecutionInfo: { firstRunId: first }, workflowExtendedInfo: { cancelRequested: cancelling } },
        };
      },
      query: async () => ({ state: find().state ?? 'running' }),
      signal: async (name: string, ...args: string[]) => {
        onSignal(find());
        heard.push([running().runId, name, ...args].join(' '));
      },
      cancel: async () => void heard.push(`${running().runId} cancel`),
    };
  };
  const withDeadline = (_: number, ask: () => Promise<unknown>) => ask();
  return { heard, client: { withDeadline, workflow: { getHandle } } as unknown as Client };
}

const over = (reason: RegExp, next?: string) => (error: unknown) => {
  assert.ok(isTapekeepError(error, 'LOAD_OVER'), String(error));
  assert.match(error.message, reason);
  assert.equal(error.facts.next, next);
  return true;
};

test('a word on a load that has ended since does not hit the next one of its series', async () => {
  const { client, heard } = serverOf([
    { runId: 'a', load: 'A', status: 'COMPLETED' },
    { runId: 'b', load: 'B' },
  ]);
  const loads = new Loads(client);
  for (const [how, asked] of [
    ['cancel', 'cancelled'],
    ['pause', 'paused'],
    ['resume', 'resumed'],
  ] as const)
    await assert.rejects(
      loads.turn({ series, load: 'A', runId: 'a' }, how, 'why'),
      over(new RegExp(`^X 1m: load A was not ${asked}: it ended as done at 2026-01-02 03:04:05Z\\. Load B of .* left alone$`), 'B'),
    );
  assert.deepEqual(heard, []);
});

test('a load that ends between the look at it and the word is over; the next one hears nothing', async () => {
  const runs: Run[] = [{ runId: 'a', load: 'A' }];
  const { client, heard } = serverOf(runs, run => {
    run.status = 'COMPLETED';
    if (runs.length === 1) runs.push({ runId: 'b', load: 'B' });
  });
  await assert.rejects(new Loads(client).turn({ series, load: 'A', runId: 'a' }, 'cancel', 'why'), over(/load A was not cancelled/, 'B'));
  assert.deepEqual(heard, []);
});

test('a load that goes on in a new run between the look at it and the word is the same load', async () => {
  for (const load of ['A', undefined]) {
    const runs: Run[] = [{ runId: 'a', ...(load && { load }) }];
    const { client, heard } = serverOf(runs, run => {
      if (runs.length > 1) return;
      run.status = 'CONTINUED_AS_NEW';
      runs.push({ runId: 'a2', first: 'a', ...(load && { load }) });
    });
    const row = await new Loads(client).turn({ series, load: load ?? '', runId: 'a' }, 'cancel', 'Ctrl+C');
    assert.equal(row.runId, 'a2');
    assert.deepEqual(heard, ['a2 why Ctrl+C', 'a2 cancel']);
  }
});

test('what a word changes is told by how the load was found', async () => {
  const was = async (run: Partial<Run>, how: 'pause' | 'resume' | 'cancel') => {
    const { client, heard } = serverOf([{ runId: 'a', load: 'A', ...run }]);
    return [(await new Loads(client).turn({ series, load: 'A', runId: 'a' }, how, 'w')).was, heard];
  };
  assert.deepEqual(await was({}, 'pause'), ['running', ['a pause w']]);
  assert.deepEqual(await was({ state: 'paused' }, 'pause'), ['paused', ['a pause w']]);
  assert.deepEqual(await was({ state: 'paused' }, 'resume'), ['paused', ['a resume']]);
  assert.deepEqual(await was({}, 'resume'), ['running', ['a resume']]);
  assert.deepEqual(await was({ state: 'paused' }, 'cancel'), [null, ['a why w', 'a cancel']]);
  assert.deepEqual(await was({ cancelling: true }, 'cancel'), ['cancelling', []], 'the first reason stays');
  const { client, heard } = serverOf([{ runId: 'a', load: 'A', cancelling: true }]);
  const pausing = new Loads(client).turn({ series, load: 'A', runId: 'a' }, 'pause', 'w');
  await assert.rejects(pausing, over(/A was not paused: it is being cancelled, and commits what was fetched\. Nothing was done/));
  await assert.rejects(
    new ManyLoads(client).turn('A', 'pause', 'w'),
    over(/^order A of many series was not paused: it is being cancelled/),
  );
  assert.equal((await new ManyLoads(client).turn('A', 'cancel', 'w'))?.was, 'cancelling');
  assert.deepEqual(heard, []);
});

test('what a cancelled load kept is never told of another one', async () => {
  const report = (load: string, outcome: string) => ({ report: { load, outcome } });
  const said: Record<string, unknown> = { a: report('A', 'nothing'), newest: report('B', 'cancelled') };
  const getHandle = (_: string, runId = 'newest') => ({
    result: () => Promise.reject(new WorkflowFailedError('over', new CancelledFailure('c'), 'NON_RETRYABLE_FAILURE' as never)),
    query: async () => said[runId],
  });
  const loads = new Loads({ withDeadline: (_: number, ask: () => unknown) => ask(), workflow: { getHandle } } as unknown as Client);
  const ending = await loads.end({ series, load: 'A', runId: 'a' });
  assert.ok('error' in ending && ending.error.code === 'LOAD_CANCELLED');
  said.newest = report('A', 'cancelled');
  assert.deepEqual(await loads.end({ series, load: 'A', runId: 'a' }), report('A', 'cancelled'));
});

test('a server that does not answer a word is told as one', async () => {
  const late = () =>
    Promise.reject(new ServiceError('late', { cause: Object.assign(new Error('4'), { code: 4, details: '', metadata: {} }) }));
  const loads = new Loads({ withDeadline: late } as unknown as Client);
  await assert.rejects(loads.turn({ series, load: 'A', runId: 'a' }, 'pause', 'w'), (error: Error) => {
    assert.ok(isTapekeepError(error, 'SERVER_UNREACHABLE'));
    assert.match(error.message, /no answer in time/);
    return true;
  });
});
