import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { BUNDLE, bundleWorkflows } from '../../src/worker/bundle-workflows.js';
import { projectFolder } from '../project-files.js';
import { historyOf, read, type Written } from './history-file.js';
import { textsOf } from './traceless.js';

const folder = join(projectFolder, 'tests', 'histories');
const names = readdirSync(folder).filter(name => name.endsWith('.json'));
const load = (name: string): Written => read(readFileSync(join(folder, name), 'utf8'));

describe('histories of loads', () => {
  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
    await bundleWorkflows();
  });
  const replay = (history: Written) => Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, historyOf(history));

  test('a finished, a cancelled and a killed one are there', () => {
    assert.deepEqual(names.sort(), ['cancelled.json', 'finished.json', 'resumed.json']);
    const last = (name: string) => load(name).events.at(-1)?.eventType;
    assert.deepEqual(names.map(last), [
      'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
    ]);
  });

  for (const name of names) {
    test(`C10: ${name} replays under the workflow code of today`, () => replay(load(name)));
    test(`${name} holds no folder of a machine, and stays small`, () => {
      const history = load(name);
      const paths = textsOf(history).filter(text => /(^|[^\w.])\/(home|root|tmp|work|usr|var|Users)\//.test(text));
      assert.deepEqual(paths, []);
      assert.ok(textsOf(history).join('').length < 200_000);
    });
  }

  test('C10: a history that the code would not have made is refused', async () => {
    const text = JSON.stringify(load('finished.json')).replaceAll('"name":"gaps"', '"name":"local"');
    await assert.rejects(replay(read(text)), /[Nn]ondeterminism|TMPRL1100/);
  });
});
