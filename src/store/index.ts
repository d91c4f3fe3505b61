/** The store: tables of bars that nothing can tear. The only room that writes data. */
import type pl from 'nodejs-polars';
import type { Bars } from '../model/bars.js';
import type { ChangeOrder } from '../model/change.js';
import type { EventsOf } from '../model/events.js';
import type { EventsReport } from '../model/events-order.js';
import type { Market } from '../model/market.js';
import type { Series } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import { type AsideBars, type AsideFile, asideBars, asideFiles } from './aside.js';
import { type BackedUp, type BackupWish, backUp, bringBack, listBackup } from './backup/backup.js';
import { openPlace } from './backup/place.js';
import { type BackupVerdict, verifyBackup } from './backup/verify.js';
import type { GivenUp } from './bound.js';
import { foldable } from './changes/compact.js';
import { commit, type Landed, makeCheckpoint, type Outcome } from './commit.js';
import type { DeriveWish } from './derive.js';
import { type Difference, differences } from './diff.js';
import { findEvents, type HeldEvents, type NewEvents, putEvents } from './events.js';
import type { Derived, Input, RefusedLine } from './frames/jobs.js';
import { type House, openHouse, type StoreSettings } from './house.js';
import { closeLoad, type OpenLoad, openLoads, recordLoad } from './loads.js';
import type { LogEntry } from './log/entry.js';
import type { Keep } from './log/expired.js';
import type { Preview } from './preview.js';
import type { Proposal, WriteRequest } from './proposal.js';
import { propose } from './propose.js';
import type { Wanted } from './read.js';
import type { Mended } from './repair/mend.js';
import { freeBytes, requireRoom } from './room.js';
import type { SlicesOut } from './slices-out.js';
import type { SegmentPages } from './staging.js';
import { barsIn, type Reach } from './stretches.js';
import type { Swept } from './sweep.js';
import { findTable, history, listSeries, openTable, type Table } from './table.js';
import type { RefusedLines } from './texts.js';
import { type Vacuumed, vacuum } from './vacuum.js';
import type { Verified, VerifyOptions } from './verify/verify.js';
import { landed, merge, validate, write } from './write.js';

