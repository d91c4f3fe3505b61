/** Whoever reaches the server can start a workflow with whatever they like. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ApplicationFailure, type Client, WorkflowFailedError } from '@temporalio/client';
import { TASK_QUEUE } from '../../src/model/queues.js';
import { withServer } from '../e2e/attempts.js';
import { House, START } from '../e2e/house.js';

const HONEST = {
  load: '01HV0000000000000000000000',
  series: { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' },
  provider: 'simulated',
  span: { from: START, to: START + 3_600_000 },
  mode: 'full',
  by: 'somebody',
  tuning: { lanes: 2, batchBars: 1_000, silenceMs: 3_000, restatements: 'stop', first: 'oldest' },
};
const series = (change: object) => ({ ...HONEST, series: { ...HONEST.series, ...change } });

const HOSTILE: readonly (readonly [what: string, order: unknown, code: string])[] = [
  ['a symbol that climbs', series({ symbol: '../../../etc/x' }), 'SYMBOL_INVALID'],
  ['an absolute symbol', series({ symbol: '/etc/passwd' }), 'SYMBOL_INVALID'],
  ['a symbol with NUL', series({ symbol: 'A\0B' }), 'SYMBOL_INVALID'],
  ['a symbol of 10 kB', series({ symbol: 'A'.repeat(10_000) }), 'SYMBOL_INVALID'],
  ['a symbol that is a list', series({ symbol: ['BTCUSDT'] }), 'USAGE'],
  ['a dataset that climbs', series({ dataset: '..' }), 'SYMBOL_INVALID'],
  ['an asset class that is a folder', series({ assetClass: '../../x' }), 'USAGE'],
  ['a timeframe that is a folder', series({ timeframe: '1m/../..' }), 'USAGE'],
  ['a load id with slashes', { ...HONEST, load: '../../x' }, 'USAGE'],
  ['an absolute load id', { ...HONEST, load: '/tmp/x' }, 'USAGE'],
  ['a provider that nobody knows', { ...HONEST, provider: 'nobody' }, 'PROVIDER_UNKNOWN'],
  ['a provider that is a path', { ...HONEST, provider: '../../x' }, 'USAGE'],
  ['a span that is no number', { ...HONEST, span: { from: 'yesterday', to: null } }, 'USAGE'],
  ['a span beyond all dates', { ...HONEST, span: { from: -1e300, to: null } }, 'USAGE'],
  ['a span that ends before it begins', { ...HONEST, span: { from: 2, to: 1 } }, 'USAGE'],
  ['no lanes', { ...HONEST, tuning: { ...HONEST.tuning, lanes: 0 } }, 'USAGE'],
  ['endless silence', { ...HONEST, tuning: { ...HONEST.tuning, silenceMs: 1e12 } }, 'USAGE'],
  ['nothing', null, 'USAGE'],
  ['a text', 'BTCUSDT', 'USAGE'],
];

describe('workflows that are started directly', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make();
    await house.start();
  });
  after(() => house.end());

  /** All files but those of the server, of the log, and of what the daemon has told by itself. */
  const files = (): string[] =>
    readdirSync(house.folder, { recursive: true })
      .map(String)
      .filter(name => !/\.tapekeep\/(temporal|log|notices\.json)/.test(name))
      .sort();

  async function failureOf(client: Client, type: string, args: unknown[]): Promise<ApplicationFailure> {
    const workflowId = `hostile/${Math.random()}`;
    try {
      await client.workflow.execute(type, { taskQueue: TASK_QUEUE, workflowId, args, workflowExecutionTimeout: '20s' });
    } catch (error) {
      assert.ok(error instanceof WorkflowFailedError, String(error));
      for (let at: unknown = error.cause; at; at = (at as Error).cause) if (at instanceof ApplicationFailure) return at;
      throw error;
    }
    throw new Error(`${type} took it`);
  }

  test('E2: an order that is none fails at once and by name, and writes nothing', async () => {
    const before = files();
    await withServer(house.address, async client => {
      for (const [what, order, code] of HOSTILE) {
        const failure = await failureOf(client, 'loadSeries', [order]);
        assert.equal(failure.type, code, `${what}: ${failure.message}`);
      }
      const many = {
        job: 'many',
        id: 'X',
        title: 'x',
        atOnce: 1,
        every: {},
        silenceMs: 3_000,
        loads: [HONEST, series({ symbol: '../x' })],
      };
      const starts = await failureOf(client, 'loadMany', [many]);
      assert.equal(starts.type, 'SYMBOL_INVALID');
      for (const schedule of [
        null,
        { name: '../x' },
        { name: 'x', series: ['BTCUSDT 1m'], mode: 'local', when: { kind: 'cron', cron: '; rm' } },
      ])
        assert.equal((await failureOf(client, 'tick', [schedule])).type, 'USAGE');
    });
    assert.deepEqual(files(), before);
  });

  test('E2: an honest order of the same kind is loaded', async () => {
    await withServer(house.address, client =>
      client.workflow.execute('loadSeries', { taskQueue: TASK_QUEUE, workflowId: 'load/main/crypto/BTCUSDT/1m', args: [HONEST] }),
    );
    await house.assertTables({ BTCUSDT: HONEST.span });
  });
});
