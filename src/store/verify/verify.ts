/** Reads again all that is stored of a series, and tells what is not as it was written. Nothing is changed. */
import type { Calendar } from '../../model/calendar.js';
import { isTapekeepError } from '../../model/errors.js';
import { idOf, type Series } from '../../model/series.js';
import type { House } from '../house.js';
import type { TableFile } from '../log/snapshot.js';
import { findTable, type Table } from '../table.js';
import { seeBars } from './deep.js';
import { besideFiles, checkFiles, dataFiles, type Expected, strangers } from './files.js';
import type { Flaw } from './flaws.js';
import { seeLog } from './log.js';
import { rawFiles } from './raw.js';

export interface VerifyOptions {
  /** Decodes every bar of the newest version by two readers, too. */
  readonly deep?: boolean;
  /** Only so many files, chosen by chance: for every day. */
  readonly sample?: number;
  /** Only this share of the files, at least one. */
  readonly share?: number;
  readonly random?: () => number;
  /** By what bars are expected; unsaid, nobody looks for bars that nothing explains. */
  readonly calendarOf?: (table: Table) => Promise<Calendar | undefined>;
}

export interface Verified {
  readonly series: Series;
  /** The newest version that the log tells of. */
  readonly version: number;
  readonly entries: number;
  readonly checkpoints: number;
  readonly files: number;
  readonly bytes: number;
  /** Bars that were decoded; null: none were looked at. */
  readonly rows: number | null;
  readonly flaws: readonly Flaw[];
}

export async function verify(house: House, series: Series, options: VerifyOptions = {}): Promise<Verified> {
  const id = idOf(series);
  const log = await seeLog(house, id);
  const data = dataFiles(id, log);
  const beside = [...besideFiles(id, log), ...(await rawFiles(house, log.told))];
  const chosen = sampled([...data, ...beside], options);
  const checked = await checkFiles(house, chosen);
  const known = new Set([...data, ...beside].map(file => file.path));
  const strange = await strangers(house, id, known);
  const flaws: Flaw[] = [...log.flaws, ...checked.flaws, ...strange];
  const bars = options.deep ? await deepOf(house, series, chosen, flaws, options) : undefined;
  return {
    series,
    version: log.latest,
    entries: log.told.length,
    checkpoints: log.checkpoints,
    files: chosen.length,
    bytes: checked.bytes,
    rows: bars?.rows ?? null,
    flaws: [...flaws, ...(bars?.flaws ?? [])],
  };
}

function sampled(files: readonly Expected[], { share, random = Math.random, ...options }: VerifyOptions): readonly Expected[] {
  const sample = share === undefined ? options.sample : Math.max(1, Math.ceil(files.length * share));
  if (sample === undefined || sample >= files.length) return files;
  const left = [...files];
  return Array.from({ length: sample }, () => left.splice(Math.floor(random() * left.length), 1)[0] as Expected);
}

/** Files that are known to be damaged are not decoded: nothing of them would be believed. */
async function deepOf(house: House, series: Series, chosen: readonly Expected[], flaws: readonly Flaw[], options: VerifyOptions) {
  const table = await tableOf(house, series);
  if (!table) return undefined;
  const id = idOf(series);
  const bad = new Set(flaws.map(flaw => flaw.file));
  const looked = new Set(chosen.map(file => file.path));
  const all = [...table.snapshot.files.values()];
  const whole = all.filter((file: TableFile) => looked.has(`${id}/${file.path}`) && !bad.has(`${id}/${file.path}`) && file.sha256 !== null);
  const calendar = whole.length === all.length ? await options.calendarOf?.(table) : undefined;
  return seeBars(house, table, whole, calendar);
}

/** What hinders opening has been told of already. */
async function tableOf(house: House, series: Series): Promise<Table | undefined> {
  try {
    return await findTable(house, series);
  } catch (error) {
    if (isTapekeepError(error)) return undefined;
    throw error;
  }
}
