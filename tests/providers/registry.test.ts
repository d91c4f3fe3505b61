import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { createProviders } from '../../src/providers/index.js';
import { heldWorld } from '../contract/world.js';

const providers = createProviders({ simulated: { pageBars: 7 } }, heldWorld(0));

test('a provider is found by its name and has its settings', () => {
  assert.deepEqual(providers.names, ['simulated']);
  assert.equal(providers.get('simulated').serves.pageBars, 7);
});

test('a name that is none is refused with the names there are', () => {
  for (const name of ['binanse', '', 'constructor']) {
    assert.throws(
      () => providers.get(name),
      e => isTapekeepError(e, 'PROVIDER_UNKNOWN') && e.permanent && /Known: simulated/.test(e.message),
    );
  }
});
