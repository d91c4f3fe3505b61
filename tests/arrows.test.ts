/** Holds the design's table of rooms: every import of every file is looked at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arrow, arrowsOf, cycleIn, withoutTexts, wrongWith } from './arrows/imports.js';
import { projectFiles, readProjectFile } from './project-files.js';

const sources = projectFiles().filter(file => /^(src|temporal)\/.*\.ts$/.test(file));
const arrows: Arrow[] = sources.flatMap(file => arrowsOf(file, readProjectFile(file)));

test('every import follows the table of rooms', () => {
  assert.ok(arrows.length > 20, 'the imports were not found');
  assert.deepEqual(arrows.map(wrongWith).filter(Boolean), []);
});

test('only the worker imports the room of the Temporal server', () => {
  const others = arrows.filter(({ from, to }) => to.startsWith('temporal/') && !/^(temporal|src\/worker)\//.test(from));
  assert.deepEqual(others, []);
});

test('no files import each other in a ring', () => assert.equal(cycleIn(arrows)?.join(' → '), undefined));

test('what is imported exists', () => {
  const lost = arrows.filter(({ to }) => /^(src|temporal)\//.test(to) && !sources.includes(to));
  assert.deepEqual(lost, []);
});

const IMPURE = [
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /(?<!new )\bDate\(\s*\)/,
  /\bMath\.random\b/,
  /\bprocess\./,
  /\bglobalThis\b/,
  /\bperformance\b/,
];
const EFFECTS = [/\bset(Timeout|Interval|Immediate)\(/, /\bfetch\(/, /\bconsole\./, /\bcrypto\b\./, /\bBuffer\b/, /\bimport\(/];

test('the model has no clock, no chance and no outside world', () => {
  const model = sources.filter(file => file.startsWith('src/model/'));
  const impure = model.flatMap(file => {
    const code = withoutTexts(readProjectFile(file));
    return [...IMPURE, ...EFFECTS].filter(pattern => pattern.test(code)).map(pattern => `${file}: ${pattern}`);
  });
  assert.deepEqual(impure, []);
});

const WRONG: readonly [file: string, source: string, row: RegExp][] = [
  ['src/model/x.ts', "import { readFile } from 'node:fs/promises';", /model may import nothing; no node built-ins/],
  ['src/model/x.ts', "import fs from 'fs';", /model may import nothing/],
  ['src/model/x.ts', "import { z } from 'zod';", /model may import nothing/],
  ['src/store/x.ts', "import { y } from '../providers/y.js';", /store may import model;/],
  ['src/store/x.ts', "export * from '../settings.js';", /store may import model;/],
  ['src/store/x.ts', "import { Context } from '@temporalio/activity';", /store may import model;/],
  ['src/activities/x.ts', "import {\n  a,\n  b,\n} from '../workflows/y.js';", /activities may import model, store, providers, imports;/],
  ['src/workflows/x.ts', "import { a } from '../activities/index.js';", /activities by type only/],
  ['src/workflows/x.ts', "import 'node:fs';", /no node built-ins/],
  ['src/worker/x.ts', "const { y } = await import('../client/index.js');", /worker may import/],
  ['src/client/x.ts', "import type { W } from '../worker/y.js';", /client may import/],
  ['src/client/x.ts', "import { writeBars } from '../store/write.js';", /client may import/],
  ['src/client/x.ts', "import { up } from '../../temporal/up.js';", /client may import/],
  ['src/web/x.ts', "import { Client } from '@temporalio/client';", /web may import/],
  ['src/settings/x.ts', "import { Log } from '../logs.js';", /settings may import model, written;/],
  ['src/kitchen/x.ts', "import { y } from '../model/y.js';", /no row for kitchen/],
];

for (const [file, source, row] of WRONG) {
  test(`a wrong arrow is found: ${file}: ${source.replaceAll('\n', ' ')}`, () => {
    const reasons = arrowsOf(file, `/** import x from 'nothing' */\n// import y from 'y'\n${source}\n`).map(wrongWith);
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? 'allowed', row);
  });
}

test('right arrows are let through', () => {
  const right: readonly [string, string][] = [
    ['src/workflows/x.ts', "import type { Activities } from '../activities/index.js';"],
    ['src/workflows/x.ts', "import { proxyActivities } from '@temporalio/workflow';"],
    ['src/client/x.ts', "import { readTable } from '../store/read.js';"],
    ['src/worker/x.ts', "import { up } from '../../temporal/up.js';"],
    ['tests/x.test.ts', "import { up } from '../temporal/up.js';"],
    ['src/store/x.ts', "import { link } from 'node:fs/promises';"],
  ];
  for (const [file, source] of right) assert.deepEqual(arrowsOf(file, source).map(wrongWith), [undefined], source);
});

test('a ring is found, however long', () => {
  const ring = ['a', 'b', 'c'].map((from, i, all) => ({ from, to: all[(i + 1) % 3] ?? '', typeOnly: false }));
  assert.deepEqual(cycleIn(ring), ['a', 'b', 'c', 'a']);
  assert.equal(cycleIn(ring.slice(1)), undefined);
});
