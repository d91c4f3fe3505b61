/** Downloads the pinned CLI. Not a byte of it is unpacked or executed before the whole has the checksum that we know. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPath, checked } from './cli-find.js';
import type { Found, Search } from './cli-search.js';
import { inTurn, WORK_PREFIX } from './cli-turn.js';
import { fetchFile } from './fetch-file.js';
import { pinnedCli } from './versions.js';

const UNPACK_WITHIN_MS = 120_000;

export const downloaded = (search: Search): Promise<Found> => inTurn(search, () => download(search));

async function download({ archive, env, say, cacheFolder, run, signal }: Search): Promise<Found> {
  if (!archive) return `no checksum of a download is known for ${process.platform} on ${process.arch}`;
  say(`No Temporal CLI here: downloading version ${pinnedCli}`);
  const folder = mkdtempSync(join(cacheFolder, WORK_PREFIX));
  try {
    const packed = join(folder, 'packed.tar.gz');
    const fetched = await fetchFile(archive.url, packed, { env, say, signal });
    if (typeof fetched === 'string') return fetched;
    if (fetched.sha256 !== archive.sha256)
      return `${archive.url} has the SHA-256 ${fetched.sha256}, and that of the release is ${archive.sha256}: somebody changed it. It was removed, and nothing of it was executed`;
    const unpacked = await run('tar', ['-xzf', packed, '-C', folder, 'temporal'], { env, timeoutMs: UNPACK_WITHIN_MS, signal });
    if (!unpacked.ok) return `the archive could not be unpacked: ${unpacked.reason}`;
    const file = join(folder, 'temporal');
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
