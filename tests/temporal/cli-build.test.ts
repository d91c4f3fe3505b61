import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { pinnedCli } from '../../temporal/index.js';
import { startChild } from './child.js';

/** A compiler that takes a second and notes each build. */
const GO = `#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.26.0 linux/amd64'; exit 0; fi
echo built >> "$BUILDS"
sleep 1
printf '#!/bin/sh\\necho "temporal version ${pinnedCli} (Server 1.29.1, UI 2.42.1)"\\n' > "$GOBIN/temporal"
chmod 755 "$GOBIN/temporal"
`;

test('two processes that need a build at the same time end with one file, built once', { skip: process.platform === 'win32' }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-build-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'go'), GO);
  chmodSync(join(folder, 'go'), 0o755);
  const builds = join(folder, 'builds');
  const cacheFolder = join(folder, 'cache');
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, BUILDS: builds };
  const two = [1, 2].map(() => startChild(t, 'build-cli', [cacheFolder], env));
  const answers = await Promise.all(two.map(async child => JSON.parse(await child.hear(/^\{/)) as { found: object; said: string[] }));
  const path = join(cacheFolder, `temporal-${pinnedCli}`);
  for (const { found } of answers) assert.deepEqual(found, { path, version: pinnedCli, serverVersion: '1.29.1' });
  assert.equal(readFileSync(builds, 'utf8'), 'built\n');
  assert.equal(answers.flatMap(({ said }) => said).filter(line => /is already obtaining .* waiting/.test(line)).length, 1);
});
