import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { damageOf } from '../../temporal/database.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { stopProcess } from '../../temporal/server-process.js';
import { startChild } from './child.js';
import { serverRoom, usedFolder } from './server-room.js';

let used: string;
before(async () => {
  used = await usedFolder();
});
after(() => rmSync(used, { recursive: true, force: true }));

const databaseIn = (folder: string, files: readonly string[]): string => join(folder, files.find(name => name.endsWith('.db'))!);

const damages: Record<string, (database: string) => void> = {
  'full of random bytes': database => writeFileSync(database, Buffer.alloc(statSync(database).size, 7)),
  'cut in half beside its log': database => {
    // As after a kill: the log still has what is not in the file.
    truncateSync(database, Math.floor(statSync(database).size / 2));
  },
  'overwritten behind its first pages': database => {
    rmSync(`${database}-wal`, { force: true });
    writeFileSync(database, readFileSync(database).fill(9, 8_192));
  },
};

test('A6: a damaged database is moved aside, a new one is begun, and both are said', async t => {
  for (const [how, damage] of Object.entries(damages)) {
    await t.test(how, async t => {
      const room = await serverRoom(t, { copyOf: used });
      const database = databaseIn(room.folder, room.files());
      damage(database);
      const bytes = statSync(database).size;
      const server = await room.start();
      assert.equal(server.fresh, true);
      assert.equal(server.movedAside, `${database}.damaged-1`);
      // A server that tried may have written from its log into the file before it gave up.
      assert.ok(statSync(server.movedAside).size >= bytes);
      assert.match(room.said.join('\n'), /is damaged \(.+\): kept as .+\.damaged-1, a new one is begun/);
    });
  }
});

test('A6: a deleted database is begun anew, and a log left beside it is not replayed into it', async t => {
  const room = await serverRoom(t, { copyOf: used });
  const database = databaseIn(room.folder, room.files());
  rmSync(database);
  const stale = statSync(`${database}-wal`).ino;
  const server = await room.start();
  assert.equal(server.fresh, true);
  assert.equal(server.movedAside, undefined);
  assert.notEqual(statSync(`${database}-wal`).ino, stale);
});

test('a database that is empty, cut off or another format is recognised without starting it', async t => {
  const room = await serverRoom(t, { copyOf: used });
  const database = databaseIn(room.folder, room.files());
  assert.equal(damageOf(database), undefined);
  rmSync(`${database}-wal`, { force: true });
  truncateSync(database, 0);
  assert.match(damageOf(database) ?? '', /only 0 bytes/);
  writeFileSync(database, Buffer.alloc(4_096, 'not SQLite'));
  assert.match(damageOf(database) ?? '', /not an SQLite/);
});

test('A5: a first start that is killed at any moment is repaired by the next one', async t => {
  const room = await serverRoom(t);
  for (const afterMs of [0, 40, 90, 150, 400, 900]) {
    const daemon = startChild(t, 'start-server', [JSON.stringify({ folder: room.folder, ...room.ports })]);
    await daemon.hear(/^Creating/);
    // The moment of the kill is what is tried here; nothing is waited for.
    await sleep(afterMs);
    await daemon.kill();
    // Every other time the server dies with it, as in a power cut.
    if (afterMs % 100 !== 0) for (const server of leftBehind(room.folder)) await stopProcess(server, 0);
    const database = room.files().find(name => name.endsWith('.db'));
    assert.equal(database, undefined, `after ${afterMs} ms nothing has the final name`);
  }
  const server = await room.start();
  assert.equal(server.fresh, true);
  assert.equal(server.movedAside, undefined);
  assert.equal(leftBehind(room.folder).length, 1);
  assert.ok(!room.files().some(name => name.includes('.starting')));
  await server.stop();
  assert.equal(existsSync(join(room.folder, 'server.json')), false);
});
