/** The three places where a Temporal CLI may already lie: named by the user, on the PATH, in our cache folder. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fail } from '../src/model/errors.js';
import type { Found, Search } from './cli-search.js';
import type { Run } from './run.js';
import { type CliVersion, isRecentEnough, leastCli, pinnedCli, readVersion } from './versions.js';

const suffix = process.platform === 'win32' ? '.exe' : '';

export const cachedPath = (cacheFolder: string): string => join(cacheFolder, `temporal-${pinnedCli}${suffix}`);

export async function named(asked: string, { run }: Search): Promise<CliVersion & { path: string }> {
  const path = resolve(asked);
  const version = await askVersion(path, run);
  if (typeof version === 'string') throw fail('TEMPORAL_MISSING', { tried: ` TEMPORAL_CLI=${path}: ${version}` });
  if (!isRecentEnough(version)) throw fail('TEMPORAL_VERSION', { path, version: version.version, needs: leastCli });
  return { path, ...version };
}

export async function onPath(search: Search): Promise<Found> {
  const path = await firstOnPath(search.env.PATH ?? '');
  return path === undefined ? 'there is none' : checked(path, search.run);
}

export async function cached(search: Search): Promise<Found> {
  const path = cachedPath(search.cacheFolder);
  return (await isExecutable(path)) ? checked(path, search.run) : `there is no ${path}`;
}

/** A CLI at `path` that runs and is recent enough, or why not. */
export async function checked(path: string, run: Run): Promise<Found> {
  const version = await askVersion(path, run);
  if (typeof version === 'string') return `${path}: ${version}`;
  return isRecentEnough(version) ? { path, ...version } : `${path} is version ${version.version}, older than ${leastCli}`;
}

async function askVersion(path: string, run: Run): Promise<CliVersion | string> {
  const answer = await run(path, ['--version'], { env: {}, timeoutMs: 10_000 });
  if (!answer.ok) return `it does not run: ${answer.reason}`;
  return readVersion(answer.output) ?? 'it does not say a version as the Temporal CLI does';
}

async function firstOnPath(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const candidate = join(folder, `temporal${suffix}`);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
