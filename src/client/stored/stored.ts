/** What is in the data folder, as the library reads it. */
import type pl from 'nodejs-polars';
import type { Bars } from '../../model/bars.js';
import type { MarketEvent } from '../../model/events.js';
import type { Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type {
  AsideBars,
  AsideFile,
  BackupVerdict,
  Difference,
  LogEntry,
  Store,
  Table,
  Vacuumed,
  Verified,
  VerifyOptions,
} from '../../store/index.js';
import { eventsOf, type NamedSymbol } from '../events/events.js';
import type { Exported, ExportRequest } from '../export/export.js';
import { calendarOfTable } from '../facts/calendars.js';
import { type AnyNamed, type Named, seriesNamed, storedSeries } from '../facts/catalog.js';
import type { GapReport } from '../gaps/gaps.js';
import { backupFolder } from '../jobs/backup.js';
import { type Foldable, foldableOf, vacuumableOf } from '../jobs/upkeep.js';
import type { Opened } from '../opened.js';
import type { QualityReport } from '../quality/quality.js';
import type { IterateOptions, Moment, ReadOptions, Within } from '../requests.js';
import { parseSpan } from '../times.js';
import type { Revision } from './changed.js';
import { withDerived } from './derived.js';
import { type Held, holdingOf } from './inventory.js';
import { iterateStored, readStored } from './reading.js';
import { versionAt } from './versions.js';

/** What needs no daemon: it is read here, and nothing is changed. */
export class Stored {
  readonly settings: ResolvedSettings;
  /** The store of the data folder, for reading. */
  readonly tables: Store;

  constructor(protected readonly opened: Opened) {
    this.settings = opened.settings;
    this.tables = opened.store;
  }

  /** The stored series that is meant. */
  find(named: Named): Promise<Series> {
    return storedSeries(this.tables, named);
  }

  /** What is in the data folder. */
  async list(): Promise<Held[]> {
    const held: Held[] = [];
    for (const series of await this.tables.list()) held.push(await holdingOf(this.settings, this.tables, series, Date.now()));
    return withDerived(this.settings, this.tables, held);
  }

  /** The versions of a series, newest first. */
  async history(named: Named): Promise<LogEntry[]> {
    return this.tables.history(await storedSeries(this.tables, named));
  }

  /** What is stored of an interval as a lazy frame, as of any version, at the series' timeframe or a coarser one. */
  async read(named: Named, within: Within = {}, options: ReadOptions = {}): Promise<pl.LazyDataFrame> {
    return readStored(this.settings, this.tables, named, within, options);
  }

  /** The same as columns of numbers, a batch at a time: memory stays the same however many bars there are. */
  iterate(named: Named, within: Within = {}, options: IterateOptions = {}): AsyncGenerator<Bars> {
    return iterateStored(this.settings, this.tables, named, within, options);
  }

  /** The rows in which two versions of a series differ, in time order, some at a time. A version is named by its number or by a moment. */
  async *diff(named: Named, before: number | string, after: number | string): AsyncGenerator<Difference[]> {
    const series = await storedSeries(this.tables, named);
    const at = async (version: number | string) => this.tables.open(series, await versionAt(this.tables, series, String(version)));
    yield* this.tables.diff(await at(before), await at(after));
  }

  /** What sources revised since a moment of bars that were there already: of one series, or of all. */
  async changed(since: Moment, named: AnyNamed = {}): Promise<Revision[]> {
    const { revisionsSince } = await import('./changed.js');
    const { from } = parseSpan(since, undefined, Number.POSITIVE_INFINITY);
    return revisionsSince(this.tables, await seriesNamed(this.tables, named), from ?? 0);
  }

  /** Splits and dividends of a symbol, by date. */
  async events(named: NamedSymbol): Promise<readonly MarketEvent[]> {
    return (await this.tables.events(await eventsOf(this.tables, named)))?.events ?? [];
  }

  /** Every bar of a series that should be there and is not, with its class. */
  async gaps(named: Named, { from, to }: Within = {}): Promise<GapReport> {
    return (await import('../gaps/gaps.js')).gapsOf(this, named, from, to);
  }

  /** How good what is stored of a series is: the score of whole sessions, and why. */
  async quality(named: Named, { from, to }: Within = {}): Promise<QualityReport> {
    const { qualityOf } = await import('../quality/quality.js');
    return qualityOf(this, await storedSeries(this.tables, named), from, to);
  }

  /** Bars that could not be right when they came, of a series or of every one, and files that were set aside. */
  async quarantine(named: AnyNamed = {}): Promise<{ bars: AsideBars[]; files: AsideFile[] }> {
    const bars: AsideBars[] = [];
    for (const series of await seriesNamed(this.tables, named)) for await (const aside of this.tables.asideBars(series)) bars.push(aside);
    return { bars, files: named.symbol === undefined ? await this.tables.asideFiles() : [] };
  }

  /** Reads again all that is stored of a series, or of every one, and tells what is not as it was written. Nothing is changed. */
  async *verify(named: AnyNamed = {}, options: Pick<VerifyOptions, 'deep' | 'sample'> = {}): AsyncGenerator<Verified> {
    const calendarOf = (table: Table) => calendarOfTable(this.settings, table).catch(() => undefined);
    for (const series of await seriesNamed(this.tables, named)) yield await this.tables.verify(series, { ...options, calendarOf });
  }

  /** Reads a backup again, file by file. */
  async verifyBackup(folder?: string): Promise<BackupVerdict[]> {
    const verdicts: BackupVerdict[] = [];
    for await (const verdict of this.tables.verifyBackup(backupFolder(this.settings, folder))) verdicts.push(verdict);
    return verdicts;
  }

  /** How many files of each series a compaction would fold. Nothing is done. */
  async *foldable(named: AnyNamed = {}): AsyncGenerator<Foldable> {
    yield* foldableOf(this.tables, await seriesNamed(this.tables, named));
  }

  /** What a vacuum would remove. Nothing is. */
  async *vacuumable(named: AnyNamed = {}): AsyncGenerator<Vacuumed> {
    yield* vacuumableOf(this.settings, this.tables, await seriesNamed(this.tables, named));
  }

  /** Writes stored bars as files that other programs read. */
  async export(request: ExportRequest): Promise<Exported> {
    return (await import('../export/export.js')).exportSeries(this.settings, this.tables, request);
  }
}
