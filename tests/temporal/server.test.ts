import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { type EmbeddedServer, freePort, identityOf, waitServing } from '../../temporal/index.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { startChild } from './child.js';
import { serverRoom } from './server-room.js';

const answers = async (server: EmbeddedServer): Promise<void> => {
  await waitServing(server.address, { withinMs: 5_000 });
  assert.equal((await fetch(server.uiUrl)).status, 200);
};

test('the first start creates a database named after the server version, and a stop leaves no process', async t => {
  const room = await serverRoom(t);
  const first = await room.start();
  await answers(first);
  assert.equal(first.fresh, true);
  assert.equal(first.adopted, false);
  assert.ok(room.files().some(name => /^temporal-\d+\.\d+\.\d+\.db$/.test(name)));
  assert.ok(!room.files().some(name => name.includes('.starting')));

  await first.stop();
  assert.equal(identityOf(first.pid), undefined);
  assert.equal((await first.exited).code, 0);
  assert.ok(!room.files().includes('server.json'));

  // An oversized log is begun anew, and the second start creates nothing.
  writeFileSync(first.logFile, Buffer.alloc(11_000_000, 'x'));
  const before = performance.now();
  const second = await room.start();
  const tookMs = performance.now() - before;
  t.diagnostic(`second start: serving after ${Math.round(tookMs)} ms`);
  assert.equal(second.fresh, false);
  assert.ok(statSync(second.logFile).size < 1_000_000);

  // Killed, it is noticed, and starts again from the same database.
  process.kill(second.pid, 'SIGKILL');
  assert.equal((await second.exited).signal, 'SIGKILL');
  const third = await room.start();
  await answers(third);
  assert.equal(third.fresh, false);
});

test('a server left behind by a killed daemon is adopted; with other ports it is stopped first', async t => {
  const room = await serverRoom(t);
  const daemon = startChild(t, 'start-server', [JSON.stringify({ folder: room.folder, ...room.ports })]);
  const pid = Number((await daemon.hear(/^serving/)).split(' ')[1]);
  await daemon.kill();

  const adopted = await room.start();
  assert.deepEqual([adopted.adopted, adopted.pid, adopted.fresh], [true, pid, false]);
  assert.deepEqual(room.said, [`Adopted the Temporal server that was left running (process ${pid})`]);
  await answers(adopted);

  const moved = await room.start({ uiPort: await freePort('127.0.0.1') });
  assert.equal(moved.adopted, false);
  assert.equal(moved.fresh, false);
  assert.equal(identityOf(pid), undefined);
  await adopted.exited;
  await answers(moved);
});

test('a taken port is named, with the setting that moves it, and nothing is started', async t => {
  const room = await serverRoom(t);
  for (const [key, setting] of [
    ['port', 'temporal.port'],
    ['uiPort', 'temporal.uiPort'],
  ] as const) {
    const other = createServer().listen(room.ports[key], '127.0.0.1');
    await assert.rejects(room.start(), (error: Error) => {
      assert.ok(isTapekeepError(error, 'PORT_TAKEN'));
      assert.match(error.message, new RegExp(`port ${room.ports[key]} of 127.0.0.1 is taken .* ${setting} `));
      return true;
    });
    await new Promise(resolve => other.close(resolve));
  }
  assert.deepEqual(room.files(), []);
});

test('no address but one of this machine alone is accepted', async t => {
  const room = await serverRoom(t);
  for (const ip of ['0.0.0.0', '192.168.1.4', '::', '127.0.0.1.evil']) {
    await assert.rejects(room.start({ ip }), (error: Error) => isTapekeepError(error, 'SETTING_INVALID'));
  }
});

test('a start that is called off leaves no process and no half database', async t => {
  const room = await serverRoom(t);
  const calledOff = new AbortController();
  const watch = setInterval(() => {
    if (leftBehind(room.folder).length > 0) calledOff.abort();
  }, 5);
  t.after(() => clearInterval(watch));
  await assert.rejects(room.start({ signal: calledOff.signal }), { name: 'AbortError' });
  assert.deepEqual(leftBehind(room.folder), []);
  assert.ok(!room.files().some(name => name.endsWith('.db')));
});

test('a program that is no Temporal CLI ends in one clear error', async t => {
  const room = await serverRoom(t);
  const missing = join(room.folder, 'no-such-program');
  await assert.rejects(room.start({ cli: { path: missing, serverVersion: '1.29.1' } }), (error: Error) => {
    assert.ok(isTapekeepError(error, 'TEMPORAL_FAILED'));
    assert.match(error.message, /ENOENT/);
    return true;
  });
});

test('the server is given none of the secrets in our environment', { skip: process.platform !== 'linux' }, async t => {
  process.env.TAPEKEEP_TEST_SECRET = 'canary';
  t.after(() => delete process.env.TAPEKEEP_TEST_SECRET);
  const room = await serverRoom(t);
  const server = await room.start();
  assert.doesNotMatch(readFileSync(`/proc/${server.pid}/environ`, 'utf8'), /canary/);
});
