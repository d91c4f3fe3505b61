/** A run of a schedule: what is due is started under the one id of its series, so many at a time, and the next run begins where it ended. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ScheduleHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { readCalendars } from '../../src/calendars.js';
import type { LoadOrder } from '../../src/model/load.js';
import { NO_OPINION, type OpinionOrder } from '../../src/model/opinion.js';
import type { DueAsk, DueLoads, Schedule, TickReport } from '../../src/model/schedule.js';
import { optionsOf } from '../../src/model/schedule-options.js';
import { instantsOf, rowsOf } from '../../src/model/schedule-times.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { BUNDLE, bundleWorkflows } from '../../src/worker/bundle-workflows.js';
import { prepareNamespace } from '../../temporal/index.js';
import { until } from '../e2e/until.js';
import { temporalCli } from '../temporal-cli.js';
import { served } from './workers.js';

const SCHEDULE: Schedule = {
  name: 'x',
  series: null,
  mode: 'tail',
  when: { kind: 'cron', cron: '0 0 1 1 *', timezone: 'UTC' },
  overlap: 'skip',
  catchUpMs: 7 * DAY,
  jitterMs: 0,
  atOnce: 2,
  silenceMs: 10_000,
};

const orderOf = (symbol: string): LoadOrder => ({
  load: `load-${symbol}`,
  series: { dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' },
  provider: 'simulated',
  span: { from: 0, to: null },
  mode: 'tail',
  by: 'schedule x',
  tuning: { lanes: 1, batchBars: 1_000, silenceMs: 10_000, restatements: 'stop', first: 'oldest' },
});

/** Loads that have nothing to do, and wait in their first step as long as they are held. */
function scene(pages: readonly Partial<DueLoads>[]) {
  const world = { asks: [] as DueAsk[], running: 0, most: 0, ran: [] as string[], closed: [] as string[], held: new Set<string>() };
  const activities = {
    dueLoads: async (_schedule: Schedule, ask: DueAsk): Promise<DueLoads> => {
      world.asks.push(ask);
      return { orders: [], held: 0, unknown: [], next: null, ...pages[Math.min(ask.skip, pages.length - 1)] };
    },
    local: async ({ series: { symbol } }: LoadOrder) => {
      world.ran.push(symbol);
      world.most = Math.max(world.most, ++world.running);
      await until(
        () => !world.held.has(symbol) || undefined,
        () => `${symbol} to be let go`,
      );
      world.running--;
      return { version: 0, rows: 10, first: 0, last: 1, standIns: [] };
    },
    gaps: async () => ({ note: 'n', gaps: 0, bars: 0, interval: null }),
    segment: async () => ({ note: 'n', segments: 0, requests: 0, bars: 0, batches: [], unreachable: 0 }),
    close: async (loads: readonly string[]) => void world.closed.push(...loads),
    opinionPlan: async ({ series, provider, share, take, by }: OpinionOrder) => {
      world.ran.push(`${series.symbol} ${provider} ${share} ${take} ${by}`);
      return { note: 'n', provider: provider ?? 'its own', version: 0, segments: 1, requests: 1, bars: 10, of: 1_000, remarks: [] };
    },
    opinionAsk: async () => ({ note: 'n', counts: NO_OPINION, requests: 1, unanswered: 0, leftOut: 0 }),
    opinionTell: async ({ series }: OpinionOrder) => ({
      counts: { ...NO_OPINION, equal: 8, different: series.symbol === 'D2' ? 2 : 0 },
      unanswered: 0,
      leftOut: 0,
      requests: 1,
      price: { bars: 10, median: 0, worst: 0, worstAt: null },
      volume: { bars: 10, median: 0, worst: 0, worstAt: null },
      rows: [],
      changed: 0,
    }),
  };
  return { world, activities };
}

