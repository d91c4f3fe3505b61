// npm test: installs, builds, runs the tests with node's own runner and closes with the counts.
//   npm test                        all of them
//   npm test -- tests/store         those under a folder, or one file
//   npm test -- 'B7: '              those whose name matches
//   npm test -- --seed=7            any of these, with other values for the properties
//   npm test -- --coverage          any of these, and measures src/model and src/store
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { checkCoverage, coverageEnvironment } from './coverage.mjs';
import { closing, keepResults, readJson, unexplained } from './results.mjs';
import { exitOf, isStarted, root } from './run.mjs';
import { leave, say, step } from './say.mjs';
import { SEED, seeded, seedOf } from './seed.mjs';
import { compiledOf, sources } from './tree.mjs';

/** Many tests wait more than they work: four of them leave a seventh of two cores idle. With five each takes longer, and all as long. */
const AT_ONCE = 4;

/** Every process reads the maps of all that it imports. A run of everything goes without; chosen tests tell lines of the source. */
const mapping = chosen => (chosen ? ['--enable-source-maps'] : []);

const SEED_FLAG = '--seed=';

/** What the properties try: the same in every run, unless another seed is asked for. */
function chanceOf(args) {
  const given = args.findLast(arg => arg.startsWith(SEED_FLAG));
  return seeded(given === undefined ? SEED : seedOf(given.slice(SEED_FLAG.length)));
}

const slashed = path =>
  path
    .replace(/^\.\//, '')
    .replace(/^dist\//, '')
    .replace(/\/$/, '')
    .replace(/\.js$/, '.ts');

/** Tells paths from name patterns from the runner's own flags. */
export function selection(args, files) {
  const flags = args.filter(arg => arg.startsWith('-') && arg !== '--coverage' && !arg.startsWith(SEED_FLAG));
  const words = args.filter(arg => !arg.startsWith('-'));
  const under = word =>
    files.filter(file => file === slashed(word) || file.startsWith(`${slashed(word)}/`) || file === `${slashed(word)}.test.ts`);
  const chosen = words.flatMap(under);
  const paths = words.filter(word => /^(\.\/)?(dist\/)?tests(\/|$)/.test(word));
  const lost = paths.find(word => under(word).length === 0);
  if (lost !== undefined) throw new Error(`there is no test under ${lost}`);
  const patterns = words.filter(word => under(word).length === 0).map(word => `--test-name-pattern=${word}`);
  return { files: chosen.length > 0 ? [...new Set(chosen)] : files, flags: [...mapping(words.length > 0), ...flags, ...patterns] };
}

async function runFiles({ files, flags }, chance, env) {
  // Named by our process: two runs in one checkout do not read each other's.
  const runFile = join(root, 'dist', `.test-run-${process.pid}.json`);
  try {
    const reporters = [
      ['--test-reporter=spec', '--test-reporter-destination=stdout'],
      [`--test-reporter=${pathToFileURL(join(root, 'scripts', 'report.mjs')).href}`, `--test-reporter-destination=${runFile}`],
    ].flat();
    const args = ['--test', `--test-concurrency=${AT_ONCE}`, ...reporters, ...chance.flags, ...flags, ...files.map(compiledOf)];
    const exitCode = await exitOf(process.execPath, args, { env: { ...process.env, ...chance.env, ...env } });
    return { exitCode, run: readJson(runFile) };
  } finally {
    rmSync(runFile, { force: true });
  }
}

/** Runs the chosen tests; resolves to the exit code. */
export async function runTests(args) {
  const chance = chanceOf(args);
  await build();
  const chosen = selection(
    args,
    sources().filter(path => path.startsWith('tests/') && path.endsWith('.test.ts')),
  );
  const measured = args.includes('--coverage');
  const env = measured ? coverageEnvironment() : {};
  const { exitCode, run } = await step(`running ${chosen.files.length} test files`, () => runFiles(chosen, chance, env));
  if (run === undefined) throw new Error('the test runner ended without a report');
  keepResults(run);
  const covered = !measured || (await checkCoverage());
  const quiet = unexplained(run).length;
  if (quiet > 0) say(`failed: ${quiet} skipped without a reason`);
  for (const line of closing(run)) console.log(line);
  return exitCode !== 0 ? exitCode : covered && quiet === 0 ? 0 : 1;
}

if (isStarted(import.meta.url)) {
  await runTests(process.argv.slice(2)).then(code => {
    process.exitCode = code;
  }, leave);
}
