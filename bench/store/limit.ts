/** The bare cost: what no store that keeps its promises could undercut with these libraries. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { type Bars, concatBars } from '../../src/model/bars.js';
import { idOf } from '../../src/model/series.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { writeBars } from '../../src/store/frames/write-parquet.js';
import { realIo } from '../../src/store/io.js';
import { readSnapshot } from '../../src/store/log/log.js';
import type { TableFile } from '../../src/store/log/snapshot.js';
import { localStore } from '../../src/store/object-store.js';
import { FIRST, randomWalk, walkInParts } from './random-walk.js';
import { folderOf, HOLE, PIECED, SERIES } from './tables.js';
import { type Answers, type Measured, type Task, timed } from './task.js';

const ENTRY_BYTES = 2500;

/** Written, synced, renamed, and the folder synced. */
async function durable(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const draft = await realIo.create(join(folder, `${name}.tmp`));
  await draft.write(bytes);
  await draft.sync();
  await draft.close();
  await realIo.rename(join(folder, `${name}.tmp`), join(folder, name));
  await realIo.syncFolder(folder);
}

function freshFolder(root: string): string {
  const folder = join(root, 'limit');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

const frameOf = (bars: Bars): pl.DataFrame =>
  pl.DataFrame({
    ts: pl.Series('ts', bars.ts).cast(pl.Int64),
    ...Object.fromEntries((['open', 'high', 'low', 'close', 'volume', 'turnover'] as const).map(c => [c, pl.Series(c, bars[c])])),
    trades: pl.Series('trades', bars.trades).cast(pl.Int64),
  });

/** The files of bars that `create` made, without what was appended since. */
async function filesOf(root: string): Promise<readonly TableFile[]> {
  const snapshot = await readSnapshot(localStore(root, join(root, '.tapekeep', 'temp')), idOf(SERIES));
  return [...(snapshot?.files.values() ?? [])].sort((a, b) => a.first - b.first);
}

const pathsOf = (root: string, files: readonly TableFile[]): string[] => files.map(f => join(folderOf(root), f.path));
const sizeOf = (files: readonly TableFile[]): number => files.reduce((sum, f) => sum + f.bytes, 0);

async function read({ root, runs }: Task, from: number): Promise<Measured> {
  const files = (await filesOf(root)).filter(f => f.last >= from);
  const paths = pathsOf(root, files);
  const since = pl.lit(from * 1000);
  const one = (path: string) =>
    Number.isFinite(from) ? pl.scanParquet(path).filter(pl.col('ts').cast(pl.Int64).gtEq(since)).collectSync() : pl.readParquet(path);
  const times = await timed(
    runs,
    () => {},
    () => pl.concat(paths.map(one), { how: 'vertical', rechunk: false }),
  );
  return { times, bytes: sizeOf(files) };
}

/** One small Parquet file and one log entry, both made durable. */
async function oneFile({ root, runs }: Task, rows: number): Promise<Measured> {
  const folder = freshFolder(root);
  let bytes = 0;
  const times = await timed(
    runs,
    run => ({ run, bars: randomWalk(rows, run * rows) }),
    async ({ run, bars }) => {
      const parquet = await writeBars(bars);
      bytes = parquet.length;
      await durable(folder, `${run}.parquet`, parquet);
      await durable(folder, `${run}.json`, Buffer.alloc(ENTRY_BYTES, 120));
    },
  );
  return { times, bytes };
}

export const limit: Answers = {
  /** The bars as polars' own Parquet, in one durable file. */
  async create({ n, root, runs }) {
    const frame = frameOf(concatBars(walkInParts(n)));
    let bytes = 0;
    const times = await timed(
      runs,
      () => freshFolder(root),
      async folder => {
        const parquet = frame.writeParquet({ compression: 'zstd' });
        bytes = parquet.length;
        await durable(folder, 'bars.parquet', parquet);
      },
    );
    freshFolder(root);
    return { times, bytes };
  },

  read_day: task => read(task, FIRST + task.n * MINUTE - DAY),
  read_all: task => read(task, Number.NEGATIVE_INFINITY),

  /** SHA-256 of the same bytes. */
  async verify({ root, runs }) {
    const files = await filesOf(root);
    const times = await timed(
      runs,
      () => {},
      () => pathsOf(root, files).map(path => createHash('sha256').update(readFileSync(path)).digest('hex')),
    );
    return { times, bytes: sizeOf(files) };
  },

  append1k: task => oneFile(task, 1000),
  replace500: task => oneFile(task, 1000),
  insert10k: task => oneFile(task, HOLE),

  /** The log listed, its last checkpoint read, and the entries since. */
  async open1000({ root, runs }) {
    const log = join(folderOf(root, PIECED), '_delta_log');
    let bytes = 0;
    const times = await timed(
      runs,
      () => {},
      () => {
        const names = readdirSync(log).sort();
        const checkpoint = names.findLastIndex(name => name.endsWith('.checkpoint.parquet'));
        const since = names.slice(Math.max(0, checkpoint)).filter(name => /\.(json|parquet)$/.test(name));
        bytes = since.reduce((sum, name) => sum + readFileSync(join(log, name)).length, 0);
      },
    );
    return { times, bytes };
  },
};