export interface Store {
  readonly house: House;
  /** Every series in the data folder. */
  list(): Promise<Series[]>;
  find(series: Series, asOf?: number): Promise<Table | undefined>;
  open(series: Series, asOf?: number): Promise<Table>;
  read(table: Table, wanted?: Wanted): Promise<pl.DataFrame>;
  /** The same as columns of numbers, a batch at a time, in the memory of a few. */
  bars(table: Table, reach?: Reach): AsyncGenerator<Bars>;
  history(series: Series, most?: number): Promise<LogEntry[]>;
  merge(request: WriteRequest): Promise<Proposal>;
  /** Coarser bars of a table as a raw file, and which of them there are none of. */
  derive(base: Table, wish: DeriveWish): Promise<Derived>;
  /** An ordered change as a proposal on the newest version. */
  propose(order: ChangeOrder, market?: Market): Promise<Proposal>;
  /** Propose, validate and commit, again after a lost race. */
  change(order: ChangeOrder, market?: Market): Promise<Landed & { proposal: Proposal }>;
  /** What an ordered change would do. Nothing is written, not even for a moment. */
  preview(order: ChangeOrder, market?: Market): Promise<Preview>;
  /** Splits and dividends of a symbol; undefined: none were ever told. */
  events(of: EventsOf, asOf?: number): Promise<HeldEvents | undefined>;
  /** Keeps them beside its tables. Told again, nothing changes. */
  putEvents(news: NewEvents): Promise<EventsReport>;
  /** The rows in which two versions of a series differ, in time order, some at a time. */
  diff(before: Table, after: Table): AsyncGenerator<Difference[]>;
  validate(proposal: Proposal): Promise<void>;
  commit(proposal: Proposal): Promise<Outcome>;
  /** Merge, validate and commit, again after a lost race. */
  write(request: WriteRequest): Promise<Landed & { proposal: Proposal }>;
  checkpoint(series: Series, version?: number): Promise<void>;
  pages<F extends object, D extends { readonly input: Input | null }>(load: string, segment: string): Promise<SegmentPages<F, D>>;
  writeNote(load: string, value: unknown): Promise<string>;
  readNote<T>(load: string, note: string): Promise<T>;
  clearLoad(load: string): Promise<void>;
  setAside(load: string): Promise<void>;
  stageBars(load: string, parts: readonly Bars[]): Promise<Input>;
  /** `lines`: where in somebody's file each bar stood. */
  stageSlices(load: string, bars: Bars, timeframe: Timeframe, lines?: Float64Array): Promise<Input[]>;
  /** The same piece by piece. */
  openSlices(load: string, timeframe: Timeframe): Promise<SlicesOut>;
  /** A text that can only be read from its beginning, once as a file: where it lies. */
  stageText(load: string, key: unknown, chunks: () => AsyncIterable<Uint8Array>, beat: (bytes: number) => void): Promise<string>;
  stageRefused(load: string, lines: readonly RefusedLine[]): Promise<RefusedLines | null>;
  /** Lets go of what a version holds now. */
  unstage(load: string, files: readonly string[]): Promise<void>;
  recordLoad(open: OpenLoad): Promise<void>;
  closeLoad(load: string): Promise<void>;
  openLoads(): Promise<{ loads: OpenLoad[]; unreadable: string[] }>;
  /** Bars of a series that were set aside when they came, by version. */
  asideBars(series: Series): AsyncGenerator<AsideBars>;
  /** Files that nobody can use, where nothing sweeps. */
  asideFiles(): Promise<AsideFile[]>;
  /** Mends what can be mended without a new version, and tells what it did. `order` names the folder for what is made on the way. */
  mend(series: Series, order: string): Promise<Mended[]>;
  /** Reads again all that is stored of a series. Nothing is changed. */
  verify(series: Series, options?: VerifyOptions): Promise<Verified>;
  sweep(): Promise<Swept>;
  /** How many files a compaction would fold, by the log alone. */
  foldable(series: Series, which: 'all' | 'small'): Promise<number>;
  vacuum(series: Series, keep: Keep, dryRun?: boolean): Promise<Vacuumed>;
  /** Raises DISK_LOW when so many bars may not fit; `atOnce` of them are in staging at the same time. */
  requireRoom(series: Series, what: string, bars: number, atOnce?: number): Promise<void>;
  freeBytes(): Promise<number>;
  /** Null: the data folder has no bound. */
  keepBelow(keep: Keep): Promise<GivenUp | null>;
  /** A second place for the tables: copied there, listed, read again, brought back. */
  backUp(folder: string, series: Series, wish?: BackupWish): Promise<BackedUp>;
  backups(folder: string): Promise<Series[]>;
  /** Refuses a folder that cannot take a copy of the tables. */
  fitForBackup(folder: string, dryRun?: boolean): Promise<void>;
  verifyBackup(folder: string): AsyncGenerator<BackupVerdict>;
  bringBack(folder: string, series: Series, to: string | null, wish?: BackupWish): Promise<BackedUp>;
  /** Frame work is about to come: its process starts meanwhile. Nothing waits for that, and what hinders it the work itself will tell. */
  getReady(): void;
  close(): Promise<void>;
}

// The packages for columns and frames are heavy: who lists series or looks into a log does without.
const reading = () => import('./read.js');
const staging = () => import('./staging.js');
const texts = () => import('./texts.js');
const slices = () => import('./slices-out.js');

