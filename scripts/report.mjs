// A reporter for node's test runner: writes what each test did as JSON, for the closing counts and for docs/faults.md.
import { relative, sep } from 'node:path';
import { root } from './run.mjs';

const NOT_SELECTED = /name does not match pattern/;

const sourceOf = file =>
  file === undefined
    ? ''
    : relative(root, file)
        .split(sep)
        .join('/')
        .replace(/^dist\//, '')
        .replace(/\.js$/, '.ts');

const reasonOf = mark => (typeof mark === 'string' ? mark.trim() : '');

function resultOf(type, { skip, todo }) {
  if (skip !== undefined && skip !== false) return NOT_SELECTED.test(reasonOf(skip)) ? 'not selected' : 'skipped';
  if (todo !== undefined && todo !== false) return 'todo';
  return type === 'test:pass' ? 'passed' : 'failed';
}

// With many files the runner reports each file as a test around its tests; only those that hold none count.
const isFile = data =>
  data.nesting === 0 && data.file !== undefined && data.name.endsWith('.test.js') && data.file.endsWith(data.name.split(sep).at(-1));

export default async function* report(events) {
  const tests = [];
  let counts = {};
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.nesting === 0) {
      const counted = /^(tests|pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message);
      if (counted) counts = { ...counts, [counted[1]]: Number(counted[2]) };
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    tests.push({
      file: sourceOf(data.file),
      name: data.name,
      kind: isFile(data) ? 'file' : data.details?.type === 'suite' ? 'suite' : 'test',
      result: resultOf(type, data),
      reason: reasonOf(data.skip ?? data.todo),
      ms: Math.round(data.details?.duration_ms ?? 0),
    });
  }
  yield JSON.stringify({ at: new Date().toISOString(), counts, tests });
}
