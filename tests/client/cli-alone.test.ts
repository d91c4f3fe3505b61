/** The command line where no daemon runs: what is refused, what is read, and the daemon that is there for one load. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findDaemon } from '../../src/client/engine/daemon.js';
import { freePort } from '../../temporal/index.js';
import { run, stagedOf, start, tablesOf } from './cli-run.js';
import { descendants, isRunning, libraryScene, until } from './library-scene.js';

const simulated = { outages: [], quietShare: 0 };
const RANGE = ['--from', '2024-01-01', '--to', '2024-01-02'];

const REFUSED: readonly [words: readonly string[], code: number, told: RegExp][] = [
  [['load', '../x', '1m'], 2, /"\.\.\/x" cannot be a symbol/],
  [['load', '', '1m'], 2, /"" cannot be a symbol/],
  [['load', 'BTC\u001b[2JUSDT', '1m'], 2, /control, formatting/],
  [['load', 'BTCUSDT', '7m'], 2, /there is no timeframe "7m"/],
  [['load', 'BTCUSDT', '1m', '--from', '2024-01-02', '--to', '2024-01-01'], 2, /the end is not after the beginning/],
  [['load', 'BTCUSDT', '1m', '--from', '2999-01-01'], 2, /it begins in the future/],
  [['load', 'BTCUSDT', '1m', '--from', '2024-02-30'], 2, /it is not a date/],
  [['load', 'BTCUSDT', '1m', '--mode', 'half'], 2, /there is no mode "half"/],
  [['load', 'BTCUSDT', '1m', '--provider', 'simulate'], 2, /there is no provider "simulate"\. Known: simulated/],
  [['load', 'BTCUSDT', '1m', '--set', 'temporal.prot=1'], 2, /there is no setting temporal\.prot/],
  [['lst'], 2, /unknown command 'lst' \(Did you mean list\?\)/],
  [['show', 'BTCUSDT', '1m'], 3, /there is no series BTCUSDT 1m/],
  [['history', 'BTCUSDT', '1m'], 3, /there is no series BTCUSDT 1m/],
  [['loads'], 1, /no daemon runs on/],
  [['load', 'BTCUSDT', '1m', '--detach'], 1, /no daemon runs on/],
  [['progress', 'BTCUSDT', '1m'], 1, /no daemon runs on/],
];

test('what cannot be is refused in one clear line, with its exit code and the next step, and nothing is written', async t => {
  const scene = await libraryScene(t);
  for (const [words, code, told] of REFUSED) {
    const ended = await run(scene, ...words);
    assert.deepEqual([words, ended.code, ended.out], [words, code, '']);
    const [error = '', next = '', ...more] = ended.err.trimEnd().split('\n');
    assert.match(error, told);
    assert.match(error, /^error: .* \([A-Z_]+\)$/);
    assert.match(next, /^next: {2}\S/);
    assert.deepEqual(more, []);
    assert.doesNotMatch(ended.err, /\u001b|\n {4}at /);
  }
  assert.equal(existsSync(scene.data), false, 'the data folder was not even made');
});

test('a CLI of Temporal that is too old, and a server that is not there, are told in one line and nothing is written', async t => {
  const scene = await libraryScene(t);
  const folder = await mkdtemp(join(tmpdir(), 'tapekeep-cli-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const old = join(folder, 'temporal');
  await writeFile(old, '#!/bin/sh\necho "temporal version 1.2.0 (Server 1.24.0, UI 2.30.0)"\n');
  await chmod(old, 0o755);
  const wrongVersion = await run(scene, 'load', 'BTCUSDT', '1m', ...RANGE, '--set', `temporal.cli=${old}`);
  assert.equal(wrongVersion.code, 1);
  assert.match(
    wrongVersion.err,
    /^error: .*version 1\.2\.0; 1\.5\.0 or later is needed\. Nothing was started \(TEMPORAL_VERSION\)\nnext: .*\n$/,
  );
  const address = `127.0.0.1:${await freePort('127.0.0.1')}`;
  const noServer = await run(scene, 'load', 'BTCUSDT', '1m', ...RANGE, '--set', `temporal.address=${address}`);
  assert.equal(noServer.code, 5);
  assert.match(noServer.err, /^error: the Temporal server at 127\.0\.0\.1:\d+ does not answer: .* \(SERVER_UNREACHABLE\)\nnext: .*\n$/);
  assert.deepEqual(tablesOf(scene.data), {});
  assert.deepEqual(stagedOf(scene.data), []);
});

test('an empty folder is listed as such, and looking at it makes nothing', async t => {
  const scene = await libraryScene(t);
  const { code, out } = await run(scene, 'list');
  assert.equal(code, 0);
  assert.match(out, /There is no series in .* yet/);
  assert.equal((await run(scene, 'list', '--json')).out, '[]\n');
  assert.equal(existsSync(scene.data), false);
});

test('config check shows what holds and where it was written, and every fault with exit code 2', async t => {
  const scene = await libraryScene(t);
  const fine = await run(scene, 'config', 'check', '--set', 'worker.batchBars=5000');
  assert.equal(fine.code, 0);
  assert.match(fine.out, /worker\.batchBars +5000 +--set worker\.batchBars/);
  assert.match(fine.out, /data .*tapekeep\.yaml:1/);
  const faulty = await run(scene, 'config', 'check', '--set', 'worker.batchBars=none', '--json');
  assert.equal(faulty.code, 2);
  const { faults } = JSON.parse(faulty.out) as { faults: { code: string }[] };
  assert.deepEqual(
    faults.map(f => f.code),
    ['SETTING_INVALID'],
  );
});

test('the doctor works where nothing runs: it says what is missing and what to do', async t => {
  const scene = await libraryScene(t);
  const { code, out } = await run(scene, 'doctor');
  assert.equal(code, 1);
  assert.match(out, /WRONG daemon: none runs on this data folder\n +next: tapekeep up starts one/);
  assert.match(out, /note {2}data folder: .* is not there yet/);
  assert.equal(existsSync(scene.data), false);
  const { well, findings } = JSON.parse((await run(scene, 'doctor', '--json')).out) as { well: boolean; findings: { what: string }[] };
  assert.equal(well, false);
  assert.ok(findings.some(f => f.what === 'Temporal CLI'));
  const faulty = await run(scene, 'doctor', '--set', 'worker.batchBars=none');
  assert.match(faulty.out, /WRONG settings: .*worker\.batchBars/);
});

test('a load without a daemon runs one for as long as it needs it, and leaves no process behind', async t => {
  const scene = await libraryScene(t, { simulated });
  const running = start(scene, ['load', 'ALONE', '1m', ...RANGE]);
  const daemon = await until('its daemon', () => findDaemon(scene.data));
  const pids = [daemon.pid, ...descendants(daemon.pid)];
  const { code, out, err } = await running.ended;
  assert.equal(code, 0, err);
  assert.match(out, /ALONE 1m: done in .*\n {2}1,440 bars added/);
  await until('all processes to be gone', () => !pids.some(isRunning));
  assert.equal(findDaemon(scene.data), undefined);
});

test('a killed command takes its daemon along, and a load that hangs is explained by the doctor', async t => {
  const scene = await libraryScene(t, {
    simulated: { ...simulated, faults: [{ request: 1, times: 1_000, kind: 'error', code: 'PROVIDER_DOWN' }] },
    // However long it takes here: a source that is left alone hinders no step any more.
    breaker: { failures: 1_000 },
  });
  const running = start(scene, ['load', 'HANGS', '1m', ...RANGE]);
  const daemon = await until('its daemon', () => findDaemon(scene.data));
  await until('the hindrance to be told', () => running.said().includes('a step is tried again'));
  assert.match(running.said(), /HANGS 1m: a step is tried again until it works: simulated cannot be reached/);
  const { code, out } = await run(scene, 'doctor');
  assert.equal(code, 1);
  assert.match(out, /WRONG load of HANGS 1m: simulated cannot be reached.*\n +next: tapekeep progress/);
  const pids = [daemon.pid, ...descendants(daemon.pid)];
  running.child.kill('SIGKILL');
  await until('all processes to be gone', () => !pids.some(isRunning));
  const waiting = await run(scene, 'doctor');
  assert.match(waiting.out, /note {2}open loads: 1 load waiting for a daemon: HANGS 1m/);
});

test('up is the daemon: it says where things are, Ctrl+C drains it, and its exit code is ours', async t => {
  const scene = await libraryScene(t, { simulated });
  const running = start(scene, ['up']);
  await until('it to be up', () => running.said().includes('tapekeep is up.'));
  const daemon = findDaemon(scene.data);
  assert.ok(daemon);
  const second = await start(scene, ['up']).ended;
  assert.equal(second.code, 1);
  assert.match(second.err, /is in use by process/);
  running.child.kill('SIGINT');
  const { code, out } = await running.ended;
  assert.equal(code, 0);
  assert.match(out, /finishing what is under way[\s\S]*tapekeep is down\./);
  await until('the daemon to be gone', () => !isRunning(daemon.pid));
});
