/** How jobs end: told the same way, whichever of them it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/client';
import { type DeriveOrder, jobOfDerive } from '../../src/model/derive.js';
import type { Progress } from '../../src/model/progress.js';
import { until } from '../e2e/until.js';
import { causeOf, ORDER, stageFor } from './stage.js';

const full = () => ApplicationFailure.nonRetryable('the disk is full', 'DISK_FULL');

const orderOf = (id: string): DeriveOrder => ({
  job: 'derive',
  id,
  series: { ...ORDER.series, timeframe: '1h' },
  from: '1m',
  by: 'test',
  silenceMs: 10_000,
});

test('a job lets go of what it holds, and its last progress and its outcome say how it ended', async t => {
  const stage = await stageFor(t);
  const closed: string[] = [];
  const steps = {
    derivePlan: async () => ({ note: 'n', base: 1, bars: 60, due: true, whole: false }),
    deriveMake: async () => ({ note: 'm', rows: 1, lost: false }),
    deriveMerge: async () => ({ overtaken: false as const, proposal: 'p', added: 1, replaced: 0, unchanged: 0 }),
    validate: async () => {},
    close: async (ids: readonly string[]) => void closed.push(...ids),
  };
  const endOf = async (job: Parameters<Parameters<typeof stage.job>[2]>[0]) => {
    const { state, why } = await job.query<Progress>('progress');
    const { status, searchAttributes } = await job.describe();
    return { status: status.name, state, why, outcome: searchAttributes.LoadOutcome?.[0] };
  };

  await t.test('done', async () => {
    const order = orderOf('01HV0000000000000000000001');
    const end = await stage.job(jobOfDerive(order), { ...steps, commit: async () => ({ outcome: 'committed', version: 3 }) }, async job => {
      const { outcome, versions, startedAt, endedAt } = await job.result();
      assert.deepEqual([outcome, versions, startedAt <= endedAt], ['done', [3], true]);
      return endOf(job);
    });
    assert.deepEqual(end, { status: 'COMPLETED', state: 'done', why: null, outcome: 'done' });
    assert.deepEqual(closed.splice(0), [order.id]);
  });

  await t.test('failed', async () => {
    const order = orderOf('01HV0000000000000000000002');
    const end = await stage.job(jobOfDerive(order), { ...steps, commit: () => Promise.reject(full()) }, async job => {
      assert.equal(causeOf(await job.result().catch(error => error)), 'the disk is full');
      return endOf(job);
    });
    assert.deepEqual([end.status, end.state, end.outcome], ['FAILED', 'failed', 'failed']);
    assert.deepEqual(closed.splice(0), [order.id]);
  });

  await t.test('a commit is not broken off by a cancel; one that fails meanwhile leaves the job cancelled, not failed', async () => {
    const order = orderOf('01HV0000000000000000000003');
    let committing = false;
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const commit = async (): Promise<never> => {
      committing = true;
      await held;
      throw full();
    };
    const end = await stage.job(jobOfDerive(order), { ...steps, commit }, async job => {
      await until(
        () => committing || undefined,
        () => 'the commit to begin',
      );
      await job.cancel();
      const told = ({ events = [] }: { events?: { eventType?: unknown }[] | null }): boolean =>
        (events ?? []).some(({ eventType }) => eventType === CANCEL_REQUESTED);
      await until(
        async () => told(await job.fetchHistory()) || undefined,
        () => 'the cancel to be known',
      );
      release();
      await assert.rejects(job.result());
      return endOf(job);
    });
    assert.deepEqual(end, { status: 'CANCELLED', state: 'cancelled', why: 'cancelled', outcome: 'cancelled' });
    assert.deepEqual(closed.splice(0), [order.id]);
  });
});

/** As the server numbers kinds of events: WORKFLOW_EXECUTION_CANCEL_REQUESTED. */
const CANCEL_REQUESTED = 20;
