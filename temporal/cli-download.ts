/** The SDK's own download of the pinned CLI, in a child process so that a dead network cannot hold us. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedPath, checked } from './cli-find.js';
import type { Found, Search } from './cli-search.js';
import { inTurn, WORK_PREFIX } from './cli-turn.js';
import { pinnedCli } from './versions.js';

/** The SDK opens its file once the far side has answered; until then there is nothing to wait for. It counts from the asking on. */
const ANSWER_WITHIN_MS = 7_000;
const STALLED_AFTER_MS = 30_000;
const LIMIT_MS = 15 * 60_000;
const ASKING = 'asking';

export const downloaded = (search: Search): Promise<Found> => inTurn(search, () => download(search));

async function download({ env, say, cacheFolder, run, signal }: Search): Promise<Found> {
  say(`No Temporal CLI here: asking the Temporal SDK to download version ${pinnedCli}`);
  const folder = mkdtempSync(join(cacheFolder, WORK_PREFIX));
  try {
    const script = fileURLToPath(new URL('./sdk-download.js', import.meta.url));
    let stalled: (() => string | undefined) | undefined;
    const result = await run(process.execPath, [script, folder, `v${pinnedCli}`, ASKING], {
      env,
      timeoutMs: LIMIT_MS,
      giveUp: () => stalled?.(),
      onLine(line) {
        if (line === ASKING) stalled ??= stallWatch(folder, say);
      },
      signal,
    });
    const file = finishedFile(folder);
    if (file === undefined) return result.reason || 'it ended without a file';
    chmodSync(file, 0o755);
    const found = await checked(file, run);
    if (typeof found === 'string') return found;
    const path = cachedPath(cacheFolder);
    renameSync(file, path);
    say(`Downloaded the Temporal CLI to ${path}`);
    return { ...found, path };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says how it goes, and gives a reason to stop when nothing comes any more. */
export function stallWatch(
  folder: string,
  say: (line: string) => void,
  now: () => number = () => performance.now(),
): () => string | undefined {
  let seen = -1;
  let since = now();
  let saidAt = now();
  return () => {
    const bytes = bytesSoFar(folder);
    if (bytes !== seen) since = now();
    seen = bytes;
    if (bytes > 0 && now() - saidAt > 5_000) {
      saidAt = now();
      say(`Downloading the Temporal CLI: ${(bytes / 1e6).toFixed(0)} MB so far`);
    }
    const waitMs = now() - since;
    if (bytes < 0 && waitMs > ANSWER_WITHIN_MS) return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
    return waitMs > STALLED_AFTER_MS ? `nothing came for ${STALLED_AFTER_MS / 1000} s` : undefined;
  };
}

function bytesSoFar(folder: string): number {
  try {
    const file = readdirSync(folder)[0];
    return file === undefined ? -1 : statSync(join(folder, file)).size;
  } catch {
    // Renamed between the two calls: it has just ended.
    return 0;
  }
}

/** The SDK gives the file its final name only when it is whole. */
function finishedFile(folder: string): string | undefined {
  const file = readdirSync(folder).find(name => !name.endsWith('.downloading'));
  return file !== undefined && existsSync(join(folder, file)) ? join(folder, file) : undefined;
}
