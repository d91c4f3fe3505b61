// npm run bench -- <name> [--json]: builds and runs one script of bench/. Only its own lines go to standard output.
import { basename } from 'node:path';
import { build } from './build.mjs';
import { node } from './run.mjs';
import { leave } from './say.mjs';
import { compiledOf, filesUnder } from './tree.mjs';

const names = () =>
  filesUnder('bench')
    .filter(path => /^bench\/[^/]+\.ts$/.test(path))
    .map(path => basename(path, '.ts'));

async function bench([name, ...rest]) {
  if (name === undefined || !names().includes(name))
    throw new Error(`usage: npm run bench -- <name> [--json]; names: ${names().join(', ')}`);
  await build();
  await node(['--enable-source-maps', '--expose-gc', compiledOf(`bench/${name}.ts`), ...rest]);
}

await bench(process.argv.slice(2)).catch(leave);
