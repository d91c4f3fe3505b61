/** What an order of many series hears of the end of a load that was cancelled. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledFailure, type Client, WorkflowFailedError } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityHouse } from '../../src/activities/house.js';
import { endOfLoad } from '../../src/activities/many.js';
import type { LoadOrder } from '../../src/model/load.js';

const order = { load: 'A', series: { dataset: 'main', assetClass: 'crypto', symbol: 'X', timeframe: '1m' } } as unknown as LoadOrder;

test('what a cancelled load kept is told by its own last run, and never by the next load of its series', async () => {
  const said: Record<string, { load: string; outcome: string }> = {};
  const getHandle = (_: string, runId = 'newest') => ({
    result: () => Promise.reject(new WorkflowFailedError('over', new CancelledFailure('c'), 'NON_RETRYABLE_FAILURE' as never)),
    query: async () => ({ report: said[runId] }),
  });
  const client = {
    withDeadline: (_: number, ask: () => unknown) => ask(),
    withAbortSignal: (_: unknown, ask: () => unknown) => ask(),
    workflow: { getHandle },
  } as unknown as Client;
  const reported = async (own: string, newest: [load: string, outcome: string]) => {
    Object.assign(said, { a: { load: 'A', outcome: own }, newest: { load: newest[0], outcome: newest[1] } });
    const env = new MockActivityEnvironment({}, { client } as never);
    let told: string | undefined;
    await env.run(async () => {
      told = (await endOfLoad({} as ActivityHouse)(order, 'a'))?.report?.load;
    });
    return told;
  };
  assert.equal(await reported('cancelled', ['B', 'cancelled']), 'A');
  assert.equal(await reported('nothing', ['A', 'cancelled']), 'A', 'it went on in a new run');
  assert.equal(await reported('nothing', ['B', 'cancelled']), undefined);
});
