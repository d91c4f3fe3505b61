/** The doctor names what stands still, on the real server, and soon. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { checkup } from '../../src/client/checkup/checkup.js';
import type { Finding } from '../../src/client/checkup/finding.js';
import { TASK_QUEUE } from '../../src/model/queues.js';
import { announce, withdraw } from '../../src/worker/presence.js';
import { connectTo } from '../../temporal/index.js';
import { House, pages } from './house.js';
import { until, WITHIN_MS } from './until.js';

const OTHER = fileURLToPath(new URL('./processes/other-workflows.js', import.meta.url));
/** An examination starts processes and asks the server of everything. */
const EXAMINE_EVERY_MS = 1_000;
const RANGE = pages(6);
const WAITS = ['WAITS fetch 0 before'];

describe('the doctor', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    // What fails here is meant to.
    const logging = { forward: {}, filter: 'off' };
    Runtime.install({ logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging }, shutdownSignals: [] });
    house = await House.make();
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const examine = (): Promise<Finding[]> =>
    checkup(
      {
        config: undefined,
        set: Object.fromEntries(Object.entries(house.flags).map(([k, v]) => [k, typeof v === 'string' ? v : JSON.stringify(v)])),
        verbose: false,
      },
      { PATH: process.env.PATH, HOME: process.env.HOME },
    );
  const finds = (what: string, words: RegExp) =>
    until(
      async () => (await examine()).find(f => f.what === what && words.test(f.found)),
      () => `the doctor to find ${words} of ${what}`,
      WITHIN_MS,
      EXAMINE_EVERY_MS,
    );

  test('C10: a load whose workflow code was changed under it is named within a minute, with the reason; the old code goes on with it', async () => {
    const first = await house.start(['STUCK fetch 0 before']);
    const client = await house.client();
    await client.submit({ symbol: 'STUCK', timeframe: '1m', ...RANGE });
    await first.reached(['STUCK fetch 0 before']);
    await first.end();
    const connection = await NativeConnection.connect({ address: house.address });
    const worker = await Worker.create({ connection, namespace: 'default', taskQueue: TASK_QUEUE, workflowsPath: OTHER });
    const presence = { pid: process.pid, address: house.address, namespace: 'default', uiUrl: null, logFile: 'none' };
    await announce(house.data, { ...presence, startedAt: new Date().toISOString() });
    await worker.runUntil(async () => {
      const other = await house.client();
      await other.pause('STUCK 1m', 'the code is other code now');
      const { state, found } = await finds('load of STUCK 1m', /workflow code fails again and again/);
      assert.equal(state, 'wrong');
      await assert.rejects(other.load({ symbol: 'STUCK', timeframe: '1m', ...RANGE }), { code: 'LOAD_STUCK' });
      assert.match(found, /\(attempt \d+\): .*[Nn]ondetermini/);
    });
    await connection.close();
    await withdraw(house.data);
    await house.serve(WAITS);
    const again = await house.client();
    await until(
      async () => (await again.progress('STUCK 1m')).progress?.state === 'paused' || undefined,
      () => 'the old code to go on with the load',
    );
    await again.resume('STUCK 1m');
    await until(
      async () => (await examine()).every(f => f.what !== 'load of STUCK 1m') || undefined,
      () => 'the doctor to find it well',
      WITHIN_MS,
      EXAMINE_EVERY_MS,
    );
    await again.load({ symbol: 'STUCK', timeframe: '1m', ...RANGE });
    await house.assertTables({ STUCK: RANGE });
  });

  test('F4: search attributes that somebody took away are named, the daemon adds them again, and loads run on', async () => {
    const daemon = await house.serve(WAITS);
    const client = await house.client();
    await client.submit({ symbol: 'WAITS', timeframe: '1m', ...RANGE });
    await daemon.reached(WAITS);
    assert.deepEqual(
      (await examine()).filter(f => f.state === 'wrong').map(f => f.what),
      [],
      'nothing stands still',
    );
    const connection = connectTo(house.address);
    const isThere = async () => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      return customAttributes?.LoadKind !== undefined || undefined;
    };
    const searchAttributes = ['LoadKind'];
    await until(
      async () => {
        // The daemon looks at every full minute, which may be before the doctor does.
        if (await isThere()) await connection.operatorService.removeSearchAttributes({ namespace: 'default', searchAttributes });
        return (await examine()).find(f => f.what === 'namespace' && /lacks the search attributes LoadKind/.test(f.found));
      },
      () => 'the doctor to find that LoadKind is lacking',
      WITHIN_MS,
      EXAMINE_EVERY_MS,
    );
    await until(isThere, () => 'the search attribute to be there again', WITHIN_MS, EXAMINE_EVERY_MS);
    await connection.close();
    daemon.release('WAITS fetch 0 before');
    await client.load({ symbol: 'WAITS', timeframe: '1m', ...RANGE });
    await client.load({ symbol: 'AFTER', timeframe: '1m', ...RANGE });
    await house.assertTables({ STUCK: RANGE, WAITS: RANGE, AFTER: RANGE });
  });
});
