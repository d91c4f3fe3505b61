/** What is counted, and that its labels are bounded; the page of the documents shows what there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import type { CommitFacts } from '../../../src/model/load.js';
import { NOTICE_KINDS } from '../../../src/model/notices.js';
import type { Series } from '../../../src/model/series.js';
import { FIGURES } from '../../../src/worker/monitor/figures.js';
import { Meter } from '../../../src/worker/monitor/meter.js';
import { metered } from '../../../src/worker/monitor/metered.js';
import { readProjectFile } from '../../project-files.js';
import { readOf, samplesOf } from './prometheus.js';

const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'X', timeframe: '1m' };

test('the page of the documents lists every figure and every notice, and no other', () => {
  const page = readProjectFile('docs/operations.md');
  const rows = [...page.matchAll(/^\| `(tapekeep_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$/gm)].map(([, ...cells]) => cells.join(' | '));
  const figures = Object.entries(FIGURES).map(([name, { kind, labels, help }]) =>
    [name, kind, labels.map(l => `\`${l}\``).join(' ') || '–', help].join(' | '),
  );
  assert.deepEqual(rows, figures);
  const kinds = [...page.matchAll(/^\| `([a-z]+-[a-z]+)` \| (.*?) \| (.*?) \|$/gm)].map(([, ...cells]) => cells);
  assert.deepEqual(
    kinds,
    Object.entries(NOTICE_KINDS).map(([kind, { when, over }]) => [kind, when, over]),
  );
});

test('requests are counted by what they came to, with how long they took and what they brought', async () => {
  const meter = new Meter(['binance']);
  const asked = (facts: object) => meter.asked('asked', { provider: 'binance', id: 'x', url: 'https://x/?key=canary-1', ms: 20, ...facts });
  asked({ status: 200, bytes: 1_000, means: 'fine' });
  asked({ status: 429, bytes: 10, means: 'RATE_LIMITED' });
  asked({ failed: 'the connection was reset' });
  meter.asked('something else', { provider: 'binance' });
  const samples = samplesOf(await meter.page());
  const of = (outcome: string) => readOf(samples, 'tapekeep_requests_total', { provider: 'binance', outcome });
  assert.deepEqual([of('fine'), of('RATE_LIMITED'), of('unanswered')], [1, 1, 1]);
  assert.equal(readOf(samples, 'tapekeep_answer_bytes_total', { provider: 'binance' }), 1_010);
  assert.equal(readOf(samples, 'tapekeep_request_seconds_count', { provider: 'binance' }), 3);
});

test('labels are bounded: what is on no list is counted as other', async () => {
  const meter = new Meter(['binance']);
  const before = samplesOf(await meter.page()).length;
  for (let i = 0; i < 500; i++) meter.asked('asked', { provider: `p${i}`, ms: 1, bytes: 1, means: `CODE_${i}`, url: `https://x/${i}` });
  for (const strange of ['__proto__', 'constructor', 'toString']) meter.asked('asked', { provider: strange, means: strange });
  const samples = samplesOf(await meter.page());
  assert.equal(readOf(samples, 'tapekeep_requests_total', { provider: 'other', outcome: 'other' }), 503);
  assert.ok(samples.length - before < 20, `${samples.length - before} more`);
});

/** One attempt of a step, as the worker runs it. */
async function attempt(meter: Meter, step: string, attempts: number, args: unknown[], work: () => Promise<unknown>) {
  const factory = metered(meter);
  const { inbound } = factory({ info: { activityType: step, attempt: attempts } } as never);
  return inbound?.execute?.({ args, headers: {} } as ActivityExecuteInput, work);
}

test('steps are counted by how they ended; a step that was cancelled has not failed', async () => {
  const meter = new Meter(['binance']);
  const order = { series: SERIES, provider: 'binance' };
  assert.deepEqual(await attempt(meter, 'fetch', 1, [order], async () => ({ rows: 500 })), { rows: 500 });
  const fails = (type: string) => async () => {
    throw ApplicationFailure.create({ type, message: 'canary-1' });
  };
  await assert.rejects(attempt(meter, 'fetch', 2, [order], fails('NETWORK_FAILED')));
  await assert.rejects(attempt(meter, 'fetch', 3, [{ ...order, provider: 'strange' }], fails('NO_SUCH_CODE')));
  await assert.rejects(
    attempt(meter, 'merge', 1, [order], async () => {
      throw new Error('cancelled');
    }),
  );
  const text = await meter.page();
  const samples = samplesOf(text);
  assert.equal(readOf(samples, 'tapekeep_fetched_bars_total', { provider: 'binance' }), 500);
  assert.equal(readOf(samples, 'tapekeep_step_failures_total', { step: 'fetch', code: 'NETWORK_FAILED' }), 1);
  assert.equal(readOf(samples, 'tapekeep_step_failures_total', { step: 'fetch', code: 'other' }), 1);
  assert.equal(readOf(samples, 'tapekeep_step_failures_total', { step: 'merge' }), undefined);
  assert.equal(readOf(samples, 'tapekeep_step_retries_total', { step: 'fetch', provider: 'binance' }), 1);
  assert.equal(readOf(samples, 'tapekeep_step_seconds_count', { step: 'fetch' }), 3);
  assert.doesNotMatch(text, /canary/, 'E5: no message is told');
});

test('commits of whatever kind are counted by how they ended, and their bars with them', async () => {
  const meter = new Meter([]);
  // What is committed is named by a note: only orders of loads name their series.
  const commit = (outcome: string, bars?: CommitFacts['bars']) =>
    attempt(meter, 'commit', 1, [{ load: 'any' }, 'note'], async () => ({ outcome, version: 7, ...(bars && { bars }) }));
  await commit('committed', { added: 90, replaced: 10 });
  await commit('committed', { added: 5, replaced: 0 });
  await commit('committed');
  await commit('raced');
  await commit('unchanged');
  const samples = samplesOf(await meter.page());
  const of = (outcome: string) => readOf(samples, 'tapekeep_commits_total', { outcome });
  assert.deepEqual([of('committed'), of('raced'), of('unchanged')], [3, 1, 1]);
  assert.equal(readOf(samples, 'tapekeep_committed_bars_total', { kind: 'added' }), 95);
  assert.equal(readOf(samples, 'tapekeep_committed_bars_total', { kind: 'replaced' }), 10);
});
