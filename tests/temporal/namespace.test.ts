import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../../src/model/search-attributes.js';
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
