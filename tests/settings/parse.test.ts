import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTapekeepError, type TapekeepError } from '../../src/model/errors.js';
import { defaults } from '../../src/settings/defaults.js';
import { inspectSettings, parseSettings, type Sources, variableOf } from '../../src/settings.js';

const file = (text: string): Sources => ({ file: { name: 'config/tapekeep.yaml', text } });

function refusal(sources: Sources): TapekeepError {
  try {
    parseSettings(sources);
  } catch (error) {
    assert.ok(isTapekeepError(error), String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

test('without any source the defaults hold', () => {
  const settings = parseSettings();
  assert.equal(settings.data, 'data');
  assert.equal(settings.temporal.address, undefined);
  assert.equal(settings.temporal.port, 7233);
  assert.deepEqual(settings.series, []);
  assert.equal(settings.providers.simulated.listed, Date.UTC(2017, 7, 17, 4));
});

test('a later layer wins: default, file, environment, flag', () => {
  const text = 'temporal: { port: 1001, uiPort: 1002, namespace: mine }\nstore:\n  sliceRows: 2000\n';
  const settings = parseSettings({
    ...file(text),
    env: { TAPEKEEP_TEMPORAL_PORT: '2001', TAPEKEEP_TEMPORAL_UI_PORT: '2002', PATH: '/bin' },
    flags: { 'temporal.port': '3001', 'logs.level': undefined },
  });
  assert.deepEqual(settings.temporal, { port: 3001, uiPort: 2002, namespace: 'mine', durability: 'normal', tls: { on: false } });
  assert.deepEqual(settings.store, { ...defaults.store, sliceRows: 2000 });
});

test('DATA_CACHE_DIR moves the tables, whatever the file says; empty, it says nothing', () => {
  const data = 'data: here\n';
  assert.equal(parseSettings({ ...file(data), env: { DATA_CACHE_DIR: '/there' } }).data, '/there');
  assert.equal(parseSettings({ ...file(data), env: { DATA_CACHE_DIR: '' } }).data, 'here');
});

test('the name of a variable follows from the key', () => {
  assert.equal(variableOf('worker.fetchesAtOnce'), 'TAPEKEEP_WORKER_FETCHES_AT_ONCE');
  assert.equal(variableOf('providers.simulated.seed'), 'TAPEKEEP_PROVIDERS_SIMULATED_SEED');
  assert.equal(variableOf('data'), 'DATA_CACHE_DIR');
  assert.equal(variableOf('disk.maxSize'), 'CACHE_MAX_SIZE_GB');
  assert.equal(parseSettings({ env: { CACHE_MAX_SIZE_GB: '2.5' } }).disk.maxSize, 2.5);
});

test('text from outside becomes what the setting is; a list can be a flag', () => {
  const { series, temporal } = parseSettings({
    env: { TAPEKEEP_TEMPORAL_NAMESPACE: '42' },
    flags: { series: '[{ symbol: SIMBTC, timeframe: 1M, from: 2024-02-29 }]' },
  });
  assert.equal(temporal.namespace, '42');
  assert.deepEqual(series, [{ symbol: 'SIMBTC', timeframe: '1mo', assetClass: 'crypto', dataset: 'main', from: Date.UTC(2024, 1, 29) }]);
});

test('a wrong key names the file, its line, the key, its value, and what was probably meant', () => {
  const error = refusal(file('logs:\n  level: info\ntemporal:\n  prot: 7233\n'));
  assert.equal(error.code, 'SETTING_UNKNOWN');
  assert.match(
    error.message,
    /^config\/tapekeep\.yaml:4: there is no setting temporal\.prot \(value 7233\)\. Allowed: temporal\.port\? \(/,
  );
});

test('a wrong value names the file, its line, the key, the value and what is allowed', () => {
  const error = refusal(file('series:\n  - { symbol: SIMBTC, timeframe: 1m }\n  - symbol: SIMETH\n    timeframe: 7m\n'));
  assert.equal(error.code, 'SETTING_INVALID');
  assert.match(error.message, /^config\/tapekeep\.yaml:4: series\[1\]\.timeframe: "7m" is not allowed\. Allowed: 1m, 3m, /);
});

test('a missing value names the entry that lacks it', () => {
  const error = refusal(file('series:\n  - { symbol: SIMBTC, timeframe: 1m }\n  - timeframe: 1h\n'));
  assert.equal(error.code, 'SETTING_MISSING');
  assert.match(error.message, /^config\/tapekeep\.yaml:3: series\[1\]\.symbol is missing/);
});

test('a wrong variable or flag is named as such', () => {
  assert.match(refusal({ env: { TAPEKEEP_TEMPORAL_PROT: '1' } }).message, /TAPEKEEP_TEMPORAL_PROT .*TAPEKEEP_TEMPORAL_PORT\?/);
  assert.match(refusal({ env: { TAPEKEEP_TEMPORAL_PORT: 'many' } }).message, /^TAPEKEEP_TEMPORAL_PORT: temporal\.port: "many"/);
  assert.match(refusal({ flags: { 'worker.fetchAtOnce': '1' } }).message, /worker\.fetchesAtOnce\?/);
  assert.match(refusal({ flags: { 'store.sliceRows': '1.5' } }).message, /^--set store\.sliceRows: store\.sliceRows: 1\.5 is not allowed/);
});

const WRONG: Record<string, string> = {
  'a port above the last': 'temporal: { port: 70000 }',
  'one port for two listeners': 'temporal: { port: 8233 }',
  'an address without a port': 'temporal: { address: localhost }',
  'a day that does not exist': 'providers: { simulated: { listed: 2024-02-30 } }',
  'a depth of a timeframe that is not there': 'providers: { simulated: { depthMs: { 7m: 1 } } }',
  'a date of one symbol that does not exist': 'providers: { simulated: { listedOf: { X: soon } } }',
  'an outage that ends before it begins': 'providers: { simulated: { outages: [{ from: 2024-01-02, to: 2024-01-01 }] } }',
  'a symbol that leaves its folder': 'series: [{ symbol: ../x, timeframe: 1m }]',
  'a series made of itself': 'series: [{ symbol: X, timeframe: 1h, derive: 1h }]',
  'a series made of bars that it is no multiple of': 'series: [{ symbol: X, timeframe: 5m, derive: 3m }]',
  'minutes made of hours': 'series: [{ symbol: X, timeframe: 1m, derive: 1h }]',
  'a derived series with a source': 'series: [{ symbol: X, timeframe: 1h, derive: 1m, provider: simulated }]',
  'a series kept twice': 'series: [{ symbol: X, timeframe: 1m }, { symbol: X, timeframe: 1m }]',
  'a provider that is not there': 'series: [{ symbol: X, timeframe: 1m, provider: nobody }]',
  'text where a section belongs': 'logs: loud',
  'nothing where a section belongs': 'logs:',
  'a control character in a path': 'data: "a\\u001bb"',
  'not a number': 'providers: { simulated: { requestsPerSecond: .nan } }',
  'a key from the prototype': 'constructor: 1',
  '__proto__ as a key': '__proto__: { data: x }',
};

for (const [what, text] of Object.entries(WRONG)) {
  test(`refused: ${what}`, () => assert.match(refusal(file(text)).code, /^SETTING_/));
}

test('everything that is wrong is told at once to who asks for it', () => {
  const { faults, settings, rows } = inspectSettings(file('data: 5\nlogs: { level: loud }\nnothing: 1\n'));
  assert.equal(settings, undefined);
  assert.deepEqual(
    faults.map(fault => fault.facts.where),
    ['config/tapekeep.yaml:1', 'config/tapekeep.yaml:2', 'config/tapekeep.yaml:3'],
  );
  assert.equal(rows.find(row => row.key === 'temporal.port')?.where, 'default');
});

test('where the tests of this project find recorded answers is no setting, and refused by no program that inherits it', () => {
  assert.equal(parseSettings({ env: { TAPEKEEP_FIXTURES: 'somewhere' } }).data, 'data');
  assert.equal(refusal({ env: { TAPEKEEP_FIXTURE: 'somewhere' } }).code, 'SETTING_UNKNOWN');
});

test('the value of a key that is named like a secret is never told', () => {
  for (const name of ['apiKey', 'api_key', 'token', 'password', 'SECRET']) {
    const error = refusal(file(`providers:\n  simulated:\n    ${name}: canary-1234\n`));
    assert.equal(error.code, 'SETTING_UNKNOWN');
    assert.doesNotMatch(JSON.stringify([error.message, error.facts]), /canary/, name);
  }
  assert.doesNotMatch(refusal({ env: { TAPEKEEP_TIINGO_API_KEY: 'canary' } }).message, /canary/);
  assert.doesNotMatch(refusal(file('tiingo: { inner: { token: canary } }')).message, /canary/);
});

test('config check sees each value with the place it was written', () => {
  const { rows } = inspectSettings({ ...file('# first\ntemporal:\n  port: 9000\n'), env: { DATA_CACHE_DIR: '/x' } });
  const where = Object.fromEntries(rows.map(row => [row.key, row.where]));
  assert.equal(where['temporal.port'], 'config/tapekeep.yaml:3');
  assert.equal(where['temporal.uiPort'], 'default');
  assert.equal(where.data, 'DATA_CACHE_DIR');
  assert.equal(where['temporal.address'], 'unset');
});
