/** Downloads and builds go one at a time for each user: two at once would only take each other's time. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTapekeepError } from '../src/model/errors.js';
import { cached } from './cli-find.js';
import type { Found, Search } from './cli-search.js';
import { type Lock, takeLock } from './lock.js';

const LOOK_EVERY_MS = 500;
/** Work in progress lies in folders of this name, beside the finished files. */
export const WORK_PREFIX = 'obtaining-';

/** Runs `make` when nobody else obtains a CLI; after a wait, what the other one obtained comes first. */
export async function inTurn(search: Search, make: () => Promise<Found>): Promise<Found> {
  mkdirSync(search.cacheFolder, { recursive: true });
  const { lock, waited } = await ourTurn(search);
  try {
    const theirs = waited ? await cached(search) : 'nobody else was at it';
    if (typeof theirs !== 'string') return theirs;
    sweep(search.cacheFolder);
    return await make();
  } finally {
    await lock.release();
  }
}

async function ourTurn({ say, cacheFolder, signal }: Search): Promise<{ lock: Lock; waited: boolean }> {
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    try {
      return { lock: await takeLock(join(cacheFolder, 'obtaining.lock'), { purpose: 'obtaining the Temporal CLI' }), waited };
    } catch (error) {
      if (!isTapekeepError(error, 'FOLDER_LOCKED')) throw error;
      if (!waited) say(`Process ${error.facts.pid} is already obtaining the Temporal CLI: waiting for it`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

/** What killed processes left; nobody else is at work while we have the turn. */
function sweep(cacheFolder: string): void {
  for (const name of readdirSync(cacheFolder)) {
    if (name.startsWith(WORK_PREFIX)) rmSync(join(cacheFolder, name), { recursive: true, force: true });
  }
}
