/** Bundles the workflows at build time, so that no worker has to at its start. Does nothing when the bundle is newer than its sources. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const dist = fileURLToPath(new URL('../..', import.meta.url));
export const BUNDLE = join(dist, 'workflow-bundle.js');
const SOURCES = [join(dist, 'src', 'workflows'), join(dist, 'src', 'model')];

const newest = (folder: string): number =>
  Math.max(...readdirSync(folder, { recursive: true }).map(name => statSync(join(folder, String(name))).mtimeMs));

const silent: Logger = { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

export async function bundleWorkflows(): Promise<void> {
  if (existsSync(BUNDLE) && statSync(BUNDLE).mtimeMs > Math.max(...SOURCES.map(newest))) return;
  const workflowsPath = join(dist, 'src', 'workflows', 'index.js');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent });
  writeFileSync(BUNDLE, code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleWorkflows();
