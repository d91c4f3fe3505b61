/** What each way of finding the Temporal CLI is given, and what it answers. */
import type { Archive } from './cli-archives.js';
import type { Run } from './run.js';
import type { CliVersion } from './versions.js';

export interface Search {
  readonly env: NodeJS.ProcessEnv;
  /** Told what is tried while it is tried. */
  readonly say: (line: string) => void;
  readonly cacheFolder: string;
  readonly run: Run;
  /** What may be downloaded here; undefined: nothing. */
  readonly archive: Archive | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A CLI that runs and is recent enough, or the reason why this way has none. */
export type Found = (CliVersion & { readonly path: string }) | string;
