/** The program is replaced by its next version while loads are open. Each version here is a program of its own, with its own bundle. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { workflowIdOf } from '../../src/model/load.js';
import { projectFolder } from '../project-files.js';
import { withServer } from './attempts.js';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import { until } from './until.js';

/** Three batches of four segments. */
const THREE = pages(12);
const LANES = 2;

const STEP = 'await loadBatch(state, order, plan, batch, next === 0);';
const MORE = 'await state.steps.quick.check(order);';

describe('a load and the next version of the program', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ set: { 'worker.fetchesAtOnce': LANES } });
  });
  afterEach(() => house.quiet());
  after(() => house.end());

  /** A copy of the program in which each batch begins with a step more. */
  function version(name: string, more: string): string {
    const tree = join(house.folder, name);
    const dist = fileURLToPath(new URL('../../', import.meta.url));
    mkdirSync(tree);
    for (const shared of ['node_modules', 'config', 'package.json']) symlinkSync(join(projectFolder, shared), join(tree, shared));
    for (const part of ['src', 'temporal']) cpSync(join(dist, part), join(tree, 'dist', part), { recursive: true });
    const file = join(tree, 'dist', 'src', 'workflows', 'load-series.js');
    const code = readFileSync(file, 'utf8');
    assert.ok(code.includes(STEP), 'the step is there');
    const changed = code.replace(STEP, `${more} ${STEP}`);
    writeFileSync(file, changed.replace("from '@temporalio/workflow';", "$&\nimport { patched } from '@temporalio/workflow';"));
    return join(tree, 'dist', 'src', 'worker', 'main.js');
  }

  /** A load with a batch behind it is in the middle of the next when its daemon is killed. */
  async function leftOpen(symbol: string) {
    const hold = `${symbol} fetch 5 before`;
    const daemon = await house.start([hold]);
    const client = await house.client({ 'worker.batchBars': 400 });
    await client.submit({ symbol, timeframe: '1m', ...THREE });
    await daemon.reached([hold]);
    const at = Date.now();
    await daemon.end('SIGKILL');
    return { at, pid: daemon.pid, lanes: LANES };
  }

  async function goesOn(symbol: string, killed: Awaited<ReturnType<typeof leftOpen>>): Promise<void> {
    const client = await house.client();
    const outcome = await until(
      async () => {
        const { row } = await client.progress(`${symbol} 1m`);
        return row.endedAt === null ? undefined : row.outcome;
      },
      () => `${symbol} to end`,
    );
    assert.equal(outcome, 'done');
    await house.assertTables({ [symbol]: THREE });
    assertAskedOnce(house.journal(symbol), killed);
    const store = await house.store();
    assert.equal((await store.open(minutes(symbol))).snapshot.version, 2, 'a version for each batch');
    await store.close();
  }

  const handle = <T>(symbol: string, ask: (load: ReturnType<import('@temporalio/client').Client['workflow']['getHandle']>) => Promise<T>) =>
    withServer(house.address, client => ask(client.workflow.getHandle(workflowIdOf(minutes(symbol)))));

  const checks = (symbol: string): Promise<number> =>
    handle(symbol, async load => {
      const { events } = await load.fetchHistory();
      return (events ?? []).filter(e => e.activityTaskScheduledEventAttributes?.activityType?.name === 'check').length;
    });

  test('C10: a worker of the next version takes over a running load, and does all that is new with loads that begin under it', async () => {
    const killed = await leftOpen('TAKEN');
    await house.start(undefined, {}, version('next', `if (patched('look')) ${MORE}`));
    await goesOn('TAKEN', killed);
    assert.ok((await checks('TAKEN')) < 3, 'what was behind it is not done anew');
    const client = await house.client({ 'worker.batchBars': 400 });
    const [fresh] = await client.load({ symbol: 'FRESH', timeframe: '1m', ...THREE });
    assert.deepEqual([fresh?.outcome, await checks('FRESH')], ['done', 3]);
  });

  test('C10: a change that does not fit what a load did already leaves it open and untouched, and the version before finishes it', async () => {
    const killed = await leftOpen('STUCK');
    const unfit = await house.start(undefined, {}, version('unfit', MORE));
    const stuck = await until(
      () =>
        handle('STUCK', async load => {
          const { raw, status } = await load.describe();
          return (raw.pendingWorkflowTask?.attempt ?? 0) > 1 ? status.name : undefined;
        }),
      () => 'the task of the load to fail',
    );
    assert.equal(stuck, 'RUNNING');
    await unfit.end('SIGKILL');
    const store = await house.store();
    assert.equal((await store.open(minutes('STUCK'))).snapshot.version, 0, 'nothing was added');
    await store.close();
    await house.start();
    await goesOn('STUCK', killed);
  });
});
