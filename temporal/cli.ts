/** Finds the Temporal CLI on this machine, or obtains it: the first of five ways that works. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../src/model/errors.js';
import { type Archive, archiveFor } from './cli-archives.js';
import { built } from './cli-build.js';
import { downloaded } from './cli-download.js';
import { cached, named, onPath } from './cli-find.js';
import type { Found, Search } from './cli-search.js';
import { type Run, run as realRun } from './run.js';
import type { CliVersion } from './versions.js';

export type CliSource = 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'build';

export interface Cli extends CliVersion {
  readonly path: string;
  readonly source: CliSource;
}

export interface CliRequest {
  readonly env: NodeJS.ProcessEnv;
  /** Told what is tried while it is tried. */
  readonly say: (line: string) => void;
  readonly cacheFolder?: string;
  /** Tests stand in for the machine and the network here. */
  readonly run?: Run;
  readonly archive?: Archive;
  readonly signal?: AbortSignal;
}

interface Way {
  readonly source: CliSource;
  readonly label: string;
  readonly look: (search: Search) => Promise<Found>;
}

const waysToFind: readonly Way[] = [
  { source: 'PATH', label: 'temporal on the PATH', look: onPath },
  { source: 'cache', label: 'the cache folder', look: cached },
];

const ways: readonly Way[] = [
  ...waysToFind,
  { source: 'download', label: 'download', look: downloaded },
  { source: 'build', label: 'build with Go', look: built },
];

export const obtainCli = (request: CliRequest): Promise<Cli> => firstOf(ways, request);

/** Only looks: nothing is downloaded or built. */
export const findCli = (request: CliRequest): Promise<Cli> => firstOf(waysToFind, request);

async function firstOf(these: readonly Way[], request: CliRequest): Promise<Cli> {
  const search: Search = {
    env: request.env,
    say: request.say,
    cacheFolder: request.cacheFolder ?? userCacheFolder(request.env),
    run: request.run ?? realRun,
    archive: request.archive ?? archiveFor(),
    signal: request.signal,
  };
  const asked = search.env.TEMPORAL_CLI;
  // Somebody named one: any other would be a surprise, so a wrong name ends the search.
  if (asked) return { ...(await named(asked, search)), source: 'TEMPORAL_CLI' };

  const tried = ['TEMPORAL_CLI: not set'];
  for (const { source, label, look } of these) {
    const found = await look(search);
    search.signal?.throwIfAborted();
    if (typeof found !== 'string') return { ...found, source };
    tried.push(`${label}: ${found}`);
  }
  throw fail('TEMPORAL_MISSING', { tried: tried.map((line, i) => `\n  ${i + 1}. ${line}`).join('') });
}

export const userCacheFolder = (env: NodeJS.ProcessEnv): string => join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tapekeep');
