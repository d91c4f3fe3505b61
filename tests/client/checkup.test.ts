/** What the doctor makes of what it sees: runs, clocks, namespace, health. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { clockFinding } from '../../src/client/checkup/clock.js';
import { workerFinding } from '../../src/client/checkup/daemon.js';
import { healthFindings } from '../../src/client/checkup/health.js';
import { namespaceFinding } from '../../src/client/checkup/namespace.js';
import { restOf } from '../../src/client/checkup/resting.js';
import { hindranceOf, type Pending, pendingOf } from '../../src/client/engine/standing.js';
import { titleOfRun } from '../../src/client/loads/run-title.js';
import { parseSettings, resolved } from '../../src/settings.js';

const NOW = Date.UTC(2024, 0, 1, 12);
const SECOND = 1_000;
const DAY = 86_400_000;
const ago = (seconds: number) => NOW - seconds * SECOND;
const task = (change: object) => ({ task: { attempt: 1, since: ago(1), started: false, ...change }, steps: [] });
const step = (change: object) => ({
  task: null,
  steps: [{ name: 'fetch', attempt: 1, since: ago(5), beat: ago(1), started: true, failure: null, ...change }],
});

test('what stands still is told by its reason, what goes on or waits is not', () => {
  const cases: readonly (readonly [Pending, RegExp | undefined])[] = [
    [{ task: null, steps: [] }, undefined],
    [task({}), undefined],
    [task({ since: ago(31) }), /no worker takes up its next step/],
    [task({ since: ago(31), started: true }), undefined],
    [task({ attempt: 3 }), /its workflow code fails again and again \(attempt 3\): TypeError: x is undefined/],
    [step({}), undefined],
    [step({ since: ago(3_000) }), undefined],
    [step({ since: ago(3_000), beat: ago(61) }), /nothing was heard of its step fetch for longer than a minute/],
    [step({ since: ago(300), beat: null, started: false }), undefined],
    [step({ since: ago(601), beat: null, started: false }), /its step fetch has waited for ten minutes for a worker/],
    [step({ attempt: 2, started: false, failure: 'the way to x failed' }), /^the way to x failed$/],
    [step({ attempt: 9, started: false, failure: 'the way to x failed' }), /^the way to x failed \(step fetch, attempt 9\)$/],
  ];
  for (const [pending, words] of cases) {
    const found = hindranceOf(pending, NOW, 'TypeError: x is undefined');
    if (words === undefined) assert.equal(found, undefined);
    else assert.match(String(found), words);
  }
});

test('a worker has to ask for the segments of every source as well, and a daemon that has just begun is given time', async () => {
  const presence = { pid: 1, address: 'there', namespace: 'n', uiUrl: null, logFile: 'its.log', startedAt: '' };
  const answers = [
    { loads: true, sources: ['yahoo', 'binance'] },
    { loads: false, sources: ['binance'] },
    { loads: false, sources: [] },
  ];
  const finding = async (patienceMs: number) => {
    const engine = { unserved: async () => answers.shift() ?? assert.fail('it is asked once too often') };
    const [, worker] = await workerFinding(engine, presence, ['yahoo', 'binance'], patienceMs);
    return `${worker?.state}: ${worker?.found}`;
  };
  assert.equal(await finding(0), 'wrong: nobody asks the server for work');
  answers.unshift({ loads: false, sources: ['binance'] });
  assert.equal(await finding(0), 'wrong: nobody asks the server for segments of binance');
  assert.equal(await finding(600_000), 'well: asks for work');
});

test('a load that rests, waits or takes long is noted', () => {
  const at = { state: 'running', why: null, words: 'Fetching', pass: null } as const;
  const pass = { items: 0, all: 9, weight: 1, lanes: 1, since: ago(700) };
  const found = (change: object) => restOf('load of X 1m', { ...at, ...change }, NOW).map(f => `${f.state}: ${f.found}`);
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ pass: { ...pass, since: ago(500) } }), []);
  assert.match(String(found({ pass })), /^note: Fetching: nothing was finished for 1[12]/);
  assert.deepEqual(found({ pass, why: 'binance is asked again at noon' }), ['note: waits: binance is asked again at noon']);
  assert.deepEqual(found({ state: 'paused', why: 'lunch' }), ['note: is paused: lunch']);
  assert.deepEqual(found({ state: 'done' }), []);
});

test('a description of the server is read as it comes', () => {
  const at = (ms: number) => ({ seconds: { toString: () => String(ms / 1_000) }, nanos: 5e8 });
  const pending = pendingOf({
    pendingWorkflowTask: { attempt: 2, state: 1, scheduledTime: at(NOW) },
    pendingActivities: [
      { activityType: { name: 'merge' }, attempt: 4, state: 2, lastHeartbeatTime: at(NOW), lastFailure: { message: 'why' } },
    ],
  } as never);
  assert.deepEqual(pending.task, { attempt: 2, since: NOW + 500, started: false });
  assert.deepEqual(pending.steps, [{ name: 'merge', attempt: 4, since: null, beat: NOW + 500, started: true, failure: 'why' }]);
  assert.deepEqual(pendingOf({ pendingWorkflowTask: null, pendingActivities: null } as never), { task: null, steps: [] });
});

test('a run is called by what it does to which series', () => {
  assert.equal(titleOfRun('load/main/crypto/BTCUSDT/1m'), 'load of BTCUSDT 1m');
  assert.equal(titleOfRun('change/main/crypto/BTCUSDT/1m/01HV'), 'change of BTCUSDT 1m');
  assert.equal(titleOfRun('upkeep/compact'), 'upkeep/compact');
});

test('A12: clocks that do not agree are told, each by how much', () => {
  const fine = { now: NOW, startedAt: ago(600), writtenAt: ago(600), lastAsked: ago(20) };
  assert.equal(clockFinding(fine).state, 'well');
  const wrongs: readonly (readonly [object, RegExp])[] = [
    [{ now: NOW - DAY }, /it was set back by at least .* since the daemon began/],
    [{ writtenAt: ago(600) + 90 * SECOND }, /that of the data folder's disk is .* ahead/],
    [{ writtenAt: ago(600) - 90 * SECOND }, /that of the data folder's disk is .* behind/],
    [{ lastAsked: NOW + 60 * SECOND }, /that of the Temporal server is .* ahead/],
    [{ lastAsked: ago(600) }, /that of the Temporal server is .* behind, or its worker no longer asks/],
  ];
  for (const [change, words] of wrongs) {
    const { state, found, next } = clockFinding({ ...fine, ...change });
    assert.equal(state, 'wrong');
    assert.match(found, words);
    assert.match(String(next), /set the clock/);
  }
  assert.equal(clockFinding({ ...fine, writtenAt: null, lastAsked: null }).state, 'well');
});

test('F4: a namespace that lacks search attributes is wrong, one that forgets soon is noted', () => {
  const facts = { namespace: 'x', days: 90, missing: [], lastAsked: null };
  assert.equal(namespaceFinding(facts).state, 'well');
  assert.match(namespaceFinding({ ...facts, missing: ['LoadKind'] }).found, /x lacks the search attributes LoadKind/);
  assert.match(namespaceFinding({ ...facts, days: 3 }).found, /keeps ended loads for 3 days only/);
  assert.equal(namespaceFinding({ ...facts, missing: null }).state, 'well', 'a server that does not tell is not blamed');
});

test('A11: the doctor tells what the daemon says of itself, and that it says nothing', async t => {
  let told: object | null = { ready: true, resting: { binance: 90_000 }, longestStallMs: 10_400 };
  const server = createServer((_, response) => {
    if (told) response.end(JSON.stringify(told));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const settings = resolved(parseSettings({}), { env: {}, folder: '/nowhere' });
  const presence = { pid: 1, address: '', namespace: '', uiUrl: null, logFile: 'the log', startedAt: '' };
  const metricsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [figures, source] = await healthFindings(settings, { ...presence, metricsUrl });
  assert.match(String(figures?.found), /\/metrics; it once stood still for 10/);
  assert.deepEqual([source?.what, source?.state], ['source binance', 'note']);
  told = { ready: true };
  assert.match(String((await healthFindings(settings, { ...presence, metricsUrl }))[1]?.found), /none is left alone/);
  told = null;
  const [busy] = await healthFindings(settings, { ...presence, metricsUrl }, 1_000);
  assert.deepEqual([busy?.what, busy?.state], ['daemon', 'wrong']);
  assert.match(String(busy?.found), /gives no answer at .* within 1 s/);
  const [taken] = await healthFindings(settings, { ...presence, metricsUrl: null });
  assert.match(String(taken?.found), /not served: port 9233 could not be had/);
  const off = resolved(parseSettings({ flags: { 'metrics.port': null } }), { env: {}, folder: '/nowhere' });
  assert.deepEqual(await healthFindings(off, { ...presence, metricsUrl: null }), []);
});
