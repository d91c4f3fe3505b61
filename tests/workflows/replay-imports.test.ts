/** Imports that began under the code of yesterday go on under that of today. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { BUNDLE, bundleWorkflows } from '../../src/worker/bundle-workflows.js';
import { projectFolder } from '../project-files.js';
import { historyOf, read, type Written } from './history-file.js';
import { textsOf } from './traceless.js';

const folder = join(projectFolder, 'tests', 'histories', 'imports');
const load = (name: string): Written => read(readFileSync(join(folder, name), 'utf8'));
const names = readdirSync(folder).sort();

describe('histories of imports', () => {
  before(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
    await bundleWorkflows();
  });
  const replay = (history: Written) => Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, historyOf(history));

  test('a cancelled, a finished, a killed one and one that was only shown are there, and their steps', () => {
    assert.deepEqual(names, ['cancelled.json', 'finished.json', 'resumed.json', 'shown.json']);
    assert.equal(load('cancelled.json').events.at(-1)?.eventType, 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED');
    const steps = (name: string) => new Set(textsOf(load(name).events.map(e => e.activityTaskScheduledEventAttributes)));
    for (const step of ['importSurvey', 'importLook', 'importTake', 'importMerge', 'validate', 'commit', 'close'])
      assert.ok(steps('finished.json').has(step), step);
    assert.ok(!steps('shown.json').has('commit'), 'what is only shown commits nothing');
    const tries = load('resumed.json').events.map(e => (e.activityTaskStartedEventAttributes as { attempt?: number })?.attempt ?? 0);
    assert.ok(Math.max(...tries) > 1, 'a step was tried again after the kill');
  });

  for (const name of names) {
    test(`C10: imports/${name} replays under the workflow code of today`, () => replay(load(name)));
    test(`imports/${name} holds no folder of a machine, and stays small`, () => {
      const texts = textsOf(load(name));
      assert.deepEqual(
        texts.filter(text => /(^|[^\w.])\/(home|root|tmp|work|usr|var|Users)\//.test(text)),
        [],
      );
      assert.ok(texts.join('').length < 400_000, `${texts.join('').length}`);
    });
  }

  test('C10: a history that the code would not have made is refused', async () => {
    const text = JSON.stringify(load('finished.json')).replaceAll('"name":"importLook"', '"name":"importTake"');
    await assert.rejects(replay(read(text)), /[Nn]ondeterminism|TMPRL1100/);
  });
});
