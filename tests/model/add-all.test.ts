import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAll } from '../../src/model/add-all.js';

test('a list takes more at once than a call takes arguments, behind what it has', () => {
  const list = [7];
  addAll(list, new Array<number>(300_000).fill(1));
  assert.deepEqual([list.length, list[0], list.at(-1)], [300_001, 7, 1]);
});
