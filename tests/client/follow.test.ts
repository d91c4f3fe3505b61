/** An order whose answer is lost: it may have arrived, so it is given again and stays in the catalog. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import type { Engine } from '../../src/client/engine.js';
import { admit, followLoad } from '../../src/client/follow.js';
import { Loads } from '../../src/client/loads.js';
import type { Reach } from '../../src/client/reach.js';
import { fail } from '../../src/model/errors.js';
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
