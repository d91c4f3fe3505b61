// Installs what the lock file says, and only when it is not there yet.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, root } from './run.mjs';
import { step } from './say.mjs';

const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.tapekeep-installed');
const npmsRecord = join(root, 'node_modules', '.package-lock.json');

const stampOf = text => `${createHash('sha256').update(text).digest('hex')} ${process.platform} ${process.arch}\n`;
const readIf = path => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** npm keeps its own record of what it installed. When that says the same as the lock file, somebody ran npm by hand. */
export function alreadyThere(lockText, recordText) {
  if (recordText === undefined) return false;
  const wanted = Object.entries(JSON.parse(lockText).packages).filter(([path]) => path !== '');
  const installed = JSON.parse(recordText).packages;
  const same = ([path, entry]) => installed[path]?.version === entry.version && installed[path]?.integrity === entry.integrity;
  return wanted.every(pair => same(pair) || (pair[1].optional === true && installed[pair[0]] === undefined));
}

function npmCi() {
  const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? must(process.execPath, [script, ...args]) : must('npm', args);
}

/** Leaves node_modules as package-lock.json describes it. */
export async function install() {
  const lock = readFileSync(lockFile, 'utf8');
  const stamp = stampOf(lock);
  if (readIf(stampFile) === stamp) return;
  if (!alreadyThere(lock, readIf(npmsRecord))) await step('installing what package-lock.json lists', npmCi);
  writeFileSync(stampFile, stamp);
}
