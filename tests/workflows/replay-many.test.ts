import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { BUNDLE, bundleWorkflows } from '../../src/worker/bundle-workflows.js';
import { historyOf, read, type Written } from './history-file.js';
import { manyHistories } from './record-many.js';
import { textsOf } from './traceless.js';

const names = readdirSync(manyHistories).filter(name => name.endsWith('.json'));
const load = (name: string): Written => read(readFileSync(join(manyHistories, name), 'utf8'));

describe('histories of orders of many series', () => {
  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
    await bundleWorkflows();
  });

  test('there is one of several runs and a cancelled one', () => {
    const last = new Set(names.map(name => load(name).events.at(-1)?.eventType));
    assert.deepEqual([...last].sort(), [
      'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
    ]);
  });

  for (const name of names) {
    test(`C10: many/${name} replays under the workflow code of today`, () =>
      Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, historyOf(load(name))));
    test(`many/${name} holds no folder of a machine, and stays small`, () => {
      const texts = textsOf(load(name));
      assert.deepEqual(
        texts.filter(text => /(^|[^\w.])\/(home|root|tmp|work|usr|var|Users)\//.test(text)),
        [],
      );
      assert.ok(texts.join('').length < 200_000);
    });
  }
});
