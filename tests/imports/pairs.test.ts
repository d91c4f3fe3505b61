/** Files that several things befell at once: the promises hold for each two of them together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf } from './matrix/cell.js';
import { PAIRS } from './matrix/pairs.js';
import { importScene } from './scene.js';

test('whatever two things befall a file together, every row is accounted for, in its line, and no bar is stored that was not written', async t => {
  const scene = await importScene(t);
  const faults: string[] = [];
  let taken = 0;
  for (const { kind, spoil } of PAIRS) {
    const cell = await cellOf(scene, kind, spoil);
    if (/^\d/.test(cell.outcome)) taken++;
    faults.push(...cell.faults.map(fault => `${kind.name}, ${spoil.name}: ${fault}`));
  }
  assert.deepEqual(faults, []);
  assert.ok(PAIRS.length < 200 && taken > PAIRS.length / 2, `${taken} of ${PAIRS.length} are taken`);
});
