// Writes the generated pages: `pages.mjs faults` docs/faults.md, `pages.mjs settings` docs/settings.md.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { readJson, resultsFile } from './results.mjs';
import { root } from './run.mjs';
import { leave, say } from './say.mjs';
import { runTests } from './test.mjs';
import { compiledOf } from './tree.mjs';

const load = source => import(pathToFileURL(join(root, compiledOf(source))).href);

const pages = {
  async faults() {
    // Failed tests are results too: the page shows them.
    if (!existsSync(resultsFile)) await runTests([]);
    const { faults } = await load('tests/faults/list.ts');
    const { faultsPage } = await load('tests/faults/page.ts');
    return ['docs/faults.md', faultsPage(faults, readJson(resultsFile).tests)];
  },
  async settings() {
    const { settingsPage } = await load('src/settings.ts');
    return ['docs/settings.md', settingsPage()];
  },
};

async function write(name) {
  if (!Object.hasOwn(pages, name)) throw new Error(`usage: node scripts/pages.mjs ${Object.keys(pages).join(' | ')}`);
  await build();
  const [path, text] = await pages[name]();
  writeFileSync(join(root, path), text);
  say(`wrote ${path}`);
}

await write(process.argv[2] ?? '').catch(leave);
