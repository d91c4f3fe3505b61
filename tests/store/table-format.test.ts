/** docs/table-format.md and the store say the same. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COLUMNS } from '../../src/model/bars.js';
import { escapeName } from '../../src/model/series.js';
import { foldersOf } from '../../src/store/house.js';
import { projectFolder, readProjectFile } from '../project-files.js';
import { tableExample } from './table-example.js';

const PAGE = 'docs/table-format.md';
const blockOf = (name: string): RegExp => new RegExp(`(<!-- example: ${name} -->\n\`\`\`\\w*\n)([\\s\\S]*?)(\n\`\`\`)`);

test('the example of the page is what the store writes', async () => {
  const example = await tableExample();
  assert.deepEqual(await tableExample(), example, 'twice the same table has twice the same bytes');
  let page = readProjectFile(PAGE);
  // After a change of the format: TAPEKEEP_WRITE_EXAMPLE=1 npm test -- tests/store/table-format.test.ts
  if (process.env.TAPEKEEP_WRITE_EXAMPLE === '1') {
    for (const [name, text] of Object.entries(example)) page = page.replace(blockOf(name), (_, head, __, tail) => `${head}${text}${tail}`);
    writeFileSync(join(projectFolder, PAGE), page);
  }
  for (const [name, text] of Object.entries(example)) assert.equal(blockOf(name).exec(page)?.[2], text, `the block ${name} of ${PAGE}`);
});

test('the page names every column, every configuration key and every folder of staging', async () => {
  const page = readProjectFile(PAGE);
  const { entry } = await tableExample();
  const keys = [...(entry as string).matchAll(/"(tapekeep\.\w+)"/g)].map(found => found[1] as string);
  assert.ok(keys.length >= 4);
  const folders = Object.values(foldersOf('')).map(folder => folder.split('/').at(-1) as string);
  for (const word of [...COLUMNS, ...keys, ...folders]) assert.ok(page.includes(`\`${word}`), `${word} is missing in ${PAGE}`);
});

test('the folders that the page gives to names are those they get', () => {
  const rows = [...readProjectFile(PAGE).matchAll(/^\| `([^`]+)` \| `([^`]+)` \| (symbol|dataset) \|$/gm)];
  assert.ok(rows.length >= 6);
  for (const [, name, folder, what] of rows)
    assert.equal(escapeName(name as string, what === 'symbol' ? 'upper' : 'lower', what as string), folder);
});
