/** Many loads on a real server with steps that only pretend: which are under way, and when each may go on, is the test's to say. */
import { ApplicationFailure } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import type { LoadOrder } from '../../src/model/load.js';
import { type ManyOrder, manyIdOf } from '../../src/model/load-many.js';
import { nameOf, type Series } from '../../src/model/series.js';
import type { Store } from '../../src/store/index.js';
import { BUNDLE, bundleWorkflows } from '../../src/worker/bundle-workflows.js';
import type { loadMany } from '../../src/workflows/load-many.js';
import { prepareNamespace } from '../../temporal/index.js';
import { temporalCli } from '../temporal-cli.js';
import { served } from './workers.js';

export const minutesOf = (symbol: string): Series => ({ dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' });

export const EVERY = {
  span: { from: 0, to: null },
  mode: 'full',
  by: 'test',
  tuning: { lanes: 1, batchBars: 1_000, silenceMs: 10_000, restatements: 'stop', first: 'oldest' },
} as const;

export const manyOf = (id: string, symbols: readonly string[], atOnce: number): ManyOrder => ({
  job: 'many',
  id,
  title: id,
  atOnce,
  every: EVERY,
  loads: symbols.map((symbol, i) => ({ load: `${id}-${i}`, series: minutesOf(symbol), provider: 'simulated' })),
  silenceMs: 10_000,
});

/** A server whose workflows are told early that their history has grown. */
export async function manyEnvironment(eventsOfRun: number): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  const cli = await temporalCli();
  const flags = [
    `limit.historyCount.suggestContinueAsNew=${eventsOfRun}`,
    'history.transferProcessorMaxPollRPS=1000',
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
  ];
  const extraArgs = flags.flatMap(flag => ['--dynamic-config-value', flag]);
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: cli.path }, ui: false, extraArgs },
  });
  await prepareNamespace(environment.connection as never, 'default');
  return environment;
}

/** Symbols say how they fare: FAIL… is unknown, PART… lacks bars, HOLD… fetches until it is released. */
export class Pretended {
  readonly open = new Map<string, unknown>();
  readonly closed: string[] = [];
  readonly notes = new Map<string, unknown>();
  readonly released = new Set<string>();
  readonly underWay = new Set<string>();
  readonly served: string[] = [];
  most = 0;

  get store(): Store {
    return {
      recordLoad: async ({ load, order }: { load: string; order: unknown }) => void this.open.set(load, order),
      closeLoad: async (load: string) => {
        this.open.delete(load);
        this.closed.push(load);
      },
      clearLoad: async () => {},
      writeNote: async (id: string, value: unknown) => {
        const note = `${id}-${this.notes.size}`;
        this.notes.set(note, value);
        return note;
      },
      readNote: async (_id: string, note: string) => this.notes.get(note),
    } as unknown as Store;
  }

  steps() {
    const { beginLoad, findLoad, endOfLoad, keepRows, readRows, close } = createActivities({ store: this.store } as never);
    return {
      beginLoad,
      findLoad,
      endOfLoad,
      keepRows,
      readRows,
      local: async ({ series }: LoadOrder) => {
        this.underWay.add(nameOf(series));
        this.served.push(series.symbol);
        this.most = Math.max(this.most, this.underWay.size);
        if (series.symbol.startsWith('FAIL')) {
          this.underWay.delete(nameOf(series));
          throw ApplicationFailure.nonRetryable(`no symbol ${series.symbol}`, 'SYMBOL_UNKNOWN', { symbol: series.symbol });
        }
        return { version: 0, rows: 0, first: null, last: null, standIns: [] };
      },
      gaps: async () => ({ note: 'n', gaps: 1, bars: 10, interval: { from: 0, to: 1 } }),
      segment: async ({ series }: LoadOrder) => ({
        note: 'n',
        segments: 1,
        requests: 1,
        bars: 10,
        batches: [{ first: 0, end: 1, bars: 10, pages: 1 }],
        unreachable: series.symbol.startsWith('PART') ? 3 : 0,
      }),
      fetch: async ({ series }: LoadOrder, _plan: string, index: number) => {
        await this.held(series.symbol);
        return { index, provider: 'simulated', rows: 10, requests: 1, unanswered: 0, note: 'f' };
      },
      merge: async () => ({ proposal: 'p', added: 10, replaced: 0, unchanged: 0 }),
      validate: async () => {},
      commit: async ({ series }: LoadOrder) => {
        this.underWay.delete(nameOf(series));
        return { outcome: 'committed', version: 1 };
      },
      close,
    };
  }

  private async held(symbol: string): Promise<void> {
    const { Context } = await import('@temporalio/activity');
    const context = Context.current();
    while (symbol.startsWith('HOLD') && !this.released.has(symbol)) {
      context.heartbeat();
      await context.sleep(50);
    }
  }
}

export async function runMany<T>(
  { client, nativeConnection }: TestWorkflowEnvironment,
  pretended: Pretended,
  order: ManyOrder,
  work: (handle: Awaited<ReturnType<typeof client.workflow.start<typeof loadMany>>>, taskQueue: string) => Promise<T>,
): Promise<T> {
  const taskQueue = `queue-${order.id}`;
  const activities = pretended.steps();
  await bundleWorkflows();
  const beats = { maxHeartbeatThrottleInterval: '200ms', defaultHeartbeatThrottleInterval: '200ms' } as const;
  return served(nativeConnection, taskQueue, { workflowBundle: { codePath: BUNDLE }, activities, ...beats }, async () => {
    const args: [ManyOrder] = [order];
    return work(await client.workflow.start<typeof loadMany>('loadMany', { taskQueue, workflowId: manyIdOf(order), args }), taskQueue);
  });
}
