// npm run soak -- [hours and so on]: the long run under faults, with its arguments passed on; fuzz: properties with other values.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { fuzz } from './fuzz.mjs';
import { node, root } from './run.mjs';
import { leave } from './say.mjs';
import { compiledOf } from './tree.mjs';

const soak = 'tests/faults/soak.ts';

async function run(args) {
  if (!existsSync(join(root, soak))) throw new Error(`there is no soak run yet: it will be ${soak}`);
  await build();
  if (args[0] === 'fuzz') return fuzz(args.slice(1));
  await node(['--enable-source-maps', compiledOf(soak), ...args]);
}

await run(process.argv.slice(2)).catch(leave);
