import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTitleIn } from '../documents/chart.js';
import { projectFiles, readProjectFile } from '../project-files.js';
import { faults } from './list.js';
import { faultsPage, idsOf, isNamedIn, rowsOf } from './page.js';

test('docs/faults.md lists every fault once, in order', () => {
  const ids = rowsOf(readProjectFile('docs/faults.md')).map(row => row.id);
  assert.deepEqual(
    ids,
    faults.map(fault => fault.id),
  );
});

test('every test that docs/faults.md names is in the sources', () => {
  const sources = projectFiles().filter(file => /^tests\/.*\.ts$/.test(file));
  // A contract names its tests in a file of its own; the result comes from the file that runs it.
  const shared = sources.filter(file => !file.endsWith('.test.ts')).map(readProjectFile);
  // A name may be put together: with values, and of an id and its words.
  const isIn = (name: string) => (source: string) => isNamedIn(source, name) || isTitleIn(source, name);
  const lost = rowsOf(readProjectFile('docs/faults.md')).flatMap(({ id, tests }) =>
    tests
      .filter(({ file, name }) => !(sources.includes(file) && [readProjectFile(file), ...shared].some(isIn(name))))
      .map(({ file, name }) => `${id}: ${file}: ${name}`),
  );
  assert.deepEqual(lost, [], 'npm run faults writes the page anew');
});

test('a test that proves a fault is known by the ids before its name', () => {
  assert.deepEqual(idsOf('A2, A3: a kill anywhere'), ['A2', 'A3']);
  assert.deepEqual(idsOf('B7: bit 3'), ['B7']);
  assert.deepEqual(idsOf('B12 is not one'), []);
});

test('the page says what passed, what failed and what has no test', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const results = [
    { file: 'tests/store/a.test.ts', name: 'A2, A3: a | b `c`', result: 'passed', at },
    { file: 'tests/store/b.test.ts', name: 'A3: other', result: 'failed', at },
  ];
  const page = faultsPage(faults, results);
  const rows = rowsOf(page);
  assert.deepEqual(rows.find(row => row.id === 'A2')?.tests, [{ file: 'tests/store/a.test.ts', name: "A2, A3: a \\| b 'c'" }]);
  assert.match(page, /\| A2 .*\| passed 2026-01-02 \|/);
  assert.match(page, /\| A3 .*\| \*\*failed\*\* \(1 of 2\) 2026-01-02 \|/);
  assert.match(page, /\| F6 .*\| no test yet \| {2}\|/);
  assert.ok(isNamedIn('test(`A2, A3: $' + '{x} | b \\`c\\``, run)', "A2, A3: a \\| b 'c'"));
  assert.ok(!isNamedIn("test('A2: elsewhere')", 'A2: here'));
});
