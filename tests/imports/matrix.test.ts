/** Every kind of file under everything that can befall it: what becomes of it is what is written down, and never a bar that nobody wrote. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnOf, expectedOf } from './matrix/grid.js';
import { KINDS } from './matrix/kinds.js';

for (const kind of KINDS) {
  test(`${kind.name}: whatever befalls its files, every row is accounted for, in its line, and no bar is stored that was not written`, async t => {
    const { outcomes, faults } = await columnOf(t, kind);
    assert.deepEqual(faults, []);
    assert.deepEqual(outcomes, expectedOf(kind), 'tests/imports/matrix/outcomes.txt says what is expected, and how it is written anew');
  });
}
