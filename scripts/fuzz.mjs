// npm run soak -- fuzz --minutes 20: all properties, over and over with other values, until the time is over or one fails.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './run.mjs';
import { say } from './say.mjs';
import { holdsProperties, seeded } from './seed.mjs';
import { compiledOf, sources } from './tree.mjs';

const MOST_OUTPUT = 64 * 1024 * 1024;

function minutesIn(args) {
  const { minutes } = parseArgs({ args, options: { minutes: { type: 'string', default: '20' } } }).values;
  if (!(Number(minutes) > 0)) throw new Error(`--minutes is a number above zero, not ${minutes}`);
  return Number(minutes);
}

/** One round; answers what it said when a test failed. */
function round(files, seed) {
  const { flags, env } = seeded(seed);
  const args = ['--test', '--test-reporter=spec', ...flags, ...files.map(compiledOf)];
  const options = { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: MOST_OUTPUT };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, options);
  return status === 0 ? undefined : `${stdout}${stderr}${error?.message ?? ''}`;
}

export function fuzz(args) {
  const until = Date.now() + minutesIn(args) * 60_000;
  const files = sources().filter(path => path.endsWith('.test.ts') && holdsProperties(join(root, path)));
  let rounds = 0;
  do {
    const seed = randomInt(0x7fffffff);
    const failed = round(files, seed);
    if (failed !== undefined) {
      console.log(failed);
      throw new Error(`a property failed with seed ${seed}; the same again: npm test -- --seed=${seed} <its file>`);
    }
    say(`round ${++rounds}: the properties of ${files.length} files hold with seed ${seed}`);
  } while (Date.now() < until);
}
