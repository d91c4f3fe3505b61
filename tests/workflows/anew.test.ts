/** A load that is too long for one history goes on in a new run, and nobody notices. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../../src/model/progress.js';
import { until } from '../e2e/until.js';
import { batchesOf, fetchedFrom, ORDER, reportOf, stageFor, wellGoing } from './stage.js';

const SHORT = ['limit.historyCount.suggestContinueAsNew=30'];

test('C9: a long load goes on in new runs', async t => {
  const stage = await stageFor(t, SHORT);
  const runsOf = async (workflowId: string) => {
    const runs = [];
    for await (const run of stage.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(run);
    return runs;
  };

  await t.test('its counts, versions and progress are those of one load, whatever the number of runs', async () => {
    const percents: number[] = [];
    const report = await stage.load('long', wellGoing(batchesOf(6, 4)), async load => {
      const looking = until(
        async () => {
          const { percent, state } = await load.query<Progress>('progress');
          percents.push(percent);
          return state === 'running' ? undefined : true;
        },
        () => 'the end of the load',
      );
      const done = await reportOf(load);
      await looking;
      return done;
    });
    const runs = await until(
      async () => ((await runsOf('long')).every(r => r.status.name !== 'RUNNING') ? runsOf('long') : undefined),
      () => 'the runs to be listed as over',
    );
    assert.ok(runs.length >= 3, `${runs.length} runs`);
    assert.equal(runs.filter(r => r.status.name === 'CONTINUED_AS_NEW').length, runs.length - 1);
    assert.deepEqual([report.outcome, report.added, report.requests, report.versions.length], ['done', 240, 24, 6]);
    assert.deepEqual(
      percents,
      percents.toSorted((a, b) => a - b),
      'progress never goes back',
    );
    const [first, second] = runs.map(run => run.startTime.getTime()).sort((a, b) => a - b) as [number, number];
    assert.ok(report.startedAt >= first && report.startedAt <= second, 'it began with its first run');
    assert.ok(
      runs.every(run => run.memo?.load === ORDER.load),
      'each run tells whose it is',
    );
  });

  await t.test('C9: a pause that comes while it goes over holds in the next run, and a resume lets it go on', async () => {
    let fetches = 0;
    let hold: (() => void) | undefined;
    const well = wellGoing(batchesOf(6, 4));
    const steps = {
      ...well,
      fetch: async ({ provider }: { provider: string }, _plan: string, index: number) => {
        fetches++;
        // Before the first batch ends, the pause is under way: it meets the end of the run.
        if (index === 3) await new Promise<void>(resolve => (hold = resolve));
        return fetchedFrom(provider, index);
      },
    };
    const report = await stage.load('paused', steps as typeof well, async load => {
      await until(
        () => hold,
        () => 'the fourth segment',
      );
      await load.signal('pause', 'somebody went to lunch');
      hold?.();
      await until(
        async () => (await load.query<Progress>('progress')).state === 'paused' || undefined,
        () => 'the pause',
      );
      assert.ok(fetches < 24, 'it stands still before its end');
      await load.signal('resume');
      return reportOf(load);
    });
    assert.deepEqual([report.outcome, report.added], ['done', 240]);
  });

  await t.test('C9: signals and orders that rain on it while it goes over are all heard', async () => {
    const extra = (i: number) => ({ ...ORDER, load: `01HV000000000000000000000${i + 1}`, span: { from: -1_000 * (i + 1), to: null } });
    let planned = 0;
    const well = wellGoing(batchesOf(3, 4));
    const steps = {
      ...well,
      gaps: async () => {
        planned++;
        return { note: 'n', gaps: 1, bars: 120, interval: { from: 0, to: 1 } };
      },
    };
    const report = await stage.load('rain', steps as typeof well, async load => {
      for (let i = 0; i < 5; i++) {
        await load.signal('pause', 'briefly');
        const admitted = await load.executeUpdate<{ how: string }, [typeof ORDER]>('admit', { args: [extra(i)] });
        assert.equal(admitted.how, 'extended');
        await load.signal('resume');
      }
      return reportOf(load);
    });
    assert.equal(planned, 6, 'each order was planned, once');
    assert.deepEqual([report.outcome, report.added], ['done', 6 * 120]);
  });
});
