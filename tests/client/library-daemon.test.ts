/** The library without a daemon, and beside other programs: who starts one, who ends it, what is left. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findDaemon, startDaemon } from '../../src/client/engine/daemon.js';
import { TapekeepError } from '../../src/client/index.js';
import { PRESENCE_FILE } from '../../src/model/presence.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { readSettings } from '../../src/settings.js';
import { announce } from '../../src/worker/presence.js';
import { thisProcess } from '../../temporal/index.js';
import { stagedOf } from './cli-run.js';
import { descendants, isRunning, type LibraryScene, libraryScene, until } from './library-scene.js';

const T0 = Date.UTC(2024, 0, 1);
const PROGRAM = fileURLToPath(new URL('processes/load-and-end.js', import.meta.url));
const simulated = { latencyMs: 20, outages: [], quietShare: 0 };

/** A program that loads one symbol and ends; resolves to what it printed. */
function run(
  { config }: LibraryScene,
  symbol: string,
  days: number,
): { child: ChildProcess; said: Promise<{ added: number; rows: number }> } {
  const child = spawn(process.execPath, [PROGRAM, config, symbol, String(T0), String(T0 + days * DAY)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = new Promise<{ added: number; rows: number }>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', part => {
      text += part;
    });
    child.once('close', exit => (exit === 0 ? resolve(JSON.parse(text)) : reject(new Error(`it ended with ${exit}`))));
  });
  return { child, said };
}

async function leavesNothing({ data }: LibraryScene, pids: readonly number[]): Promise<void> {
  assert.equal(findDaemon(data), undefined);
  await until('all processes to be gone', () => !pids.some(isRunning));
}

test('a load without a daemon starts one, close leaves no process behind, and what was loaded is read without one', async t => {
  const scene = await libraryScene(t, { simulated });
  const tk = await scene.library();
  await assert.rejects(tk.loads(), (e: unknown) => e instanceof TapekeepError && e.code === 'DAEMON_MISSING');
  assert.deepEqual(await tk.list(), []);
  assert.equal(findDaemon(scene.data), undefined);
  const [loaded] = await tk.load({ symbol: 'ALONE', timeframe: '1m', from: T0, to: T0 + DAY });
  assert.equal(loaded?.added, DAY / MINUTE);
  const daemon = findDaemon(scene.data);
  assert.ok(daemon);
  const pids = [daemon.pid, ...descendants(process.pid)];
  assert.ok(pids.length > 2, 'the daemon has a server and frame children');
  await tk.close();
  await leavesNothing(scene, pids);
  assert.deepEqual(descendants(process.pid), []);
  const reader = await scene.library();
  const frame = await reader.getOhlcv('ALONE', '1m', T0, T0 + DAY);
  assert.equal(frame.height, DAY / MINUTE);
  assert.equal(findDaemon(scene.data), undefined);
});

test('a daemon that was lost with the machine is not taken for the process that has its pid now', async t => {
  const scene = await libraryScene(t, { simulated });
  await scene.start();
  const presence = findDaemon(scene.data);
  assert.ok(presence);
  await scene.stop();
  const left = (began?: string) => writeFile(join(scene.data, PRESENCE_FILE), JSON.stringify({ ...presence, pid: process.pid, began }));
  await left(presence.began);
  assert.equal(findDaemon(scene.data), process.platform === 'linux' ? undefined : presence);
  await left(thisProcess().started);
  assert.equal(findDaemon(scene.data)?.pid, process.pid);
  await left();
  assert.equal(findDaemon(scene.data)?.pid, process.pid, 'one of before said nothing of it');
});

test('a daemon that was there before is not ended by those who use it', async t => {
  const scene = await libraryScene(t, { simulated });
  const pid = await scene.start();
  await run(scene, 'GUEST', 1).said;
  assert.ok(isRunning(pid));
  assert.equal(findDaemon(scene.data)?.pid, pid);
});

test('two programs begin at once on one data folder without a daemon: both get their bars, and nothing is left', async t => {
  const scene = await libraryScene(t, { simulated });
  const short = run(scene, 'SHORT', 1);
  const long = run(scene, 'LONG', 150);
  let daemon: number | undefined;
  await until('a daemon', async () => {
    daemon = findDaemon(scene.data)?.pid;
    return daemon;
  });
  const [a, b] = await Promise.all([short.said, long.said]);
  assert.deepEqual([a.rows, b.rows], [(1 * DAY) / MINUTE, (150 * DAY) / MINUTE]);
  await leavesNothing(scene, [daemon as number, short.child.pid as number, long.child.pid as number]);
  const froms = scene.asked('LONG').map(({ from }) => from);
  assert.ok(froms.length - new Set(froms).size <= 8, 'only pages in flight when a daemon ended were asked for twice');
});

test('a program goes on when the one that started the daemon ends it', async t => {
  const scene = await libraryScene(t, { simulated });
  const starter = await scene.library();
  await starter.load({ symbol: 'STARTER', timeframe: '1m', from: T0, to: T0 + DAY });
  const first = findDaemon(scene.data)?.pid as number;
  const other = run(scene, 'OTHER', 150);
  await until('the other load', () => scene.asked('OTHER').length > 0);
  await starter.close();
  assert.ok(!isRunning(first));
  assert.equal((await other.said).rows, (150 * DAY) / MINUTE);
  await leavesNothing(scene, []);
});

test('a program that closes while its loads are under way ends by itself, and they are left to the next daemon', async t => {
  const scene = await libraryScene(t, { simulated });
  const early = fileURLToPath(new URL('processes/close-early.js', import.meta.url));
  const words = [early, scene.config, String(T0), String(T0 + 400 * DAY), 'ONE', 'TWO'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text;
  });
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.deepEqual(JSON.parse(said), ['SERVER_UNREACHABLE', 'SERVER_UNREACHABLE']);
  await leavesNothing(scene, []);
  assert.equal(stagedOf(scene.data).filter(path => path.startsWith('loads/')).length, 2, 'both are open');
});

const HOLDER = fileURLToPath(new URL('../temporal/processes/hold-lock.js', import.meta.url));

/** Another program that has the folder and is not yet to be talked to, and ours that has been told so and waits. */
async function besideOther(t: TestContext, scene: LibraryScene) {
  const other = spawn(process.execPath, [HOLDER, scene.data], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => other.kill('SIGKILL'));
  other.stdin.write('take it\n');
  for await (const line of createInterface({ input: other.stdout })) if (line === 'held') break;
  const started = startDaemon(scene.data, { config: scene.config, set: {} }, () => {});
  const { file } = readSettings({ file: scene.config, env: {}, flags: {}, folder: scene.data }).logs;
  await until('it to be refused', () => existsSync(file) && readFileSync(file, 'utf8').includes(`in use by process ${other.pid}`));
  return { other, started };
}

test('a program that finds the folder taken waits for the daemon that is starting there', async t => {
  const scene = await libraryScene(t);
  const { other, started } = await besideOther(t, scene);
  const presence = { pid: other.pid as number, address: 'there', namespace: 'n', uiUrl: null, logFile: '', startedAt: '' };
  await announce(scene.data, presence);
  assert.deepEqual((await started).presence, presence);
});

test('a program that finds the folder taken starts a daemon of its own when the other one is gone', async t => {
  const scene = await libraryScene(t);
  const { other, started } = await besideOther(t, scene);
  other.kill('SIGKILL');
  const { presence, stop } = await started;
  assert.equal(findDaemon(scene.data)?.pid, presence.pid);
  assert.notEqual(presence.pid, other.pid);
  await stop();
});
