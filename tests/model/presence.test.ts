/** Which process is meant, by what Linux tells of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beganOf } from '../../src/model/presence.js';

const statOf = (state: string, threads: number, name = 'temporal') =>
  `4711 (${name}) ${state} 1 4711 4711 0 -1 4227084 3041 6528 1 0 7 1 5 3 20 0 ${threads} 0 6577077 0 0 18446744073709551615\n`;

test('a process is known by its boot and its beginning, whatever it is called', () => {
  for (const name of ['temporal', 'a) Z 1 (b']) assert.equal(beganOf(statOf('S', 9, name), 'boot\n'), 'boot:6577077');
  assert.equal(beganOf('4711 (torn', 'boot'), undefined);
});

test('one that was ended is alive until the last of its threads has let go of its ports and files', () => {
  assert.equal(beganOf(statOf('Z', 2), 'boot'), 'boot:6577077');
  for (const state of ['Z', 'X']) assert.equal(beganOf(statOf(state, 1), 'boot'), undefined);
  assert.equal(beganOf(statOf('Z', 0), 'boot'), undefined);
});
