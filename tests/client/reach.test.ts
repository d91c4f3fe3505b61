/** The way to the next daemon when the one before is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/client/engine/engine.js';
import { Reach } from '../../src/client/engine/reach.js';
import type { ResolvedSettings } from '../../src/settings.js';

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
