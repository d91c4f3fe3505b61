/** A second opinion, and derived series, by the command line: what is told, how it ends, and that a killed or cancelled one leaves nothing. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { until } from '../e2e/until.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const simulated = { latencyMs: 0, outages: [], quietShare: 0 };
const RANGE = ['--from', '2024-01-01', '--to', '2024-01-03'];
const NAMED = { symbol: 'BTCUSDT', timeframe: '1m' };

const scene = await libraryScene({ after }, { simulated });

await scene.start();

/** The exchange tells its past otherwise from now on. */
async function startWith(change: Record<string, unknown>): Promise<void> {
  await scene.stop();
  const settings = JSON.parse(await readFile(scene.config, 'utf8')) as { providers: { simulated: object } };
  settings.providers.simulated = { ...settings.providers.simulated, priceFactor: 1, ...change };
  await writeFile(scene.config, JSON.stringify(settings));
  await scene.start();
}

test('a source that says the same agrees: what was asked is told, and the code is 0', async () => {
  assert.equal((await run(scene, 'load', 'BTCUSDT', '1m', ...RANGE)).code, 0);
  const plan = await run(scene, 'compare', 'BTCUSDT', '1m', '--with', 'simulated', '--sample', '10%', '--plan');
  assert.match(plan.out, /^BTCUSDT 1m, version 0: simulated would be asked for 28\d of 2,880 bars, in about 8 requests\. Nothing was\.\n$/);
  const before = scene.asked('BTCUSDT').length;
  const { code, out, err } = await run(scene, 'compare', 'BTCUSDT', '1m', '--with', 'simulated', '--sample', '10%', '--seed', '7');
  assert.equal(code, 0, err);
  assert.match(
    out,
    /^BTCUSDT 1m, version 0, held against simulated: 28\d of 2,880 bars, in 8 requests\n {2}bars {3}28\d equal, 0 within 0\.1 %/,
  );
  assert.equal(scene.asked('BTCUSDT').length - before, 8, 'as many requests as were told');
  const json = JSON.parse((await run(scene, 'reverify', 'BTCUSDT', '1m', '--json')).out) as { outcome: string; counts: { equal: number } };
  assert.deepEqual([json.outcome, json.counts.equal > 20], ['agrees', true]);
});

test('wrong words are refused before anything is asked', async () => {
  const before = scene.asked().length;
  for (const words of [
    ['compare', 'BTCUSDT', '1m'],
    ['compare', 'BTCUSDT', '1m', '--with', 'nobody'],
    ['compare', 'BTCUSDT', '1m', '--with', 'simulated', '--sample', '0%'],
    ['compare', 'BTCUSDT', '1m', '--with', 'simulated', '--sample', 'much'],
    ['reverify', 'BTCUSDT', '1m', '--requests', '1001'],
    ['load', 'BTCUSDT', '1m', '--derive', '1h'],
    ['load', 'BTCUSDT', '1h', '--derive', '1m', '--provider', 'simulated'],
  ])
    assert.equal((await run(scene, ...words)).code, 2, words.join(' '));
  assert.equal((await run(scene, 'reverify', 'NONE', '1m')).code, 3);
  assert.equal((await run(scene, 'load', 'BTCUSDT', '1d', '--derive', '1h')).code, 3, 'its base is not there');
  assert.equal(scene.asked().length, before);
});

test('a derived series is made by the command line, and cannot be loaded from a source afterwards', async () => {
  const { code, out, err } = await run(scene, 'load', 'BTCUSDT', '4h', '--derive', '1m');
  assert.equal(code, 0, err);
  assert.match(out, /^BTCUSDT 4h: done in [\d.]+ s\n {2}12 bars added, 0 replaced, 0 unchanged, 0 requests, version 0\n$/);
  assert.match((await run(scene, 'load', 'BTCUSDT', '4h')).out, /nothing to do/);
  assert.match((await run(scene, 'history', 'BTCUSDT', '4h')).out, /main\/crypto\/BTCUSDT\/1m/, 'what it is made of is told');
  const library = await scene.library();
  await assert.rejects(library.load({ symbol: 'BTCUSDT', timeframe: '4h', provider: 'simulated' }), (e: unknown) =>
    isTapekeepError(e, 'USAGE'),
  );
});

test('what differs beyond the tolerance ends with a code of its own, and is not taken where the whole past is told by another measure', async () => {
  await startWith({ priceFactor: 1.002 });
  const { code, out } = await run(scene, 'compare', 'BTCUSDT', '1m', '--with', 'simulated');
  assert.equal(code, 7);
  assert.match(out, /^2024-01-0[12]T\d\d:\d\dZ {2}differs {2}open [\d.]+ → [\d.]+ \(0\.2 %\)/m);
  assert.match(out, /price {2}apart by 0\.2 % in the middle/);
  assert.equal((await run(scene, 'compare', 'BTCUSDT', '1m', '--with', 'simulated', '--tolerance', '0.3%')).code, 0);
  await startWith({ priceFactor: 0.5 });
  const taken = await run(scene, 'reverify', 'BTCUSDT', '1m', '--sample', '100%', '--take');
  assert.equal(taken.code, 1);
  assert.match(taken.err, /another measure|× 0\.5|ratio/i);
  const library = await scene.library();
  assert.equal((await library.history(NAMED)).length, 1);
  assert.deepEqual((await library.tables.openLoads()).loads, [], 'its books are closed');
});

test('a cancelled second opinion changes nothing and leaves nothing', async () => {
  await startWith({ latencyMs: 300 });
  const library = await scene.library();
  const interrupted = new AbortController();
  const before = scene.asked('BTCUSDT').length;
  const comparing = library.compare(NAMED, { with: 'simulated', sample: 1, requests: 1_000 }, { signal: interrupted.signal });
  const ended = assert.rejects(comparing, (e: unknown) => isTapekeepError(e, 'LOAD_CANCELLED'));
  await until(
    () => scene.asked('BTCUSDT').length > before || undefined,
    () => 'the first request',
  );
  interrupted.abort();
  await ended;
  assert.deepEqual((await library.tables.openLoads()).loads, []);
});
