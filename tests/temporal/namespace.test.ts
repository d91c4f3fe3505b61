import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Connection } from '@temporalio/client';
import type { Log } from '../../src/logs.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { searchAttributes } from '../../src/model/search-attributes.js';
import { namespaceKeeper } from '../../src/worker/namespace.js';
import { connectTo, prepareNamespace, RETENTION_DAYS, searchAttributeKeys } from '../../temporal/index.js';
import { serverRoom } from './server-room.js';

const KEYWORD = 2;

async function retentionDays(connection: Connection, namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
}

async function ourAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(customAttributes ?? {})
    .filter(name => customAttributes?.[name] === KEYWORD && name.startsWith('Load'))
    .toSorted();
}

async function connected(t: TestContext, address: string): Promise<Connection> {
  const connection = connectTo(address);
  t.after(() => connection.close());
  return connection;
}

test('a namespace gets 90 days of history and our search attributes, on a database that exists, at every start', async t => {
  const room = await serverRoom(t);
  const first = await room.start();
  const before = await connected(t, first.address);
  assert.equal(await retentionDays(before, 'default'), 1);
  assert.deepEqual(await ourAttributes(before, 'default'), []);
  await first.stop();

  const server = await room.start();
  const connection = await connected(t, server.address);
  for (const _ of ['once', 'and again']) {
    await prepareNamespace(connection, 'default');
    assert.equal(await retentionDays(connection, 'default'), RETENTION_DAYS);
    assert.deepEqual(await ourAttributes(connection, 'default'), Object.values(searchAttributes).toSorted());
  }

  // One that is missing is created; a longer retention is somebody's choice and stays.
  await prepareNamespace(connection, 'research');
  assert.equal(await retentionDays(connection, 'research'), RETENTION_DAYS);
  const workflowExecutionRetentionTtl = { seconds: 365 * 86_400 } as never;
  await connection.workflowService.updateNamespace({ namespace: 'research', config: { workflowExecutionRetentionTtl } });
  await prepareNamespace(connection, 'research');
  assert.equal(await retentionDays(connection, 'research'), 365);
});

test('every search attribute has a typed key of the same name', () => {
  assert.deepEqual(
    Object.values(searchAttributeKeys).map(key => [key.name, key.type]),
    Object.values(searchAttributes).map(name => [name, 'KEYWORD']),
  );
});

test('F4: what a namespace lacks is added again and told, what it has is left alone', async t => {
  const room = await serverRoom(t);
  const { address } = await room.start();
  const connection = await connected(t, address);
  const { made } = await prepareNamespace(connection, 'research');
  assert.deepEqual([made.length, made[0]], [2, 'it was not there, and is made']);
  assert.deepEqual(await prepareNamespace(connection, 'research'), { made: [], lacking: [] });
  await connection.operatorService.removeSearchAttributes({ namespace: 'research', searchAttributes: ['LoadSymbol', 'LoadOutcome'] });
  const day = { seconds: 86_400 } as never;
  await connection.workflowService.updateNamespace({ namespace: 'research', config: { workflowExecutionRetentionTtl: day } });
  assert.deepEqual(await prepareNamespace(connection, 'research'), {
    made: ['it keeps ended loads for 90 days instead of 1', 'the search attributes LoadSymbol, LoadOutcome were not there, and are added'],
    lacking: [],
  });
  assert.deepEqual(await ourAttributes(connection, 'research'), Object.values(searchAttributes).toSorted());
});

/** A server that lets us look, and change nothing. */
function guarded(days: number, attributes: readonly string[], known: boolean): Connection {
  const refuse = async () => {
    throw Object.assign(new Error('no'), { code: 7, details: 'no', metadata: {} });
  };
  return {
    workflowService: {
      describeNamespace: async () => {
        if (!known) throw Object.assign(new Error('none'), { code: 5, details: 'none', metadata: {} });
        return { config: { workflowExecutionRetentionTtl: { seconds: days * 86_400 } } };
      },
      registerNamespace: refuse,
      updateNamespace: refuse,
    },
    operatorService: {
      listSearchAttributes: async () => ({ customAttributes: Object.fromEntries(attributes.map(name => [name, KEYWORD])) }),
      addSearchAttributes: refuse,
    },
  } as unknown as Connection;
}

test('F4: where the server lets us change nothing, loads run on without what they can do without, and it is told', async () => {
  const all = Object.values(searchAttributes);
  assert.deepEqual(await prepareNamespace(guarded(3, all, true), 'x'), {
    made: [],
    lacking: ['it keeps ended loads for 3 days only, and we may not change that: older ones are not listed'],
  });
  const unfit = (connection: Connection, words: RegExp) =>
    assert.rejects(
      prepareNamespace(connection, 'x'),
      (error: unknown) => isTapekeepError(error, 'NAMESPACE_UNFIT') && words.test(error.message),
    );
  await unfit(guarded(90, all.slice(1), true), /it lacks the search attributes LoadDataset, and we may not add them/);
  await unfit(guarded(90, all, false), /it is not there, and we may not make it/);
});

test('F4: what is lacking is said once, and what was made each time', async () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const log = { info: say, warn: say } as unknown as Log;
  const keep = namespaceKeeper(guarded(3, Object.values(searchAttributes), true), 'x', log);
  await keep();
  await keep();
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^namespace x: it keeps ended loads for 3 days only.*Loads run on$/);
});
