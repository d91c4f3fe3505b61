// Compiles to dist/: only what changed, nothing that has lost its source, and the workflow bundle when there is one.
import { chmodSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { isStarted, node, root, tool } from './run.mjs';
import { leave, step } from './say.mjs';
import { compiledOf, filesUnder, leftovers, sources } from './tree.mjs';

const compilerMemory = join(root, 'dist', '.tsbuildinfo');
// Compiled from our own source: it bundles the workflows once, so that no worker has to at its start.
const bundler = 'dist/src/worker/bundle-workflows.js';
const bundle = 'dist/workflow-bundle.js';
const bundled = ['dist/src/workflows', 'dist/src/model'];

export const compile = args => tool('typescript/bin/tsc', ['-p', '.', ...args]);

async function compileAll() {
  // The compiler trusts its memory of what it wrote. Where outputs were deleted by hand, it has to forget.
  if (sources().some(source => !existsSync(join(root, compiledOf(source))))) rmSync(compilerMemory, { force: true });
  for (const path of leftovers()) rmSync(join(root, path));
  await compile([]);
  // The compiler keeps the line that names node, and forgets that this is a program.
  chmodSync(join(root, 'dist/src/client/cli.js'), 0o755);
}

const changedMs = path => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

const needsBundle = () => existsSync(join(root, bundler)) && Math.max(...bundled.flatMap(filesUnder).map(changedMs)) >= changedMs(bundle);

/** Set-up shared by all scripts that run our code: packages installed, code compiled. */
export async function build() {
  await install();
  await step('compiling', compileAll);
  if (needsBundle()) await step('bundling the workflows', () => node([bundler]));
}

if (isStarted(import.meta.url)) await build().catch(leave);
