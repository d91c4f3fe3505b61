/**
 * A Python with the libraries that our tables are proved against: made once for each set of pins, in the user's
 * cache folder, and used by every test that asks. Where it cannot be made, those tests are skipped and say why.
 */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export const PINS: readonly string[] = ['deltalake==1.6.6', 'polars==2.1.0'];

/** The interpreter to start, or why there is none; `skip` fits the options of a test. */
export type Python = { readonly python: string; readonly skip: false } | { readonly python: undefined; readonly skip: string };

const run = promisify(execFile);
const say = (line: string): void => console.error(`python for tests: ${line}`);

export async function pythonForTests(pins: readonly string[] = PINS): Promise<Python> {
  const version = await run('python3', ['--version']).then(
    done => done.stdout.trim(),
    () => undefined,
  );
  if (version === undefined) return without('there is no python3 here');
  const parent = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tapekeep');
  const key = createHash('sha256')
    .update(JSON.stringify([version, process.arch, ...pins]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(parent, `python-${key}`);
  try {
    await mkdir(parent, { recursive: true });
    await inTurn(folder, () => make(folder, version, pins));
  } catch (error) {
    return without(`no environment with ${pins.join(' and ')} could be made: ${lastLine(error)}`);
  }
  return { python: join(folder, 'bin', 'python'), skip: false };
}

function without(reason: string): Python {
  say(`${reason}; tests that need it are skipped`);
  return { python: undefined, skip: reason };
}

/** A folder under its final name is whole: it was renamed when all was in it. */
async function make(folder: string, version: string, pins: readonly string[]): Promise<void> {
  const draft = `${folder}.${process.pid}-${randomUUID()}`;
  say(`making ${folder} (${version}, ${pins.join(', ')})`);
  try {
    await run('python3', ['-m', 'venv', draft]);
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', ...pins]);
    await rename(draft, folder);
    say('made');
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

const POLL_MS = 200;

/** Two test files that ask at once build one environment: the second waits, unless the first one's process is gone. */
async function inTurn(folder: string, work: () => Promise<void>): Promise<void> {
  const turn = `${folder}.turn`;
  while (!existsSync(folder)) {
    const ours = await writeFile(turn, String(process.pid), { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (!ours) {
      if (await isAbandoned(turn)) await rm(turn, { force: true });
      else await pause(POLL_MS);
      continue;
    }
    try {
      if (!existsSync(folder)) await work();
    } finally {
      await rm(turn, { force: true });
    }
  }
}

async function isAbandoned(turn: string): Promise<boolean> {
  const pid = Number(await readFile(turn, 'utf8').catch(() => ''));
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr ?? message).trim().split('\n').at(-1) ?? message;
}
