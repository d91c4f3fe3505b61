/** The bars of a table, in time order. Every file is proved by its SHA-256 before a byte of it is used. */

import { subtle } from 'node:crypto';
import pl from 'nodejs-polars';
import { COLUMNS, type Column } from '../model/bars.js';
import { fail } from '../model/errors.js';
import type { Interval } from '../model/interval.js';
import { idOf, nameOf } from '../model/series.js';
import { readFrame } from './frames/read-frame.js';
import { placeOf, type Range, rowGroups } from './frames/row-groups.js';
import type { House } from './house.js';
import type { TableFile } from './log/snapshot.js';
import type { Table } from './table.js';

export interface Wanted {
  readonly interval?: Interval;
  readonly columns?: readonly Column[];
}

export async function readTable(house: House, table: Table, { interval, columns = COLUMNS }: Wanted = {}): Promise<pl.DataFrame> {
  const range: Range = interval ?? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const files = [...table.snapshot.files.values()]
    .filter(f => range.from < range.to && f.first < range.to && f.last >= range.from)
    .sort((a, b) => a.first - b.first);
  const wanted = columns.includes('ts') ? columns : (['ts', ...columns] as const);
  const frames: pl.DataFrame[] = [];
  // The next file is read and hashed on another thread while this one is decoded.
  let ahead = files[0] && begin(house, table, files[0], range);
  for (let i = 0; i < files.length; i++) {
    const next = files[i + 1];
    const reader = await (ahead as Promise<Reader>);
    ahead = next && begin(house, table, next, range);
    try {
      frames.push(await reader(wanted));
    } catch (error) {
      await ahead?.catch(() => {});
      throw error;
    }
  }
  const frame = frames.length > 0 ? pl.concat(frames, { how: 'vertical', rechunk: false }) : emptyFrame(wanted);
  const sorted = overlap(files) ? frame.sort('ts') : frame;
  return sorted.select(...columns);
}

/** Decodes a file that has been proved. */
type Reader = (columns: readonly Column[]) => pl.DataFrame | Promise<pl.DataFrame>;

async function begin(house: House, table: Table, file: TableFile, range: Range): Promise<Reader> {
  if (file.first >= range.from && file.last < range.to) {
    const bytes = await provedBytes(house, table, file);
    return columns => readFrame(bytes, columns);
  }
  const local = await house.objects.localFile(`${idOf(table.series)}/${file.path}`);
  const stamp = await stampOf(house, local);
  if (stamp === undefined) {
    const bytes = await provedBytes(house, table, file);
    return columns => between(readFrame(bytes, columns), range);
  }
  if (!isRemembered(house, local, stamp)) {
    await provedBytes(house, table, file);
    house.proved.set(local, { stamp, until: house.now() + REMEMBERED_MS });
  }
  return async columns => {
    const frame = rowGroups(local, columns, range);
    if ((await stampOf(house, local)) === stamp) return frame;
    // It may have changed, or only lost its other name, with a load that ends: its bytes tell.
    return between(readFrame(await provedBytes(house, table, file), columns), range);
  };
}

/**
 * A part of a file is read by its row groups, from the disk: its bytes were proved moments or minutes ago, and the disk's
 * own stamp says that nobody touched it since. A medium that decays in that time unseen is what `verify` is for.
 */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 10_000;

function isRemembered(house: House, local: string, stamp: string): boolean {
  if (house.proved.size > MOST_REMEMBERED) house.proved.clear();
  const proof = house.proved.get(local);
  return proof?.stamp === stamp && proof.until > house.now();
}

const stampOf = async (house: House, local: string): Promise<string | undefined> =>
  (await house.io.facts(local).catch(() => undefined))?.stamp;

async function provedBytes(house: House, table: Table, file: TableFile): Promise<Uint8Array> {
  const path = `${idOf(table.series)}/${file.path}`;
  const bytes = await house.objects.read(path);
  if (file.sha256 !== null && (bytes.length !== file.bytes || (await digestOf(bytes)) !== file.sha256)) {
    throw damaged(table, path, 'its SHA-256 is not the one in the log');
  }
  return bytes;
}

/** Unlike createHash this does not hold up the thread. */
const digestOf = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');

const damaged = (table: Table, file: string, reason: string) => fail('FILE_DAMAGED', { file, series: nameOf(table.series), reason });

const emptyFrame = (columns: readonly Column[]): pl.DataFrame => pl.DataFrame(Object.fromEntries(columns.map(c => [c, emptyColumn(c)])));

function emptyColumn(column: Column): pl.Series {
  if (column === 'ts') return pl.Series(column, [], pl.Int64).cast(pl.Datetime('us', 'UTC'));
  return pl.Series(column, [], column === 'source' ? pl.Utf8 : column === 'trades' ? pl.Int64 : pl.Float64);
}

const overlap = (files: readonly TableFile[]): boolean => files.some((f, i) => i > 0 && f.first <= (files[i - 1] as TableFile).last);

function between(frame: pl.DataFrame, range: Range): pl.DataFrame {
  const [start, end] = placeOf(frame, range);
  return frame.slice(start, end - start);
}
