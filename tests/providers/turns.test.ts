/** Work that waits for its turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turns } from '../../src/providers/turns.js';

test('no more is done at a time than is allowed, in the order in which it came, and what fails gives its turn on', async () => {
  const turn = turns(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const work = (i: number) =>
    turn(async () => {
      begun.push(i);
      await new Promise<void>((resolve, reject) => {
        ends[i] = error => (error ? reject(error) : resolve());
      });
      return i;
    });
  const all = [0, 1, 2, 3].map(i => work(i));
  assert.deepEqual(begun, [0, 1]);
  ends[1]?.(new Error('it broke'));
  await assert.rejects(all[1] as Promise<number>, /it broke/);
  assert.deepEqual(begun, [0, 1, 2]);
  ends[0]?.();
  assert.equal(await all[0], 0);
  assert.deepEqual(begun, [0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  assert.deepEqual(await Promise.all(all.slice(2)), [2, 3]);
  const later = work(4);
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  ends[4]?.();
  assert.equal(await later, 4);
});
