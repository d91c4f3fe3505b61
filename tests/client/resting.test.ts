/** Two daemons of one user, each on a data folder of its own: what one learns of a source the other keeps to, and tells. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { SourceFacts } from '../../src/model/consult.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const NOWHERE = { baseUrl: 'http://127.0.0.1:1' };
const budgets = mkdtempSync(join(tmpdir(), 'tapekeep-budgets-'));
after(() => rmSync(budgets, { recursive: true }));
const lay = {
  budgets,
  breaker: { failures: 2, restSeconds: 3_000, longestSeconds: 3_000 },
  providers: { binance: NOWHERE, coingecko: { ...NOWHERE, perDay: 1 } },
};
const one = await libraryScene({ after }, lay);
const other = await libraryScene({ after }, lay);
await Promise.all([one.start(), other.start()]);

const sources = async (): Promise<SourceFacts[]> => JSON.parse((await run(other, 'providers', '--json')).out);

test('D15: a source that failed for one daemon rests for the other, and the requests of its day are used up for both', async () => {
  for (const name of ['binance', 'binance', 'coingecko']) assert.equal((await run(one, 'providers', 'check', name)).code, 5);
  const all = await sources();
  const binance = all.find(source => source.name === 'binance');
  assert.equal(binance?.rests?.why, 'failing');
  assert.equal(binance?.rests?.reason, '2 failures in a row, the last one NETWORK_FAILED');
  const coingecko = all.find(source => source.name === 'coingecko');
  assert.deepEqual([coingecko?.leftToday, coingecko?.rests?.why], [0, 'day']);
  assert.deepEqual(
    [all.find(source => source.name === 'yahoo')?.rests, all.find(source => source.name === 'yahoo')?.leftToday],
    [null, null],
  );
  const refused = await run(other, 'providers', 'check', 'coingecko');
  assert.match(refused.out, /the 1 requests a day that coingecko grants are used up.*\(RATE_LIMITED\)/);
});

test('until when a source rests and why is shown, and the doctor notes it', async () => {
  const { out } = await run(other, 'providers');
  assert.match(out, /^binance .* until \d\d:\d\dZ \([^)]+\): it fails /m);
  assert.match(out, /^coingecko .* 0 left +until [\d -]*\d\d:\d\dZ \([^)]+\): the requests of the day are used up /m);
  const told: { what: string; state: string; found: string }[] = JSON.parse((await run(other, 'doctor', '--json')).out).findings;
  const of = (name: string) => told.filter(({ what }) => what === `source ${name}`).map(({ state, found }) => `${state}: ${found}`);
  assert.match(of('coingecko').join(), /^note: rests until .*: the requests of the day are used up; 0 left today$/);
  assert.equal(of('binance').length, 1, 'once, whoever tells it');
  assert.match(of('binance').join(), /^note: /);
});

test('what is kept of sources is a few small files', () => {
  const files = readdirSync(budgets, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.json'));
  assert.ok(files.length > 0 && files.length <= 5 * 6, files.join(' '));
});
