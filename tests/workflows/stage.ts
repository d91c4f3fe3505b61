/** A Temporal server of a test's own, and loads on it whose steps are stand-ins that the test scripts. */

import type { Client, WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Activities } from '../../src/activities/index.js';
import type { Job } from '../../src/model/job.js';
import type { BatchPlan, Fetched, LoadOrder, LoadReport } from '../../src/model/load.js';
import { BUNDLE, bundleWorkflows } from '../../src/worker/bundle-workflows.js';
import { prepareNamespace } from '../../temporal/index.js';
import { QUICK } from '../../temporal/server-flags.js';
import { temporalCli } from '../temporal-cli.js';
import { served } from './workers.js';

export const ORDER: LoadOrder = {
  load: '01HV0000000000000000000000',
  series: { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' },
  provider: 'first',
  span: { from: 0, to: null },
  mode: 'full',
  by: 'test',
  tuning: { lanes: 2, batchBars: 1_000, silenceMs: 10_000, restatements: 'stop', first: 'oldest' },
};

export const fetchedFrom = (provider: string, index: number): Fetched => ({
  index,
  provider,
  rows: 10,
  requests: 1,
  unanswered: 0,
  note: 'f',
});

/** So many batches of so many segments, ten bars each. */
export const batchesOf = (batches: number, segments: number): BatchPlan[] =>
  Array.from({ length: batches }, (_, i) => ({ first: i * segments, end: (i + 1) * segments, bars: 10 * segments, pages: segments }));

type Scripted = { [Step in keyof Activities]?: (...args: Parameters<Activities[Step]>) => unknown };

/** Steps of a load for which all goes well, unless the test says otherwise. */
export function wellGoing(batches: readonly BatchPlan[], standIns: readonly string[] = []): Scripted {
  const segments = batches.at(-1)?.end ?? 0;
  const all = { segments, requests: segments, bars: 10 * segments };
  let version = 0;
  return {
    local: async () => ({ version: 0, rows: 0, first: null, last: null, standIns }),
    gaps: async () => ({ note: 'n', gaps: 1, bars: all.bars, interval: { from: 0, to: 1 } }),
    segment: async () => ({ note: 'n', ...all, batches, unreachable: 0 }),
    fetch: async (order, _plan, index) => fetchedFrom(order.provider, index),
    merge: async (_order, _plan, _batch, fetched) => ({ proposal: 'p', added: 10 * fetched.length, replaced: 0, unchanged: 0 }),
    validate: async () => {},
    commit: async () => ({ outcome: 'committed', version: ++version }),
    check: async () => ({ files: 1, rows: 10 }),
    close: async () => {},
  };
}

export interface Stage {
  readonly client: Client;
  /** Runs `act` while a worker serves a load; the load's id is its name. */
  load<T>(name: string, steps: Scripted, act: (load: WorkflowHandle) => Promise<T>, order?: LoadOrder): Promise<T>;
  /** The same of a job, whose id is its own. */
  job<T>(job: Job, steps: Scripted, act: (job: WorkflowHandle) => Promise<T>): Promise<T>;
}

/** For a test, or for all of a file. */
export async function stageFor(t: { after(work: () => Promise<void>): void }, dynamicConfig: readonly string[] = []): Promise<Stage> {
  const cli = await temporalCli();
  const extraArgs = [...QUICK, ...dynamicConfig].flatMap(value => ['--dynamic-config-value', value]);
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: cli.path }, ui: false, extraArgs },
  });
  t.after(() => environment.teardown());
  await prepareNamespace(environment.connection as never, 'default');
  const { client, nativeConnection } = environment;
  await bundleWorkflows();
  const workflowBundle = { codePath: BUNDLE };
  return {
    client,
    async load(name, steps, act, order = ORDER) {
      return served(nativeConnection, name, { workflowBundle, activities: steps }, async () =>
        act(await client.workflow.start('loadSeries', { taskQueue: name, workflowId: name, args: [order], memo: { load: order.load } })),
      );
    },
    async job({ workflow, workflowId, order }, steps, act) {
      return served(nativeConnection, workflowId, { workflowBundle, activities: steps }, async () =>
        act(await client.workflow.start(workflow, { taskQueue: workflowId, workflowId, args: [order] })),
      );
    },
  };
}

export const reportOf = (load: WorkflowHandle): Promise<LoadReport> => load.result() as Promise<LoadReport>;

/** What it says at its innermost. */
export function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause === undefined ? message : causeOf(cause);
}
