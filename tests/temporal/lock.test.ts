import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { folderOwner, lockFolder, thisProcess } from '../../temporal/index.js';
import { startChild } from './child.js';

const RACERS = 6;
const ROUNDS = 4;

function dataFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const logOf = (folder: string): string => join(folder, '.tapekeep', 'locks', 'folder');

function writeEntry(folder: string, number: number, entry: object | string): void {
  mkdirSync(logOf(folder), { recursive: true });
  writeFileSync(join(logOf(folder), `${number}.json`), typeof entry === 'string' ? entry : JSON.stringify(entry));
}

const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

test('A9: a folder that is taken is refused with the pid of the owner, what it does and since when', async t => {
  const folder = dataFolder(t);
  const lock = await lockFolder(folder, { purpose: 'tapekeep up' });
  const owner = await folderOwner(folder);
  assert.equal(owner?.pid, process.pid);
  await assert.rejects(lockFolder(folder, { purpose: 'another' }), (error: Error) => {
    assert.ok(isTapekeepError(error, 'FOLDER_LOCKED'));
    assert.match(error.message, new RegExp(`process ${process.pid} \\(tapekeep up\\) since ${owner?.since}`));
    return true;
  });
  await lock.release();
});

test('a released folder is free, and taking it again and again leaves one file', async t => {
  const folder = dataFolder(t);
  for (let i = 0; i < 20; i++) await (await lockFolder(folder, { purpose: 'test' })).release();
  assert.equal(await folderOwner(folder), undefined);
  assert.equal(readdirSync(logOf(folder)).length, 1);
});

test('A9: the lock of a dead process is taken over', async t => {
  const folder = dataFolder(t);
  writeEntry(folder, 7, { pid: deadPid(), started: thisProcess().started, purpose: 'gone', since: '2020-01-01' });
  await (await lockFolder(folder, { purpose: 'test' })).release();
});

test('A9: a pid that is used again by another process does not hold the lock', async t => {
  const folder = dataFolder(t);
  writeEntry(folder, 3, { pid: process.pid, started: 'another boot:1', purpose: 'gone', since: '2020-01-01' });
  assert.equal(await folderOwner(folder), undefined);
  await (await lockFolder(folder, { purpose: 'test' })).release();
});

test('an entry torn by a power cut, and one half written, are taken over and swept', async t => {
  const folder = dataFolder(t);
  writeEntry(folder, 1, '');
  writeFileSync(join(logOf(folder), '2.99.1.tmp'), '{"pid":');
  const lock = await lockFolder(folder, { purpose: 'test' });
  assert.deepEqual(readdirSync(logOf(folder)), ['2.json']);
  await lock.release();
});

test('of processes that take over a dead owner at the same moment exactly one gets the folder', async t => {
  const folder = dataFolder(t);
  writeEntry(folder, 1, { pid: deadPid(), started: 'x', purpose: 'gone', since: '2020-01-01' });
  const racers = Array.from({ length: RACERS }, () => startChild(t, 'hold-lock', [folder]));
  await Promise.all(racers.map(racer => racer.hear(/^ready$/)));
  let alive = racers;
  for (let round = 0; round < ROUNDS; round++) {
    for (const racer of alive) racer.say('now');
    const answers = await Promise.all(alive.map(racer => racer.hear(/^(held|refused)/)));
    const winner = alive[answers.indexOf('held')]!;
    assert.deepEqual(answers.toSorted(), ['held', ...alive.slice(1).map(() => `refused ${winner.pid}`)]);
    await winner.kill();
    alive = alive.filter(racer => racer !== winner);
  }
});

test('processes that take turns are never in the folder at the same time', async t => {
  const folder = dataFolder(t);
  const players = Array.from({ length: 3 }, () => startChild(t, 'take-turns', [folder, '40']));
  assert.deepEqual(await Promise.all(players.map(player => player.ended)), [0, 0, 0]);
  assert.equal(readdirSync(logOf(folder)).length, 1);
});
