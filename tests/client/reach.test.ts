/** The way to the next daemon when the one before is gone. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findDaemon } from '../../src/client/engine/daemon.js';
import type { Engine } from '../../src/client/engine/engine.js';
import { Reach } from '../../src/client/engine/reach.js';
import { PRESENCE_FILE, type Presence } from '../../src/model/presence.js';
import type { ResolvedSettings } from '../../src/settings.js';

const PRESENCE: Presence = { pid: 1, address: 'there', namespace: 'n', uiUrl: null, logFile: '', startedAt: '' };

test('a lost connection stays open as long as somebody may still ask on it, and is closed at the end with the others', async () => {
  const closed: string[] = [];
  const engineOf = (name: string) => ({ close: async () => void closed.push(name) }) as unknown as Engine;
  const ways = [engineOf('first'), engineOf('second')];
  const reach = new Reach({ data: '/nowhere' } as ResolvedSettings, {} as never, () => {});
  Object.assign(reach, { way: async () => ways.shift() });
  const first = await reach.connect('start');
  // Two that wait for loads of the same daemon: both lose it, and both get the same next one.
  const [one, other] = await Promise.all([reach.again(first), reach.again(first)]);
  assert.equal(one, other);
  assert.notEqual(one, first);
  assert.deepEqual(closed, []);
  await reach.close();
  assert.deepEqual(closed, ['first', 'second']);
});

test('who still follows a load when the program has closed starts no daemon for it', async () => {
  const reach = new Reach({ data: '/nowhere' } as ResolvedSettings, {} as never, () => {});
  let ways = 0;
  const engine = { close: async () => {} } as unknown as Engine;
  Object.assign(reach, {
    way: async () => {
      ways++;
      return engine;
    },
  });
  const first = await reach.connect('start');
  await reach.close();
  for (let i = 0; i < 2; i++) await assert.rejects(reach.again(first), { code: 'SERVER_UNREACHABLE' });
  await assert.rejects(reach.connect('start'), /this program has closed \/nowhere\. Loads are kept/);
  assert.equal(ways, 1);
});

test('a daemon that somebody keeps up is waited for when it is gone; one that lived for a program only is not', async t => {
  const data = mkdtempSync(join(tmpdir(), 'tapekeep-reach-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const announced = (attached: boolean): Presence => ({ ...PRESENCE, pid: process.pid, attached });
  mkdirSync(join(data, '.tapekeep'));
  const again = async (attached: boolean) => {
    const told: (string | null)[] = [];
    const reach = new Reach(
      { data } as ResolvedSettings,
      {} as never,
      () => {},
      what => told.push(what),
    );
    const ways: (number | undefined)[] = [];
    const way = async () => {
      ways.push(findDaemon(data)?.pid);
      return { close: async () => {} } as unknown as Engine;
    };
    Object.assign(reach, { way, daemon: announced(attached) });
    const first = await reach.connect('start');
    const next = reach.again(first);
    if (!attached) {
      await sleep(500);
      assert.equal(ways.length, 1, 'nothing is started in its place');
      writeFileSync(join(data, PRESENCE_FILE), JSON.stringify(announced(false)));
    }
    await next;
    return [ways, told];
  };
  assert.deepEqual(await again(true), [[undefined, undefined], []]);
  assert.deepEqual(await again(false), [
    [undefined, process.pid],
    ['the daemon to be started again', null],
  ]);
});