describe('a run of a schedule', { timeout: 600_000 }, () => {
  let environment: TestWorkflowEnvironment;
  let id = 0;
  before(async () => {
    const cli = await temporalCli();
    environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path: cli.path }, ui: false },
    });
    await prepareNamespace(environment.connection as never, 'default');
    await bundleWorkflows();
  });
  after(() => environment?.teardown());

  /** A schedule on the server with a worker of its own. */
  async function scheduled(
    pages: readonly Partial<DueLoads>[],
    work: (handle: ScheduleHandle, world: ReturnType<typeof scene>['world']) => Promise<void>,
    schedule: Partial<Schedule> = {},
  ): Promise<void> {
    const taskQueue = `tick-${++id}`;
    const { world, activities } = scene(pages);
    const options = optionsOf({ ...SCHEDULE, ...schedule, name: taskQueue }, null, 'hand');
    const handle = await environment.client.schedule.create({ ...options, action: { ...options.action, taskQueue } });
    try {
      const workflowBundle = { codePath: BUNDLE };
      await served(environment.nativeConnection, taskQueue, { workflowBundle, activities }, () => work(handle, world));
    } finally {
      await handle.delete();
    }
  }

  /** The report of the n-th run. */
  async function report(handle: ScheduleHandle, n: number): Promise<TickReport> {
    const { workflow } = await until(
      async () => (await handle.describe()).info.recentActions[n - 1]?.action,
      () => `run ${n} to begin`,
    );
    return environment.client.workflow.getHandle(workflow.workflowId).result() as Promise<TickReport>;
  }

  test('starts so many loads at a time, page by page, and tells what they came to', async () => {
    const pages = [
      { orders: ['A1', 'A2', 'A3'].map(orderOf), held: 1, unknown: ['X 1m: no such'], next: 1 },
      { orders: ['A4', 'A5'].map(orderOf) },
    ];
    await scheduled(
      pages,
      async (handle, world) => {
        world.held = new Set(['A1', 'A2', 'A3', 'A4', 'A5']);
        await handle.trigger('SKIP');
        await until(
          () => world.ran.length === 2 || undefined,
          () => 'two loads to run',
        );
        for (const symbol of ['A1', 'A2', 'A3', 'A4', 'A5']) world.held.delete(symbol);
        const told = await report(handle, 1);
        assert.deepEqual([...world.ran].sort(), ['A1', 'A2', 'A3', 'A4', 'A5']);
        assert.equal(world.most, 2, 'two at a time');
        assert.deepEqual([told.nothing, told.held, told.unknown, told.failed], [5, 1, 1, 0]);
        assert.deepEqual(told.reasons, ['X 1m: no such']);
        assert.deepEqual(
          world.asks.map(({ skip }) => skip),
          [0, 1],
        );
        const { raw } = await environment.client.workflow.getHandle('load/main/crypto/A1/1m').describe();
        assert.equal(raw.workflowExecutionInfo?.priority?.priorityKey, 1, 'its steps go first');
      },
      { priority: 1 },
    );
  });

  test('instead of loading, a second opinion of each series: bars that differ are told of, and are no failure', async () => {
    await scheduled(
      [{ orders: ['D1', 'D2'].map(orderOf) }],
      async (handle, world) => {
        await handle.trigger('SKIP');
        const told = await report(handle, 1);
        assert.deepEqual([told.done, told.partial, told.failed], [1, 1, 0]);
        assert.deepEqual(told.reasons, ['D2 1m: 2 bars of the sample differ from what polygon says']);
        assert.deepEqual(world.ran.sort(), ['D1 polygon 0.02 false schedule x', 'D2 polygon 0.02 false schedule x']);
      },
      { opinion: { kind: 'compare', provider: 'polygon', share: 0.02, take: false } },
    );
  });

  test('a series that is being loaded already is passed by, and its order leaves the catalog', async () => {
    await scheduled([{ orders: ['B1', 'B2'].map(orderOf) }], async (handle, world) => {
      world.held = new Set(['B1']);
      const { taskQueue } = ((await handle.describe()).action as { taskQueue: string }) ?? {};
      const own = await environment.client.workflow.start('loadSeries', {
        taskQueue,
        workflowId: 'load/main/crypto/B1/1m',
        args: [{ ...orderOf('B1'), load: 'by-hand' }],
      });
      await until(
        () => world.ran.includes('B1') || undefined,
        () => 'the load by hand to run',
      );
      await handle.trigger('SKIP');
      const told = await report(handle, 1);
      assert.deepEqual([told.nothing, told.running], [1, 1]);
      assert.deepEqual(world.ran, ['B1', 'B2'], 'one load of each series');
      assert.ok(world.closed.includes('load-B1'));
      world.held.clear();
      await own.result();
    });
  });

  test('a run begins where the last one ended; one of the past is about its own time', async () => {
    await scheduled([{}], async (handle, world) => {
      await handle.trigger('SKIP');
      const first = await report(handle, 1);
      // Runs of one second would have one id.
      await until(
        () => Date.now() > first.upTo + 1_500 || undefined,
        () => 'the next second',
      );
      await handle.trigger('SKIP');
      await report(handle, 2);
      const [one, two] = world.asks;
      assert.equal(one?.until, first.upTo);
      assert.equal(two?.since, first.upTo, 'nothing is asked twice, nothing is left out');
      const start = new Date(Date.UTC(2020, 0, 1) - 1);
      await handle.backfill({ start, end: new Date(Date.UTC(2020, 0, 2)), overlap: 'BUFFER_ALL' });
      const third = await report(handle, 3);
      assert.deepEqual(
        [world.asks[2]?.since, world.asks[2]?.until],
        [Date.UTC(2020, 0, 1) - 1, Date.UTC(2020, 0, 1)],
        'one of the past is about its own time',
      );
      assert.ok(third.upTo > first.upTo, 'and takes nothing back');
    });
  });

  const nextTimes = async (schedule: Partial<Schedule>, startAt: string, rows?: ReturnType<typeof rowsOf>): Promise<string[]> => {
    const options = optionsOf({ ...SCHEDULE, ...schedule, name: `spec-${++id}` }, rows ? { rows, until: 0, print: '' } : null, 'hand');
    const handle = await environment.client.schedule.create({ ...options, spec: { ...options.spec, startAt: new Date(startAt) } });
    const { info } = await handle.describe();
    await handle.delete();
    return info.nextActionTimes.map(at => at.toISOString().slice(0, 16));
  };

  test('the server keeps the clock of a zone on both sides of its changes', async () => {
    const at = (cron: string, timezone: string) => ({ when: { kind: 'cron' as const, cron, timezone } });
    const spring = await nextTimes(at('0 18 * * *', 'Europe/Berlin'), '2038-03-26T12:00Z');
    assert.deepEqual(spring.slice(0, 4), ['2038-03-26T17:00', '2038-03-27T17:00', '2038-03-28T16:00', '2038-03-29T16:00']);
    const skipped = await nextTimes(at('30 2 * * *', 'Europe/Berlin'), '2038-03-26T12:00Z');
    assert.deepEqual(skipped.slice(0, 3), ['2038-03-27T01:30', '2038-03-29T00:30', '2038-03-30T00:30'], '02:30 is not there on the 28th');
    const again = await nextTimes(at('30 2 * * *', 'Europe/Berlin'), '2038-10-29T12:00Z');
    assert.deepEqual(again.slice(0, 3), ['2038-10-30T00:30', '2038-10-31T01:30', '2038-11-01T01:30'], '02:30 is there twice on the 31st');
  });

  test('six fields have the seconds first; a Sunday is 0, 7 or sun; a day has to fit both of its fields', async () => {
    const at = (cron: string) => nextTimes({ when: { kind: 'cron', cron, timezone: 'UTC' } }, '2038-03-01T00:00Z');
    assert.deepEqual((await at('30 0 12 * * *')).slice(0, 2), ['2038-03-01T12:00', '2038-03-02T12:00']);
    const sundays = ['2038-03-07T09:00', '2038-03-14T09:00'];
    for (const day of ['0', '7', 'sun']) assert.deepEqual((await at(`0 9 * * ${day}`)).slice(0, 2), sundays, day);
    assert.deepEqual((await at('0 9 1 * 1')).slice(0, 2), ['2038-03-01T09:00', '2038-11-01T09:00']);
  });

  test('times by sessions are in the server as they were worked out, over a change of clocks', async () => {
    // The last change that the calendar knows: the server tells only times that are still to come.
    const when = { kind: 'afterClose', ms: 10 * MINUTE } as const;
    const instants = instantsOf(when, readCalendars({}).get('XNYS'), { from: Date.UTC(2027, 10, 4), to: Date.UTC(2027, 10, 11) });
    const times = await nextTimes({ when }, '2027-11-04T00:00Z', rowsOf(instants));
    assert.deepEqual(
      times,
      instants.map(at => new Date(at).toISOString().slice(0, 16)),
    );
    assert.deepEqual(times.slice(0, 3), ['2027-11-04T20:10', '2027-11-05T20:10', '2027-11-08T21:10']);
  });
});
