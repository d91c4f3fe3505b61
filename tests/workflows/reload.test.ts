/** What a load does when the past is told by another measure: stop, or, by setting, take the whole past anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/client';
import type { LoadOrder, Restatements } from '../../src/model/load.js';
import { batchesOf, causeOf, ORDER, reportOf, stageFor, wellGoing } from './stage.js';

/** Steps that note what they are asked; bars that are merged into what is there are by another measure. */
function noting() {
  const asked: string[] = [];
  const note = (step: string, { mode, reload }: LoadOrder) => asked.push(`${step} ${mode}${reload ? ' reload' : ''}`);
  const well = wellGoing(batchesOf(2, 1));
  const steps: typeof well = {
    ...well,
    gaps: async (order, span) => {
      note('gaps', order);
      return well.gaps?.(order, span);
    },
    segment: async ({ reload }) => ({
      note: 'n',
      segments: 2,
      requests: 2,
      bars: 20,
      batches: reload ? batchesOf(1, 2) : batchesOf(2, 1),
      unreachable: 0,
    }),
    merge: async (order, ...more) => {
      note('merge', order);
      if (!order.reload) throw ApplicationFailure.nonRetryable('prices × 0.5', 'RESTATED');
      return well.merge?.(order, ...more);
    },
  };
  return { asked, steps };
}

test('by setting a restated past is taken anew as a whole, once; else the load stops with the finding', async t => {
  const stage = await stageFor(t);
  const orderTo = (restatements: Restatements): LoadOrder => ({ ...ORDER, mode: 'tail', tuning: { ...ORDER.tuning, restatements } });

  const stopping = noting();
  const stopped = stage.load('stop', stopping.steps, reportOf, orderTo('stop'));
  await assert.rejects(stopped, error => causeOf(error) === 'prices × 0.5');
  assert.deepEqual(stopping.asked, ['gaps tail', 'merge tail']);

  const { asked, steps } = noting();
  const report = await stage.load('reload', steps, reportOf, orderTo('reload'));
  assert.deepEqual(asked, ['gaps tail', 'merge tail', 'gaps full reload', 'merge full reload'], 'the whole past in one batch');
  assert.deepEqual([report.outcome, report.versions], ['done', [1]]);
});
