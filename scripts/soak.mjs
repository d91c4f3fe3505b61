// npm run soak -- [hours and so on]: the long run under faults, with its arguments passed on; fuzz: properties with other values;
// faults: the tests of the store's faults with all that they try, where `npm test` takes a part.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { fuzz } from './fuzz.mjs';
import { node, root } from './run.mjs';
import { leave } from './say.mjs';
import { compiledOf, sources } from './tree.mjs';

const soak = 'tests/faults/soak.ts';

const faults = () => {
  const files = sources().filter(path => /^tests\/faults\/.*\.test\.ts$/.test(path));
  return node(['--test', '--test-reporter=spec', ...files.map(compiledOf)], { env: { ...process.env, TAPEKEEP_WHOLE: '1' } });
};

async function run(args) {
  if (!existsSync(join(root, soak))) throw new Error(`there is no soak run yet: it will be ${soak}`);
  await build();
  if (args[0] === 'fuzz') return fuzz(args.slice(1));
  if (args[0] === 'faults') return faults();
  await node(['--enable-source-maps', compiledOf(soak), ...args]);
}

await run(process.argv.slice(2)).catch(leave);
