/** Sources as a person asks about them: rules in a file beside the settings, and a daemon that knows keys and health. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

/** Where nobody listens: as it is without a network. */
const NOWHERE = { baseUrl: 'http://127.0.0.1:1' };
const scene = await libraryScene({ after }, { providers: { binance: NOWHERE, 'binance-um': NOWHERE, yahoo: NOWHERE, coingecko: NOWHERE } });
const RULES = 'rules:\n  crypto: { primary: polygon, backup: [alpha_vantage, simulated] }\n  stock_daily: { primary: tiingo }\n';
await writeFile(join(dirname(scene.config), 'providers.yaml'), RULES);
await scene.start();

test('why tells the source that the rules choose, and why no other; also for a program', async () => {
  const { code, out } = await run(scene, 'why', 'BTCUSDT', '5m');
  assert.equal(code, 0);
  assert.match(out, /^BTCUSDT 5m \(crypto\): simulated is a backup of the rule crypto and can serve it\.$/m);
  assert.match(out, /^ {2}polygon: it has no crypto bars$/m);
  const json = JSON.parse((await run(scene, 'why', 'BTCUSDT', '5m', '--json')).out);
  assert.deepEqual([json.provider, json.rule, json.considered.length], ['simulated', 'crypto', 3]);
});

test('a new series is loaded from the source of its rule, and goes on with it', async () => {
  const { code } = await run(scene, 'load', 'BTCUSDT', '1h', '--from', '2024-01-01', '--to', '2024-01-03');
  assert.equal(code, 0);
  assert.match((await run(scene, 'history', 'BTCUSDT', '1h')).out, / simulated /);
});

test('where no source of the rule can serve nothing is loaded, and each is named with why', async () => {
  const { code, err } = await run(scene, 'load', 'MSFT', '1d', '--from', '2024-01-01', '--to', '2024-02-01');
  assert.equal(code, 2);
  assert.match(err, /MSFT 1d: no source is chosen.*tiingo: its key is missing.*PROVIDER_NONE/s);
});

test('providers lists every source with what it serves and whether its key is there', async () => {
  const all: { name: string; hasKey: boolean | null; rules: string[] }[] = JSON.parse((await run(scene, 'providers', '--json')).out);
  const of = (name: string) => all.find(s => s.name === name);
  assert.deepEqual([of('simulated')?.hasKey, of('tiingo')?.hasKey, of('tiingo')?.rules], [null, false, ['stock_daily']]);
  assert.ok(all.length >= 9);
  assert.match((await run(scene, 'providers')).out, /^tiingo .* missing +stock_daily$/m);
});

test('providers check asks a small question; one that cannot be asked says why', async () => {
  const fine = await run(scene, 'providers', 'check', 'simulated');
  assert.equal(fine.code, 0);
  assert.match(fine.out, /^simulated: fine, \d+ ms: it knows BTCUSDT/m);
  const missing = await run(scene, 'providers', 'check', 'tiingo');
  assert.equal(missing.code, 5);
  assert.match(missing.out, /^tiingo: not well, .*\(KEY_MISSING\)$/m);
  assert.equal((await run(scene, 'providers', 'check', 'nobody')).code, 2);
});

test('without a network a check is soon over: what could not be reached, what lacks a key, and what to look at', async () => {
  const { code, out } = await run(scene, 'providers', 'check');
  assert.equal(code, 5);
  assert.match(out, /^simulated: fine/m);
  for (const name of ['binance', 'binance-um', 'yahoo', 'coingecko'])
    assert.match(out, new RegExp(`^${name}: not well, \\d+ ms: the way to ${name} failed.*\\(NETWORK_FAILED\\)$`, 'm'));
  assert.match(out, /^not asked, for want of a key: tiingo, alpha-vantage, polygon, alpaca, fmp$/m);
  assert.match(out, /^No source on the network could be reached\..*HTTPS_PROXY/m);
  const { code: asked, err } = await run(scene, 'symbols', 'binance', 'BTC');
  assert.equal(asked, 5);
  assert.match(err, /tapekeep doctor.*all else is to be asked again/);
});

test('how far back a source reaches is told in hours where it is less than two days', async () => {
  assert.match((await run(scene, 'providers')).out, /^coingecko .* 30m 23 h, 4h 29 d /m);
});

test('a source without a list of symbols says so', async () => {
  const { code, err } = await run(scene, 'symbols', 'simulated', 'BTC');
  assert.equal(code, 2);
  assert.match(err, /simulated has no list of its symbols/);
});

test('the file of sources tells of them and of nothing else; a source that nobody knows is refused with its line', async () => {
  const file = join(dirname(scene.config), 'providers.yaml');
  await writeFile(file, 'data: elsewhere\n');
  assert.match((await run(scene, 'config', 'check')).err, /providers\.yaml:1: there is no setting data/);
  await writeFile(file, 'rules:\n  crypto: { primary: nobody }\n');
  const wrong = await run(scene, 'config', 'check');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /providers\.yaml:2: rules\.crypto\.primary: "nobody" is not allowed/);
  await writeFile(file, RULES);
});
