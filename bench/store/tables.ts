/** The tables that are measured: one that `create` makes, one with holes, one of a thousand commits. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bars } from '../../src/model/bars.js';
import type { IntervalSet } from '../../src/model/interval.js';
import { CRYPTO_BASIS, idOf, type Series } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { frameChildren, openStore, type Store } from '../../src/store/index.js';
import { randomWalk } from './random-walk.js';

export const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' };
export const HOLED: Series = { ...SERIES, symbol: 'HOLED' };
export const PIECED: Series = { ...SERIES, symbol: 'PIECED' };

/** The store as a worker uses it: frame work in a child process, everything durable, everything proved. */
export const open = (root: string): Promise<Store> => openStore({ root, frames: frameChildren({ children: 1 }), now: () => Date.now() });

export async function put(store: Store, load: string, parts: readonly Bars[], series = SERIES): Promise<void> {
  const answered: IntervalSet = parts.map(({ ts }) => ({ from: ts[0] as number, to: (ts.at(-1) as number) + MINUTE }));
  await store.write({
    series,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    load,
    batch: 0,
    inputs: [await store.stageBars(load, parts)],
    answered,
    absences: [],
    rule: 'newer',
    by: 'bench',
    provider: null,
    requests: 0,
  });
}

export const HOLE = 10_000;

/** `n` bars with so many holes of ten thousand between them; the bars of hole i are those from the second number on. */
export async function makeHoled(store: Store, n: number, holes: number): Promise<(hole: number) => Bars> {
  const each = Math.floor(n / (holes + 1));
  const parts = Array.from({ length: holes + 1 }, (_, i) => randomWalk(each, i * (each + HOLE)));
  await put(store, 'holed', parts, HOLED);
  return hole => randomWalk(HOLE, hole * (each + HOLE) + each);
}

/** `n` bars in a thousand commits. */
export async function makePieced(store: Store, n: number, commits: number): Promise<void> {
  const each = Math.ceil(n / commits);
  for (let i = 0; i < commits; i++) await put(store, `piece-${i}`, [randomWalk(each, i * each)], PIECED);
}

export const folderOf = (root: string, series = SERIES): string => join(root, idOf(series));

/** All that lies in a table's folder: bars, log, checkpoints. */
export const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
