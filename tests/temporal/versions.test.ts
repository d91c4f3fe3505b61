import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, isRecentEnough, readVersion } from '../../temporal/versions.js';

test('the version line of the Temporal CLI is read, released or built from source', () => {
  assert.deepEqual(readVersion('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)\n'), { version: '1.5.1', serverVersion: '1.29.1' });
  assert.deepEqual(readVersion('temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)'), { version: '0.0.0-DEV', serverVersion: '1.29.1' });
});

test('what does not speak like the Temporal CLI has no version', () => {
  for (const output of ['', 'temporal 3', 'tctl version 1.18.0', 'temporal version (Server )'])
    assert.equal(readVersion(output), undefined, output);
});

test('a CLI from 1.5 on is accepted; one built from source is judged by its server', () => {
  const accepted = (version: string, serverVersion: string): boolean => isRecentEnough({ version, serverVersion });
  assert.equal(accepted('1.5.0', '1.29.0'), true);
  assert.equal(accepted('1.10.0', '1.32.0'), true);
  assert.equal(accepted('2.0.0', '2.0.0'), true);
  assert.equal(accepted('1.4.9', '1.28.2'), false);
  assert.equal(accepted('0.13.2', '1.24.2'), false);
  assert.equal(accepted('0.0.0-DEV', '1.29.1'), true);
  assert.equal(accepted('0.0.0-DEV', '1.28.0'), false);
});

test('releases are compared as numbers, not as text', () => {
  assert.equal(atLeast('1.10', '1.9'), true);
  assert.equal(atLeast('1.25', '1.25.0'), true);
  assert.equal(atLeast('1.24.9', '1.25'), false);
  assert.equal(atLeast('1.6.0-rc.1', '1.5.9'), true);
});
