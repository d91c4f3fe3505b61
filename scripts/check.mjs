// npm run check: types, format and lint, imports, links in documents, then all tests. --no-tests stops before those.
import { build, compile } from './build.mjs';
import { install } from './install.mjs';
import { node, tool } from './run.mjs';
import { leave, step } from './say.mjs';
import { runTests } from './test.mjs';
import { compiledOf } from './tree.mjs';

const only = source => node(['--enable-source-maps', '--test', '--test-reporter=spec', compiledOf(source)]);

async function check(args) {
  await install();
  await step('checking types', () => compile(['--noEmit']));
  await step('checking format and lint', () => tool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']));
  await build();
  await step('checking imports', () => only('tests/arrows.test.ts'));
  await step('checking documents', () => only('tests/documents.test.ts'));
  return args.includes('--no-tests') ? 0 : runTests(args);
}

await check(process.argv.slice(2)).then(code => {
  process.exitCode = code;
}, leave);
