// Measures how many lines of src/model and src/store the tests run, through the source maps.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, tool } from './run.mjs';
import { step } from './say.mjs';
import { compiledOf, sources } from './tree.mjs';

const LEAST_PERCENT = 95;
const MEASURED = ['src/model', 'src/store'];
const recorded = join(root, 'coverage', 'tmp');

/** What makes node record coverage in the tests and in every process they start. */
export function coverageEnvironment() {
  rmSync(recorded, { recursive: true, force: true });
  return { NODE_V8_COVERAGE: recorded };
}

// A file of types compiles to nothing and is never loaded: it has no lines that could be run.
const isEmpty = source =>
  /^(export \{\};)?(\/\/# sourceMappingURL=\S+)?$/.test(stripped(readFileSync(join(root, compiledOf(source)), 'utf8')));
const stripped = code =>
  code
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\/\/(?!#).*$/gm, '')
    .replace(/\s*\n\s*/g, '')
    .trim();

const isMeasured = source => MEASURED.some(folder => source.startsWith(`${folder}/`));

/** Prints the table; resolves to whether enough lines were run. */
export async function checkCoverage() {
  const typesOnly = sources().filter(isMeasured).filter(isEmpty);
  const args = [
    ...['report', '--temp-directory', recorded, '--reporter', 'text', '--reporter', 'json-summary'],
    ...['--exclude-after-remap', '--all', ...MEASURED.flatMap(folder => ['--src', folder, '--include', `${folder}/**/*.ts`])],
    ...typesOnly.flatMap(source => ['--exclude', source]),
    ...['--check-coverage', '--lines', String(LEAST_PERCENT), '--branches', '0', '--functions', '0', '--statements', '0'],
  ];
  const measuring = step(`measuring ${MEASURED.join(' and ')}: at least ${LEAST_PERCENT} % of lines`, () => tool('c8/bin/c8.js', args));
  // c8 has printed by how much it is too little; the counts of the tests still follow.
  return measuring.then(
    () => true,
    () => false,
  );
}
