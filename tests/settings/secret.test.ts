import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { distance, nearest } from '../../src/settings/near.js';
import { inspectSettings } from '../../src/settings/parse.js';
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

test('a key comes from its variable, or from one that the file names; it is never told', () => {
  const env = { TIINGO_API_KEY: 'canary-1', ALPACA_SECRET_KEY: 'canary-2', MY_OTHER: 'canary-3' };
  const file = { name: 'x.yaml', text: 'providers: { fmp: { key: env:MY_OTHER } }' };
  const { settings, rows } = inspectSettings({ env, file });
  assert.equal(settings?.providers.tiingo.key?.reveal(), 'canary-1');
  assert.equal(settings?.providers.alpaca.secretKey?.reveal(), 'canary-2');
  assert.equal(settings?.providers.fmp.key?.reveal(), 'canary-3');
  assert.equal(settings?.providers.polygon.key, undefined);
  assert.ok(!JSON.stringify([settings, rows]).includes('canary'));
  assert.deepEqual(
    rows.filter(row => row.key === 'providers.tiingo.key').map(({ value, where }) => [value, where]),
    [['(hidden)', 'TIINGO_API_KEY']],
  );
});

test('a file that names a variable which is not set is told so, with its line', () => {
  for (const name of ['NOT_SET', '', 'A B']) {
    const [fault] = inspectSettings({ env: {}, file: { name: 'x.yaml', text: `providers:\n  fmp: { key: 'env:${name}' }` } }).faults;
    assert.equal(fault?.code, 'SETTING_INVALID');
    assert.match(String(fault?.message), /x\.yaml:2: providers\.fmp\.key: "env:/);
  }
});

test('no address is taken that would carry a key in the open, or a key itself', () => {
  for (const baseUrl of ['http://api.example.com', 'ftp://x', 'https://user:pw@x.example', 'https://x.example/?apikey=1', 'x']) {
    const { faults } = inspectSettings({ flags: { 'providers.tiingo.baseUrl': baseUrl } });
    assert.equal(faults[0]?.code, 'SETTING_INVALID', baseUrl);
  }
  for (const baseUrl of ['https://api.example.com', 'http://127.0.0.1:8080', 'http://localhost:1/x', 'http://[::1]:2'])
    assert.deepEqual(inspectSettings({ flags: { 'providers.tiingo.baseUrl': baseUrl } }).faults, [], baseUrl);
});
