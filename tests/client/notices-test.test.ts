/** `tapekeep notices test` as a person runs it: no daemon, one notice to each that the settings name. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listener } from '../worker/notices/listener.js';
import { run } from './cli-run.js';

test('notices test sends one to the webhook and the command, and says who took it', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-notices-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'tapekeep.yaml');
  const hook = await listener(t);
  const settings = (lines: string) => writeFileSync(config, `data: ${join(folder, 'data')}\n${lines}`);
  settings('');
  const nobody = await run({ config }, 'notices', 'test');
  assert.equal(nobody.code, 2);
  assert.match(nobody.out, /The settings name nobody/);
  settings(`notices: { webhook: ${hook.url}/secret-path, command: [node, -e, '0'] }\n`);
  const both = await run({ config }, 'notices', 'test');
  assert.deepEqual([both.code, both.out], [0, 'webhook: taken\ncommand: taken\n'], both.err);
  assert.equal(hook.got[0]?.notice.kind, 'test');
  hook.status = 500;
  const failed = await run({ config }, 'notices', 'test', '--json');
  assert.equal(failed.code, 5);
  assert.deepEqual(JSON.parse(failed.out), [
    { to: 'webhook', failed: 'it answers 500' },
    { to: 'command', failed: null },
  ]);
  assert.doesNotMatch(both.out + failed.out + failed.err, /secret-path/);
});