export async function openStore(settings: StoreSettings): Promise<Store> {
  const house = await openHouse(settings);
  return {
    house,
    list: () => listSeries(house),
    find: (series, asOf) => findTable(house, series, asOf),
    open: (series, asOf) => openTable(house, series, asOf),
    read: async (table, wanted) => (await reading()).readTable(house, table, wanted),
    bars: (table, reach) => barsIn(house, table, reach),
    history: (series, most) => history(house, series, most),
    merge: request => merge(house, request),
    derive: async (base, wish) => (await import('./derive.js')).deriveBars(house, base, wish),
    propose: (order, market) => propose(house, order, market),
    change: (order, market) => landed(house, order.series, () => propose(house, order, market)),
    preview: async (order, market) => (await import('./preview.js')).preview(house, beside => propose(beside, order, market)),
    events: (of, asOf) => findEvents(house, of, asOf),
    putEvents: news => putEvents(house, news),
    diff: (before, after) => differences(house, before, after),
    validate: proposal => validate(house, proposal),
    commit: proposal => commit(house, proposal),
    write: request => write(house, request),
    checkpoint: (series, version) => makeCheckpoint(house, series, version),
    pages: async (load, segment) => (await staging()).openPages(house, load, segment),
    writeNote: async (load, value) => (await staging()).writeNote(house, load, value),
    readNote: async (load, note) => (await staging()).readNote(house, load, note),
    clearLoad: async load => (await staging()).clearLoad(house, load),
    setAside: async load => (await staging()).setAside(house, load),
    stageBars: async (load, parts) => (await staging()).stageBars(house, load, parts),
    stageSlices: async (load, bars, timeframe, lines) => (await slices()).stageSlices(house, load, bars, timeframe, lines),
    openSlices: async (load, timeframe) => (await slices()).openSlices(house, load, timeframe),
    stageText: async (load, key, chunks, beat) => (await texts()).stageText(house, load, key, chunks, beat),
    stageRefused: async (load, lines) => (await texts()).stageRefused(house, load, lines),
    unstage: async (load, files) => (await texts()).unstage(house, load, files),
    recordLoad: open => recordLoad(house, open),
    closeLoad: load => closeLoad(house, load),
    openLoads: () => openLoads(house),
    asideBars: series => asideBars(house, series),
    asideFiles: () => asideFiles(house),
    mend: async (series, order) => (await import('./repair/mend.js')).mend(house, series, order),
    verify: async (series, options) => (await import('./verify/verify.js')).verify(house, series, options),
    sweep: async () => (await import('./sweep.js')).sweep(house),
    foldable: async (series, which) => foldable(house, await openTable(house, series), which),
    vacuum: (series, keep, dryRun) => vacuum(house, series, keep, dryRun),
    requireRoom: (series, what, bars, atOnce) => requireRoom(house, series, what, bars, atOnce),
    freeBytes: () => freeBytes(house),
    keepBelow: async keep => (house.mostBytes === null ? null : (await import('./bound.js')).keepBelow(house, house.mostBytes, keep)),
    backUp: (folder, series, wish) => backUp(house, folder, series, wish),
    backups: folder => listBackup(house, folder),
    fitForBackup: async (folder, dryRun) => void (await openPlace(house.io, house.root, folder, dryRun)),
    verifyBackup: folder => verifyBackup(house, folder),
    bringBack: (folder, series, to, wish) => bringBack(house, folder, series, to, wish),
    getReady: () => void house.frames.ready().catch(() => {}),
    close: () => house.frames.close(),
  };
}

export type { AsideBars, AsideFile } from './aside.js';
export type { BackedUp } from './backup/backup.js';
export type { BackupVerdict } from './backup/verify.js';
export type { Landed, Outcome } from './commit.js';
export type { Difference } from './diff.js';
export type { HeldEvents, NewEvents } from './events.js';
export { inlineFrames } from './frames/inline.js';
export type { Input, RefusedLine } from './frames/jobs.js';
export { frameChildren } from './frames/pool.js';
export { refuseMixed } from './log/derived.js';
export { type LogEntry, type OwnFile, providerIn } from './log/entry.js';
export { refuseHeld } from './log/hold.js';
export type { Preview } from './preview.js';
export type { Proposal, WriteRequest } from './proposal.js';
export type { Wanted } from './read.js';
export type { Mended } from './repair/mend.js';
export type { SlicesOut } from './slices-out.js';
export type { SegmentPages } from './staging.js';
export { EVER, type Extent, type Reach, stretches } from './stretches.js';
export type { Swept } from './sweep.js';
export type { Table } from './table.js';
export type { RefusedLines } from './texts.js';
export type { Vacuumed } from './vacuum.js';
export { type Flaw, type FlawKind, isDamage, KINDS } from './verify/flaws.js';
export type { Verified, VerifyOptions } from './verify/verify.js';
