/** A pause that lasts: over kills of all there is, in a load that has gone through several runs. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { workflowIdOf } from '../../src/model/load.js';
import { temporalCli } from '../temporal-cli.js';
import { withServer } from './attempts.js';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import { until } from './until.js';

const SYMBOL = 'PAUSED';
const LONG = pages(60);
/** Fifteen batches of four pages. */
const BATCHES = { 'worker.batchBars': 400 };
const LANES = 2;

describe('a pause for a day', {
  timeout: 600_000,
  skip: process.platform === 'win32' ? 'the server is wrapped in a shell script' : false,
}, () => {
  let house: House;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tapekeep-cli-'));
    const cli = join(folder, 'temporal');
    // The same server, which finds a history long when it has sixty events.
    const more = '--dynamic-config-value limit.historyCount.suggestContinueAsNew=60';
    const { path } = await temporalCli();
    writeFileSync(cli, `#!/bin/sh\n[ "$1" = server ] && exec "${path}" "$@" ${more}\nexec "${path}" "$@"\n`);
    chmodSync(cli, 0o755);
    house = await House.make({ exchange: { latencyMs: 50 }, set: { 'worker.fetchesAtOnce': LANES, 'temporal.cli': cli } });
  });
  after(async () => {
    await house.end();
    rmSync(folder, { recursive: true });
  });

  const load = () =>
    withServer(house.address, async client => {
      const handle = client.workflow.getHandle(workflowIdOf(minutes(SYMBOL)));
      const [{ raw, runId, status }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
      return { runId, status: status.name, raw, events: events ?? [] };
    });

  /** No step is under way, and nothing is to be decided. */
  const stands = async () => {
    const { raw } = await load();
    return (!raw.pendingWorkflowTask && (raw.pendingActivities ?? []).length === 0) || undefined;
  };
  const progress = async () => (await (await house.client()).progress(`${SYMBOL} 1m`)).progress ?? undefined;

  test('C9: worker and server are killed under a paused load: it stays paused, waits for nothing and on no clock, and goes on when it is resumed', async () => {
    const daemon = await house.start();
    const client = await house.client(BATCHES);
    await client.submit({ symbol: SYMBOL, timeframe: '1m', ...LONG });
    const { runId: first } = await load();
    await until(
      async () => (await load()).runId !== first || undefined,
      () => 'the load to go on in a new run',
    );
    await client.pause(`${SYMBOL} 1m`, 'until tomorrow');
    await until(stands, () => 'what is under way to finish');
    const stood = house.journal(SYMBOL).length;
    assert.ok(stood < 60, 'it stands still before its end');
    for (const again of [daemon, undefined]) {
      const running = again ?? (await house.start());
      await Promise.all([house.killServer(), running.end('SIGKILL')]);
    }
    await house.start();
    const { state, why } = await until(progress, () => 'the new worker to answer');
    assert.deepEqual([state, why], ['paused', 'until tomorrow']);
    assert.equal(house.journal(SYMBOL).length, stood, 'nothing was asked for meanwhile');
    await until(stands, () => 'the load to stand still');
    await assertTimeless();
    await client.resume(`${SYMBOL} 1m`);
    await until(
      async () => (await load()).status === 'COMPLETED' || undefined,
      () => 'the load to end',
    );
    await house.assertTables({ [SYMBOL]: LONG });
    assertAskedOnce(house.journal(SYMBOL));
    const store = await house.store();
    assert.equal((await store.open(minutes(SYMBOL))).snapshot.version, 14, 'one commit for each batch');
    await store.close();
  });

  /** However long nobody resumes it: no timer runs, and nothing ends the load. */
  async function assertTimeless(): Promise<void> {
    const { raw, events, status } = await load();
    assert.equal(status, 'RUNNING');
    assert.equal(events.filter(e => e.timerStartedEventAttributes).length, 0);
    const { workflowRunTimeout, workflowExecutionTimeout } = raw.executionConfig ?? {};
    for (const timeout of [workflowRunTimeout, workflowExecutionTimeout]) assert.equal(Number(timeout?.seconds ?? 0), 0);
  }
});
