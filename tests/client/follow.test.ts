/** An order whose answer is lost: it may have arrived, so it is given again and stays in the catalog. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { Engine } from '../../src/client/engine/engine.js';
import type { Reach } from '../../src/client/engine/reach.js';
import { orderedFrom, startRecorded } from '../../src/client/jobs/job.js';
import { Jobs } from '../../src/client/jobs/jobs.js';
import { admit, followLoad } from '../../src/client/loads/follow.js';
import { Loads } from '../../src/client/loads/loads.js';
import { fail } from '../../src/model/errors.js';
import type { Job } from '../../src/model/job.js';
import type { LoadOrder } from '../../src/model/load.js';
import type { Store } from '../../src/store/index.js';

const ORDER = {
  load: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  series: { dataset: 'main', assetClass: 'crypto', symbol: 'X', timeframe: '1m' },
  intervals: [],
} as unknown as LoadOrder;

/** A catalog that remembers what is open. */
function catalog() {
  const open = new Set<string>();
  const recordLoad = async ({ load }: { load: string }) => void open.add(load);
  const closeLoad = async (load: string) => void open.delete(load);
  return { open, store: { recordLoad, closeLoad } as unknown as Store };
}

const unanswered = () => fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: 'no answer' });
const engineOf = (order: () => Promise<unknown>) =>
  ({ loads: { order, end: async () => ({ report: { load: ORDER.load, outcome: 'done' } }) } }) as unknown as Engine;

test('an order that nobody answered stays open, one that was refused does not', async () => {
  const { open, store } = catalog();
  await assert.rejects(
    admit(
      engineOf(() => Promise.reject(unanswered())),
      store,
      ORDER,
    ),
    { code: 'SERVER_UNREACHABLE' },
  );
  assert.deepEqual([...open], [ORDER.load]);
  await assert.rejects(
    admit(
      engineOf(() => Promise.reject(fail('LOAD_STUCK', { series: 'X' }))),
      store,
      ORDER,
    ),
    { code: 'LOAD_STUCK' },
  );
  assert.deepEqual([...open], []);
});

test('who follows a load orders it again from the next daemon', async () => {
  const { open, store } = catalog();
  const next = engineOf(async () => ({ load: ORDER.load, how: 'started' }));
  const lost = engineOf(() => Promise.reject(unanswered()));
  const reach = (after: Engine) => ({ again: async () => after }) as unknown as Reach;
  const { outcome, how } = await followLoad(reach(next), lost, store, ORDER, {});
  assert.deepEqual([outcome, how, [...open]], ['done', 'started', [ORDER.load]]);
  await assert.rejects(followLoad(reach(lost), lost, store, ORDER, {}), { code: 'SERVER_UNREACHABLE' });
});

test('an answer that did not come in time is told as a server that does not answer', async () => {
  const late = () => Promise.reject(new WorkflowUpdateRPCTimeoutOrCancelledError('Deadline exceeded', { cause: new Error('4') }));
  await assert.rejects(new Loads({ withDeadline: late } as unknown as Client).order(ORDER), { code: 'SERVER_UNREACHABLE' });
});

test('an order of a job that nobody answered stays open and is given again; one that never is answered is told as such', async () => {
  const { open, store } = catalog();
  const job = { order: { id: 'J' }, what: 'order', of: '2 series' } as unknown as Job<{ id: string }>;
  const late = new ServiceError('late', { cause: Object.assign(new Error('4'), { code: 4, details: '', metadata: {} }) });
  const jobs = new Jobs({ withDeadline: () => Promise.reject(late) } as unknown as Client);
  const lost = { jobs } as unknown as Engine;
  const unanswered = {
    code: 'ORDER_UNANSWERED',
    message: /^nobody answered in time whether the order of 2 series was taken: no answer in time\. It may be/,
  };
  await assert.rejects(startRecorded(lost, store, job), unanswered);
  assert.deepEqual([...open], ['J']);
  let started = 0;
  const next = { jobs: { start: async () => void started++ } } as unknown as Engine;
  const start = (engine: Engine) => startRecorded(engine, store, job);
  const reach = (again: () => Promise<Engine>) => ({ again }) as unknown as Reach;
  assert.equal(
    await orderedFrom(
      reach(async () => next),
      lost,
      start,
    ),
    next,
  );
  assert.equal(started, 1);
  await assert.rejects(
    orderedFrom(
      reach(() => Promise.reject(fail('SERVER_UNREACHABLE'))),
      lost,
      start,
    ),
    unanswered,
  );
  const refused = { jobs: { start: () => Promise.reject(fail('INTERNAL')) } } as unknown as Engine;
  await assert.rejects(startRecorded(refused, store, job), { code: 'INTERNAL' });
  assert.deepEqual([...open], [], 'what was refused is not open');
});

test('who follows a load whose server lost its memory orders it again, and follows the run that it has then', async () => {
  const { store } = catalog();
  const unknown = fail('LOAD_UNKNOWN', { load: 'X 1m' });
  const followed: string[] = [];
  const engine = (runId: string, ends: object[]) =>
    ({
      loads: {
        order: async () => ({ load: ORDER.load, how: 'started', runId }),
        end: async (one: { runId: string }) => {
          followed.push(one.runId);
          return ends.shift();
        },
      },
    }) as unknown as Engine;
  const report = { report: { load: ORDER.load, outcome: 'done' } };
  const next = engine('second', [{ error: unknown }, report]);
  const reach = { again: async () => next } as unknown as Reach;
  const { outcome } = await followLoad(reach, engine('first', [{ error: unanswered() }]), store, ORDER, {});
  assert.deepEqual([outcome, followed], ['done', ['first', 'first', 'second']]);
  await assert.rejects(followLoad(reach, engine('first', [{ error: unknown }]), store, ORDER, {}), { code: 'LOAD_UNKNOWN' });
});
