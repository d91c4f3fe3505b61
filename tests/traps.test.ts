/** docs/traps.md: every trap of market data has its row, and each test that a row names is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTitleIn, trapsOf } from './documents/chart.js';
import { projectFiles, readProjectFile } from './project-files.js';

const TRAPS = 29;
const rows = trapsOf(readProjectFile('docs/traps.md'));

test('no trap is left out, and each has what is done about it and a test', () => {
  assert.deepEqual(
    rows.map(row => row.number),
    Array.from({ length: TRAPS }, (_, i) => i + 1),
  );
  for (const { number, cells, tests } of rows) {
    assert.equal(cells.length, 3, `trap ${number}`);
    assert.ok(
      cells.every(cell => cell !== '') && tests.every(({ file, name }) => file !== '' && name !== ''),
      `trap ${number}: \`file\`: name, separated by <br>`,
    );
  }
});

test('every test that the chart names is in its file, by that name', () => {
  const files = new Set(projectFiles().filter(file => file.startsWith('tests/')));
  const lost = rows.flatMap(({ number, tests }) =>
    tests
      .filter(({ file, name }) => !files.has(file) || !isTitleIn(readProjectFile(file), name))
      .map(({ file, name }) => `${number}: ${file}: ${name}`),
  );
  assert.deepEqual(lost, []);
});

test('a name is found as it is written, with values put in, and not by a piece of it', () => {
  const source = [
    "test('a bar is kept', run);",
    'test(`$' + '{what} leaves no mark`, run);',
    'test(`$' + '{name}`);',
    "test('it\\'s another one');",
  ].join('\n');
  assert.ok(isTitleIn(source, 'a bar is kept'));
  assert.ok(isTitleIn(source, 'half an answer leaves no mark'));
  assert.ok(isTitleIn(source, "it's another one"));
  assert.ok(!isTitleIn(source, 'a bar'));
  assert.ok(!isTitleIn(source, 'a bar is lost'));
  assert.ok(!isTitleIn(source, 'leaves no mark'));
});
