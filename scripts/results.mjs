// The last result of every test, kept over runs of a few files; and the lines that close a run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

export const resultsFile = join(root, 'dist', 'test-report.json');

export const readJson = path => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);

const ranReally = test => test.result !== 'not selected';

/** Puts a run's results in the place of those it repeats; tests whose file is gone are forgotten. */
export function keepResults(run) {
  const fresh = run.tests.filter(ranReally).map(test => ({ ...test, at: run.at }));
  const partly = new Set(run.tests.filter(test => !ranReally(test)).map(test => test.file));
  const names = new Set(fresh.map(test => `${test.file} ${test.name}`));
  const files = new Set(fresh.map(test => test.file));
  const isOld = test => (files.has(test.file) && !partly.has(test.file)) || names.has(`${test.file} ${test.name}`);
  const kept = (readJson(resultsFile)?.tests ?? []).filter(test => !isOld(test) && existsSync(join(root, test.file)));
  writeFileSync(resultsFile, JSON.stringify({ tests: [...kept, ...fresh] }, null, 1));
}

const isQuiet = test => (test.result === 'skipped' || test.result === 'todo') && test.reason === '';

/** Tests that were passed over without saying why. */
export const unexplained = run => run.tests.filter(isQuiet);

const line = test => `  ${test.file}: ${test.name}: ${test.reason === '' ? 'NO REASON GIVEN' : test.reason}`;

/** What a run ends with: who was skipped and why, node's own counts, and the same in words. */
export function closing(run) {
  const { tests = 0, pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = run.counts;
  const passedOver = run.tests.filter(test => test.result === 'skipped' || test.result === 'todo');
  const unselected = run.tests.filter(test => !ranReally(test) && test.kind === 'test').length;
  return [
    ...(passedOver.length > 0 ? ['skipped:', ...passedOver.map(line)] : []),
    `# tests ${tests - unselected}`,
    `# pass ${pass}`,
    `# fail ${fail + cancelled}`,
    `${pass} passed, ${fail + cancelled} failed, ${skipped - unselected + todo} skipped`,
  ];
}
