/** Files of settings that others can read or change. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exposedFiles, readSettings } from '../../src/settings.js';
import { run } from '../client/cli-run.js';

const skip = process.platform === 'win32' && 'Windows tells rights in another way';
const KEY = 'canary-of-a-key';

function scene(t: TestContext, settings: string, providers = '') {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tapekeep-exposed-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'mine.yaml');
  const sources = join(folder, 'providers.yaml');
  for (const [path, text] of [
    [file, settings],
    [sources, providers],
  ] as const) {
    writeFileSync(path, text);
    chmodSync(path, 0o600);
  }
  const env = { A_KEY: 'canary' };
  const found = () => exposedFiles({ file, env, folder }, readSettings({ file, env, folder })).map(each => each.found);
  return { folder, file, sources, found };
}

const HOLDS = `providers:\n  tiingo:\n    key: ${KEY}\n`;

test('E6: a file that holds a key and that others can read is told of with the line, and never with the key', { skip }, t => {
  const { file, sources, found } = scene(t, HOLDS, HOLDS);
  assert.deepEqual(found(), []);
  for (const mode of [0o640, 0o604]) {
    chmodSync(file, mode);
    assert.deepEqual(found(), [`others can read ${file}, which holds providers.tiingo.key (line 3)`]);
  }
  chmodSync(file, 0o600);
  chmodSync(sources, 0o644);
  assert.deepEqual(found(), [`others can read ${sources}, which holds providers.tiingo.key (line 3)`]);
});

test('E6: a file without a key, or that only names the variable of one, may be read by others', { skip }, t => {
  const { file, sources, found } = scene(t, 'data: here\n', 'providers:\n  tiingo:\n    key: env:A_KEY\n');
  for (const path of [file, sources]) chmodSync(path, 0o644);
  assert.deepEqual(found(), []);
});

test('E6: the private part of a certificate that others can read is told of', { skip }, t => {
  const { folder, file, found } = scene(t, '');
  const key = join(folder, 'own.pem');
  const tls = `{ on: true, certificate: own.crt, private: ${key} }`;
  writeFileSync(file, `temporal:\n  address: far:7233\n  tls: ${tls}\n`);
  writeFileSync(key, '-----BEGIN PRIVATE KEY-----\n');
  chmodSync(key, 0o644);
  assert.deepEqual(found(), [`others can read ${key}, which holds the private part of a certificate`]);
});

test('E6: a file that anybody can change, or that belongs to another user, is told of', { skip }, t => {
  const { file, found } = scene(t, 'data: here\n');
  chmodSync(file, 0o602);
  assert.deepEqual(found(), [`another user can change ${file}`]);
  chmodSync(file, 0o600);
  if (process.getuid?.() !== 0) return;
  chownSync(file, 12_345, 12_345);
  assert.deepEqual(found(), [`another user can change ${file}`]);
});

test('E6: a link is told of with where it points, and judged by the rights of that', { skip }, t => {
  const { folder, file, found } = scene(t, HOLDS);
  const target = join(folder, 'target.yaml');
  renameSync(file, target);
  symlinkSync(target, file);
  const link = `${file} is a link to ${target}: who changes that changes these settings`;
  assert.deepEqual(found(), [link]);
  chmodSync(target, 0o644);
  assert.deepEqual(found(), [`others can read ${file}, which holds providers.tiingo.key (line 3)`, link]);
});

test('E6: config check warns of it, and ends as well as without', { skip }, async t => {
  const { file } = scene(t, `data: ${join('/nowhere', 'data')}\n${HOLDS}`);
  chmodSync(file, 0o644);
  const { code, err, out } = await run({ config: file }, 'config', 'check');
  assert.equal(code, 0);
  assert.match(err, /^warning: others can read .*mine\.yaml, which holds providers\.tiingo\.key \(line 4\): chmod 600 /m);
  const asJson = await run({ config: file }, 'config', 'check', '--json');
  assert.equal((JSON.parse(asJson.out) as { exposed: unknown[] }).exposed.length, 1);
  assert.ok(![out, err, asJson.out].join('').includes(KEY));
});
