/** Every recipe of docs/library.md is a program, and runs as it stands there. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { projectFolder, readProjectFile } from '../project-files.js';
import { pythonForTests } from '../python.js';
import { libraryScene } from './library-scene.js';

const run = promisify(execFile);
const PINS = ['deltalake==1.6.6', 'polars==2.1.0', 'duckdb==2.0.0', 'pandas==3.1.1', 'pyarrow==26.0.1'];
const { python, skip } = await pythonForTests(PINS);
// The pages take their time, so that there is something to cut short.
const scene = await libraryScene({ after }, { simulated: { latencyMs: 10 }, worker: { batchBars: 100_000 } });
await scene.start();
const folder = dirname(scene.data);

interface Recipe {
  readonly name: string;
  readonly language: string;
  readonly program: string;
}

/** Programs of the page under the headings that they stand under. */
function recipesOf(page: string): Recipe[] {
  const recipes: Recipe[] = [];
  let name = '';
  for (const [, heading, language, program] of page.matchAll(/^#+ (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (heading) name = heading;
    else if (language && program) recipes.push({ name, language, program });
  }
  return recipes;
}

const recipes = recipesOf(readProjectFile('docs/library.md'));

/** A user's folder: its settings, and our package and polars among its packages. */
async function layFolder(): Promise<void> {
  await mkdir(join(folder, 'node_modules'));
  await symlink(projectFolder, join(folder, 'node_modules', 'tapekeep'));
  await symlink(join(projectFolder, 'node_modules', 'nodejs-polars'), join(folder, 'node_modules', 'nodejs-polars'));
}
await layFolder();

async function outputOf({ language, program }: Recipe): Promise<string> {
  const file = join(folder, language === 'js' ? 'recipe.mjs' : 'recipe.py');
  await writeFile(file, program);
  const interpreter = language === 'js' ? process.execPath : (python as string);
  const { TAPEKEEP_CONFIG: _, ...env } = process.env;
  return (await run(interpreter, [file], { cwd: folder, env: { ...env, TAPEKEEP_CONFIG: scene.config } })).stdout;
}

/** What each prints, in the order of the page: later ones read what earlier ones loaded. */
const PRINTS: readonly [string, RegExp][] = [
  ['The library', /^28\d\d ts open high low close volume turnover trades source$/m],
  ['Load with a progress bar', /^done: 41\d\d\d bars in \d+ requests$/m],
  ['Many series, of which one may fail', /ETHUSDT 1h: 1440 bars[\s\S]*NOSUCH 1d: SYMBOL_UNKNOWN, /],
  ['Give a load so much time and no more', /^cancelled, \d+ bars kept$/m],
  ['Hourly bars and an average with polars', /^240 hours$/m],
  ['A whole history in the memory of a batch', /^\d{4,} traded$/m],
  ['Columns as typed arrays with Arrow', /^Float64Array of 14\d\d, the highest close \d/m],
  ['What was known at an earlier version', /^1 library simulated 2024-01-03[\s\S]*^28\d\d bars in the first version$/m],
  ['Polars', /^44\d\d\d 143\d\d 28\d\d$/m],
  ['DuckDB', /2024-01-01[\s\S]*\(\d+\.\d+, 30\d\d\d\)/],
  ['DuckDB', /^\[\(44\d\d\d,\)\]$/m],
  ['pandas', /^30\d\d\d \d+\.\d+$/m],
];

test('every recipe of the page has a test', () => {
  assert.deepEqual(
    recipes.map(({ name }) => name),
    PRINTS.map(([name]) => name),
  );
});

for (const [i, recipe] of recipes.entries()) {
  const needsPython = recipe.language === 'python' ? skip : false;
  test(`recipe: ${recipe.name} (${recipe.language})`, { skip: needsPython }, async () => {
    assert.match(await outputOf(recipe), (PRINTS[i] as [string, RegExp])[1]);
  });
}
