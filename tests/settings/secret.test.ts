import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { distance, nearest } from '../../src/settings/near.js';
import { isSecretName, Secret, secret, secretsIn, shown } from '../../src/settings/secret.js';

test('a secret shows itself to nobody who does not ask', () => {
  const held = new Secret('canary');
  const seen = [`${held}`, JSON.stringify({ held }), inspect({ held }, { showHidden: true }), format('%s %o %j', held, held, held)];
  for (const text of seen) assert.doesNotMatch(text, /canary/);
  assert.equal(held.reveal(), 'canary');
});

test('a setting that is a secret is read as one, and the log can be told of all of them', () => {
  const apiKey = secret('The key.').parse('canary');
  assert.deepEqual(secretsIn({ providers: [{ apiKey }], port: 1, none: null }), ['canary']);
});

test('names say what is a secret, by whole words', () => {
  for (const name of ['key', 'apiKey', 'API_KEY', 'access-token', 'password', 'clientSecret']) assert.ok(isSecretName(name), name);
  for (const name of ['monkey', 'keyboard', 'tokenizer', 'symbol', '']) assert.ok(!isSecretName(name), name);
});

test('what is below the name of a secret is not shown', () => {
  assert.deepEqual(shown({ a: [{ token: 'x', b: 1 }], key: { deep: 'x' } }), { a: [{ token: '(hidden)', b: 1 }], key: '(hidden)' });
});

test('a slip of the hand is told from another word', () => {
  assert.equal(distance('port', 'prot'), 1);
  assert.equal(distance('', 'abc'), 3);
  assert.equal(nearest('temporal.ui_port', ['temporal.port', 'temporal.uiPort']), 'temporal.uiPort');
  assert.equal(nearest('banana', ['temporal.port', 'data']), undefined);
  assert.equal(nearest('x'.repeat(10_000), ['data']), undefined);
});
