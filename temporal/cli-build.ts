/** Builds the pinned CLI from the Go module proxy, where there is no way to download it. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPath, checked } from './cli-find.js';
import type { Found, Search } from './cli-search.js';
import { inTurn, WORK_PREFIX } from './cli-turn.js';
import { atLeast, pinnedCli } from './versions.js';

const leastGo = '1.25';
const module = `github.com/temporalio/cli/cmd/temporal@v${pinnedCli}`;
const LIMIT_MS = 30 * 60_000;
const SAY_EVERY_MS = 20_000;

export async function built(search: Search): Promise<Found> {
  const go = await search.run('go', ['version'], { env: search.env, timeoutMs: 10_000 });
  if (!go.ok) return `Go is not here (${go.reason})`;
  const version = /go(\d+\.\d+(\.\d+)?)/.exec(go.output)?.[1] ?? '0';
  if (!atLeast(version, leastGo)) return `Go ${version} is here, but ${leastGo} or later is needed`;

  return inTurn(search, () => build(search));
}

async function build({ env, say, cacheFolder, run, signal }: Search): Promise<Found> {
  const folder = mkdtempSync(join(cacheFolder, WORK_PREFIX));
  try {
    say(`Building the Temporal CLI ${pinnedCli} with Go: about four minutes on two cores, once for this user`);
    const result = await run('go', ['install', `-ldflags=${linking}`, module], {
      env: { ...env, GOBIN: folder, GOWORK: 'off' },
      timeoutMs: LIMIT_MS,
      giveUp: stillGoing(say),
      signal,
    });
    if (!result.ok) return `go install ${module}: ${result.reason}`;
    const file = join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
    const found = await checked(file, run);
    if (typeof found === 'string') return found;
    const path = cachedPath(cacheFolder);
    renameSync(file, path);
    say(`Built the Temporal CLI: ${path}`);
    return { ...found, path };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without tables for a debugger it is a third smaller; the name makes it say its version instead of 0.0.0-DEV. */
const linking = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${pinnedCli}`;

/** Never gives up by itself; a silent minute of compiling looks like a hang. */
function stillGoing(say: (line: string) => void): () => undefined {
  const startedAt = performance.now();
  let saidAt = startedAt;
  return () => {
    const now = performance.now();
    if (now - saidAt < SAY_EVERY_MS) return undefined;
    saidAt = now;
    say(`Still building the Temporal CLI: ${Math.round((now - startedAt) / 1000)} s so far`);
    return undefined;
  };
}
