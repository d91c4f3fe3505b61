/** What the real daemon tells of itself, through its own doors: figures, health, notices, the doctor. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Notice } from '../../src/model/notices.js';
import { freePort } from '../../temporal/index.js';
import { pythonForTests } from '../python.js';
import { readOf, samplesOf } from '../worker/monitor/prometheus.js';
import { listener } from '../worker/notices/listener.js';
import { House, pages } from './house.js';
import { until } from './until.js';

const CANARY = 'canary-key-that-nobody-may-see';
const { python, skip } = await pythonForTests(['prometheus-client==0.26.0']);

const READ = `
import sys, json
from prometheus_client.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
print(json.dumps([[f.name, f.type, len(f.samples)] for f in families]))
`;

/** So that there is time to stop it in the middle. */
const SLOWLY = { 'worker.silenceMs': 10_000, 'providers.simulated.latencyMs': 100 };

describe('the daemon looked at from outside', { timeout: 600_000 }, () => {
  let house: House;
  let url = '';
  before(async () => {
    process.env.FMP_API_KEY = CANARY;
    const port = await freePort('127.0.0.1');
    url = `http://127.0.0.1:${port}`;
    house = await House.make({ set: { 'metrics.port': port } });
  });
  afterEach(() => house.leave());
  after(async () => {
    delete process.env.FMP_API_KEY;
    await house.end();
  });
  const page = async (path = '/metrics'): Promise<string> => (await fetch(url + path)).text();

  test('its figures are read by the library of Prometheus, and tell what was loaded', { skip }, async () => {
    const daemon = await house.serve([], SLOWLY);
    const client = await house.client();
    await client.load({ symbol: 'FIGURES', timeframe: '1m', ...pages(4) });
    const text = await until(
      async () => {
        const told = await page();
        return (readOf(samplesOf(told), 'tapekeep_loads', { state: 'completed' }) ?? 0) > 0 ? told : undefined;
      },
      () => 'the load to be counted',
    );
    const families = JSON.parse(execFileSync(python as string, ['-c', READ], { input: text, encoding: 'utf8' })) as [
      string,
      string,
      number,
    ][];
    const kinds = new Map(families.map(([name, kind]) => [name, kind]));
    assert.equal(kinds.get('tapekeep_commits'), 'counter');
    assert.equal(kinds.get('tapekeep_step_seconds'), 'histogram');
    assert.equal(kinds.get('process_resident_memory_bytes'), 'gauge');
    assert.ok(
      families.some(([name]) => name.startsWith('temporal_')),
      'those of the SDK are there',
    );
    const samples = samplesOf(text);
    const bars = readOf(samples, 'tapekeep_fetched_bars_total', { provider: 'simulated' }) ?? 0;
    assert.ok(bars > 300 && bars <= 400, `${bars} bars`);
    assert.equal(readOf(samples, 'tapekeep_committed_bars_total', { kind: 'added' }), bars);
    assert.equal(readOf(samples, 'tapekeep_commits_total', { outcome: 'committed' }), 1);
    assert.equal(readOf(samples, 'tapekeep_step_seconds_count', { step: 'fetch' }), 4);
    assert.ok(samples.length < 2_500, `${samples.length} samples`);
    assert.ok(daemon.said.includes(`  figures ${url}/metrics`));
    const health = await fetch(`${url}/health`);
    assert.deepEqual([health.status, ((await health.json()) as { ready: boolean }).ready], [200, true]);
  });

  test('A11: an event loop that is blocked for ten seconds is measured and told of; loads lose that time and nothing else', async () => {
    const daemon = await house.serve([], SLOWLY);
    const client = await house.client();
    const range = pages(60);
    const loads = ['LOOP', 'OTHER'].map(symbol => client.load({ symbol, timeframe: '1m', ...range }));
    await until(
      () => ['LOOP', 'OTHER'].every(symbol => house.journal(symbol).length > 5) || undefined,
      () => 'both loads to be under way',
    );
    daemon.release('block 10000');
    await Promise.all(loads);
    const samples = await until(
      async () => {
        const told = samplesOf(await page());
        return (readOf(told, 'tapekeep_loop_longest_stall_seconds') ?? 0) >= 9 ? told : undefined;
      },
      () => 'the stall to be measured',
    );
    assert.ok((readOf(samples, 'tapekeep_loop_stalls_total') ?? 0) >= 1);
    assert.match(readFileSync(join(house.data, '.tapekeep/log/tapekeep.log'), 'utf8'), /the daemon stood still for \d+\.\d s/);
    for (const symbol of ['LOOP', 'OTHER']) {
      const asked = house.journal(symbol).length;
      // At most the pages in flight were asked for again.
      assert.ok(asked <= 60 + 2 * 16 + 5, `${symbol} was asked ${asked} times`);
    }
    await house.assertTables({ LOOP: range, OTHER: range, FIGURES: pages(4) });
  });

  test('E5: a key that a source throws back is in no figure, no notice and no answer on health', async t => {
    const hook = await listener(t);
    const source = createServer((_, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ 'Error Message': `Invalid API KEY ${CANARY}` })),
    );
    await new Promise<void>(resolve => source.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      source.close();
      source.closeAllConnections();
    });
    await house.start(undefined, {
      'providers.fmp.baseUrl': `http://127.0.0.1:${(source.address() as AddressInfo).port}`,
      'notices.webhook': `${hook.url}/${CANARY}`,
      'logs.level': 'debug',
    });
    const client = await house.client();
    const asked = { symbol: 'AAPL', timeframe: '1d', assetClass: 'stock', dataset: 'fmp', calendar: 'XNYS', provider: 'fmp' };
    await assert.rejects(client.load({ ...asked, from: '2024-01-02', to: '2024-02-01' }));
    const { notice } = await until(
      () => hook.got.find(({ notice: { kind } }) => kind === 'load-failed'),
      () => `a notice of the load; there was ${JSON.stringify(hook.got.map(g => g.notice))}`,
    );
    assert.match((notice as Notice).text, /the load of .*AAPL 1d failed: fmp does not accept the key/);
    const told = [await page(), await page('/health'), ...hook.got.map(got => JSON.stringify(got.notice))];
    assert.ok((readOf(samplesOf(told[0] ?? ''), 'tapekeep_requests_total', { provider: 'fmp', outcome: 'KEY_REFUSED' }) ?? 0) > 0);
    for (const file of ['notices.json', 'log/tapekeep.log']) told.push(readFileSync(join(house.data, '.tapekeep', file), 'utf8'));
    assert.doesNotMatch(told.join('\n'), /canary/);
  });
});
