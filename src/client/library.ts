/** The library: what a program does with tapekeep. The CLI is made of it. */
import type { Table as ArrowTable } from 'apache-arrow';
import type pl from 'nodejs-polars';
import type { BackupReport } from '../model/backup.js';
import type { Bars } from '../model/bars.js';
import type { ChangeReport, ChangeWish } from '../model/change.js';
import type { CheckFacts, SourceFacts, SymbolFacts } from '../model/consult.js';
import type { MarketEvent } from '../model/events.js';
import { checkEventsOrder, type EventsReport } from '../model/events-order.js';
import type { ImportReport } from '../model/import.js';
import type { ManyReport, ManyStatus } from '../model/load-many.js';
import type { MigrateReport } from '../model/migrate.js';
import { jobOfOpinion, type OpinionKind, type OpinionReport } from '../model/opinion.js';
import type { Progress } from '../model/progress.js';
import type { Choice } from '../model/provider-rules.js';
import type { Series } from '../model/series.js';
import type { UpkeepReport } from '../model/upkeep.js';
import { type ResolvedSettings, readSettings } from '../settings.js';
import type { Vacuumed } from '../store/index.js';
import {
  type AsideBars,
  type AsideFile,
  type BackupVerdict,
  type Difference,
  frameChildren,
  type LogEntry,
  openStore,
  type Preview,
  type Store,
  type Table,
  type Verified,
  type VerifyOptions,
} from '../store/index.js';
import { backupFolder, backupJob, seriesInBackup } from './backup.js';
import { calendarOfTable } from './calendars.js';
import { type AnyNamed, type Named, seriesNamed, seriesToLoad, storedSeries } from './catalog.js';
import { changeOrder, followChange, marketOfSeries } from './change.js';
import type { Revision } from './changed.js';
import type { DaemonFlags } from './daemon.js';
import { withDerived } from './derived.js';
import { eventsOf, eventsOrder, type NamedSymbol } from './events.js';
import type { Exported, ExportRequest } from './export/export.js';
import type { GapReport } from './gaps.js';
import { type ImportRequest, importJob, unpacked } from './imports.js';
import { type Held, holdingOf } from './inventory.js';
import { type FollowJob, followJob } from './job.js';
import type { LoadFilter } from './load-list.js';
import type { LoadRow } from './load-row.js';
import { Loading } from './loading.js';
import type { ManyEntry } from './many-loads.js';
import { type MigrateRequest, migrateJob } from './migrate.js';
import { barsAsked } from './ohlcv.js';
import type { Opened } from './opened.js';
import { type CompareRequest, opinionOrder, type ReverifyRequest } from './opinion.js';
import { Orders } from './orders.js';
import type { QualityReport } from './quality.js';
import { Reach } from './reach.js';
import { iterateStored, readStored } from './reading.js';
import type { Repaired } from './repair.js';
import type {
  Follow,
  GetOptions,
  IterateOptions,
  Loaded,
  LoadRequest,
  Moment,
  OpenOptions,
  Outcome,
  Planned,
  ReadOptions,
  Within,
} from './requests.js';
import { Running, type Turn } from './running.js';
import { ScheduleBook } from './schedule-requests.js';
import type { Line } from './story/line.js';
import { parseSpan } from './times.js';
import { type Foldable, foldableOf, type UpkeepKind, upkeepJob, vacuumableOf } from './upkeep.js';
import { versionAt } from './versions.js';

/** Opens a data folder. Nothing is started before a load is asked for. */
export async function open(options: OpenOptions = {}): Promise<Tapekeep> {
  const env = options.env ?? process.env;
  const settings = readSettings({ file: options.config, env, flags: options.set, folder: process.cwd() });
  const store = await openStore({
    root: settings.data,
    frames: frameChildren({ children: 1 }),
    now: Date.now,
    reading: true,
    ...layoutOf(settings),
  });
  const { config, set = {}, say = () => {}, by = 'library' } = options;
  return new Tapekeep(settings, store, { config, set }, say, by);
}

const layoutOf = ({ store: { slice, sliceRows } }: ResolvedSettings) => ({ slice, sliceRows });

const SOMEBODY = 'somebody asked for it';

export class Tapekeep {
  private readonly reach: Reach;
  private readonly opened: Opened;
  private readonly orders: Orders;
  private readonly loading: Loading;
  private readonly running: Running;
  private readonly answered = { fromTable: 0, loaded: 0 };
  /** Loads at set times. */
  readonly schedules: ScheduleBook;

  constructor(
    readonly settings: ResolvedSettings,
    private readonly store: Store,
    flags: DaemonFlags,
    say: (line: string) => void,
    private readonly by: string,
  ) {
    this.reach = new Reach(settings, flags, say);
    this.opened = { settings, store, reach: this.reach, by };
    this.orders = new Orders(this.opened);
    this.loading = new Loading(this.opened, this.orders);
    this.running = new Running(this.opened);
    this.schedules = new ScheduleBook(settings, this.reach);
  }

  /** Makes series complete; several symbols and timeframes at once if asked. Runs a daemon for as long as it takes when there is none. */
  async load(request: LoadRequest, follow: Follow = {}): Promise<Loaded[]> {
    const all = await this.loadEach(request, follow);
    return all.map(outcome => {
      if ('error' in outcome) throw outcome.error;
      return outcome.loaded;
    });
  }

  /** The same, and the end of each load is told apart: one that failed hides no other. */
  loadEach(request: LoadRequest, follow: Follow = {}): Promise<Outcome[]> {
    return this.loading.each(request, follow);
  }

  /** Makes many series complete in one order, some at a time. One that fails stops no other; the report tells the end of each. */
  loadMany(request: LoadRequest, follow: Follow = {}): Promise<ManyReport> {
    return this.loading.many(request, follow);
  }

  /** The same without waiting for the end; `progress`, `pause`, `resume` and `cancel` take its id. */
  submitMany(request: LoadRequest): Promise<{ id: string; title: string; series: Series[] }> {
    return this.loading.submitMany(request);
  }

  /** Loads again what failed or came only in part of an order of many series: the newest that is over, or the one that is named. */
  retryFailed(id?: string, follow: Follow = {}): Promise<ManyReport> {
    return this.loading.retryFailed(id, follow);
  }

  /** What a load would do. Nothing is fetched, nothing is left behind. */
  plan(request: LoadRequest): Promise<Planned[]> {
    return this.loading.plan(request);
  }

  /** The same without waiting for the end. */
  submit(request: LoadRequest): Promise<{ load: string; how: string; series: Series }[]> {
    return this.loading.submit(request);
  }

  /** Every source: what it serves, how deep, at what cost, whether its key is there. */
  async providers(): Promise<readonly SourceFacts[]> {
    return (await this.reach.connect('start')).consult({ ask: 'sources' });
  }

  /** Asks one small question of a source, or of each that can be asked. */
  async checkProviders(name?: string): Promise<readonly CheckFacts[]> {
    const names = name === undefined ? null : [this.orders.known(name)];
    return (await this.reach.connect('start')).consult({ ask: 'check', names });
  }

  /** Why a source would be chosen for a series, and not another. */
  async why(named: Named): Promise<Choice & { readonly series: Series; readonly calendar: string | null }> {
    const { series, calendar = null } = await seriesToLoad(
      this.settings,
      this.store,
      { ...named, provider: 'simulated' },
      this.orders.chooser,
    );
    return { ...(await this.orders.chooser(series, calendar)), series, calendar };
  }

  /** Symbols of a source whose name holds the text. */
  async symbols(provider: string, search = ''): Promise<readonly SymbolFacts[]> {
    return (await this.reach.connect('start')).consult({ ask: 'symbols', provider: this.orders.known(provider), search });
  }

  /** Bars of a series, from the table first; what is missing is loaded unless told otherwise. */
  async getOhlcv(symbol: string, timeframe: string, from: Moment, to: Moment, options: GetOptions & { as: 'arrow' }): Promise<ArrowTable>;
  async getOhlcv(symbol: string, timeframe: string, from: Moment, to: Moment, options?: GetOptions): Promise<pl.DataFrame>;
  async getOhlcv(
    symbol: string,
    timeframe: string,
    from: Moment,
    to: Moment,
    options: GetOptions = {},
  ): Promise<pl.DataFrame | ArrowTable> {
    let loaded = false;
    const bars = await barsAsked(this.opened, this.orders, { symbol, timeframe, from, to, options }, request => {
      loaded = true;
      return this.load(request);
    });
    this.answered[loaded ? 'loaded' : 'fromTable']++;
    return bars;
  }

  /** How often `getOhlcv` was answered out of the table alone, and how often a load came first, since this folder was opened. */
  counts(): { readonly fromTable: number; readonly loaded: number } {
    return { ...this.answered };
  }

  /** What is stored of an interval as a lazy frame, as of any version, at the series' timeframe or a coarser one. */
  async read(named: Named, within: Within = {}, options: ReadOptions = {}): Promise<pl.LazyDataFrame> {
    return readStored(this.settings, this.store, named, within, options);
  }

  /** The same as columns of numbers, a batch at a time: memory stays the same however many bars there are. */
  iterate(named: Named, within: Within = {}, options: IterateOptions = {}): AsyncGenerator<Bars> {
    return iterateStored(this.settings, this.store, named, within, options);
  }

  /** Takes bars out of files of other programs; the same file twice changes nothing. */
  async import(paths: string | readonly string[], request: ImportRequest = {}, follow: FollowJob = {}): Promise<ImportReport> {
    return unpacked(await followJob(this.reach, importJob(this.settings, [paths].flat(), request, this.by), follow));
  }

  /** Copies the tables to a second place: the named folder, or that of the settings. */
  async backup(
    folder?: string,
    { again = false, dryRun = false }: { readonly again?: boolean; readonly dryRun?: boolean } = {},
    follow: FollowJob = {},
  ): Promise<BackupReport> {
    const job = backupJob(this.settings, { what: 'backup', folder: backupFolder(this.settings, folder), again, dryRun });
    return followJob(this.reach, job, follow);
  }

  /** Reads a backup again, file by file. */
  async verifyBackup(folder?: string): Promise<BackupVerdict[]> {
    const verdicts: BackupVerdict[] = [];
    for await (const verdict of this.store.verifyBackup(backupFolder(this.settings, folder))) verdicts.push(verdict);
    return verdicts;
  }

  /** Brings tables back from a backup: all, or those of a name; into the data folder, or another one. */
  async bringBack(
    folder: string,
    { series, to, dryRun }: { readonly series?: string; readonly to?: string; readonly dryRun?: boolean } = {},
    follow: FollowJob = {},
  ): Promise<BackupReport> {
    const place = backupFolder(this.settings, folder);
    const only = series === undefined ? null : seriesInBackup(await this.store.backups(place), series, place);
    return followJob(
      this.reach,
      backupJob(this.settings, { what: 'restore', folder: place, only, to: to ?? null, dryRun: dryRun ?? false }),
      follow,
    );
  }

  /** Takes over files of an older collection; twice the same folder changes nothing. */
  migrate(folder: string, request: MigrateRequest = {}, follow: FollowJob = {}): Promise<MigrateReport> {
    return followJob(this.reach, migrateJob(this.settings, folder, request, this.by), follow);
  }

  /** Writes stored bars as files that other programs read. */
  async export(request: ExportRequest): Promise<Exported> {
    return (await import('./export/export.js')).exportSeries(this.settings, this.store, request);
  }

  /** Orders a change of one series, and waits until it is in. */
  async change(named: Named, wish: ChangeWish, follow: Follow = {}): Promise<ChangeReport> {
    const series = await storedSeries(this.store, named);
    return followChange(this.reach, this.store, changeOrder(this.settings, series, wish, this.by), follow);
  }

  /** What a change would do. It is found out here, and nothing is written. */
  async preview(named: Named, wish: ChangeWish): Promise<Preview> {
    const series = await storedSeries(this.store, named);
    const market = wish.kind === 'correct' ? await marketOfSeries(this.settings, this.store, series) : undefined;
    return this.store.preview(changeOrder(this.settings, series, wish, this.by), market);
  }

  /** Holds a sample of stored bars against another source. Nothing is written. */
  compare(named: Named, request: CompareRequest, follow: FollowJob = {}): Promise<OpinionReport> {
    this.orders.known(request.with);
    return this.opinion('compare', named, request, follow);
  }

  /** Asks the source again for a sample of stored bars, to find what it revised; with `take`, what it says now is committed. */
  reverify(named: Named, request: ReverifyRequest = {}, follow: FollowJob = {}): Promise<OpinionReport> {
    return this.opinion('reverify', named, request, follow);
  }

  private async opinion(
    kind: OpinionKind,
    named: Named,
    request: CompareRequest | ReverifyRequest,
    follow: FollowJob,
  ): Promise<OpinionReport> {
    const order = opinionOrder(this.settings, kind, await storedSeries(this.store, named), request, this.by);
    return followJob(this.reach, jobOfOpinion(order), follow);
  }

  /** What sources revised since a moment of bars that were there already: of one series, or of all. */
  async changed(since: Moment, named: AnyNamed = {}): Promise<Revision[]> {
    const { revisionsSince } = await import('./changed.js');
    const { from } = parseSpan(since, undefined, Number.POSITIVE_INFINITY);
    return revisionsSince(this.store, await seriesNamed(this.store, named), from ?? 0);
  }

  /** Reads again all that is stored of a series, or of every one, and tells what is not as it was written. Nothing is changed. */
  async *verify(named: AnyNamed = {}, options: Pick<VerifyOptions, 'deep' | 'sample'> = {}): AsyncGenerator<Verified> {
    const calendarOf = (table: Table) => calendarOfTable(this.settings, table).catch(() => undefined);
    for (const series of await seriesNamed(this.store, named)) yield await this.store.verify(series, { ...options, calendarOf });
  }

  /** Folds small files, or lets old versions and unneeded files go, of a series or of every one. */
  async upkeep(what: UpkeepKind, named: AnyNamed = {}, follow: FollowJob = {}): Promise<UpkeepReport> {
    const only = named.symbol === undefined && named.dataset === undefined ? null : await seriesNamed(this.store, named);
    return followJob(this.reach, upkeepJob(this.settings, what, only, this.by), follow);
  }

  /** How many files of each series a compaction would fold. Nothing is done. */
  async *foldable(named: AnyNamed = {}): AsyncGenerator<Foldable> {
    yield* foldableOf(this.store, await seriesNamed(this.store, named));
  }

  /** What a vacuum would remove. Nothing is. */
  async *vacuumable(named: AnyNamed = {}): AsyncGenerator<Vacuumed> {
    yield* vacuumableOf(this.settings, this.store, await seriesNamed(this.store, named));
  }

  /** Bars that could not be right when they came, of a series or of every one, and files that were set aside. */
  async quarantine(named: AnyNamed = {}): Promise<{ bars: AsideBars[]; files: AsideFile[] }> {
    const bars: AsideBars[] = [];
    for (const series of await seriesNamed(this.store, named)) for await (const aside of this.store.asideBars(series)) bars.push(aside);
    return { bars, files: named.symbol === undefined ? await this.store.asideFiles() : [] };
  }

  /** Mends what `verify` found of a series: from raw files first, from its source second. What is broken is set aside, nothing is invented. */
  async repair(damaged: Verified, follow: Follow = {}): Promise<Repaired> {
    return (await import('./repair.js')).repaired(this, damaged, follow);
  }

  /** How good what is stored of a series is: the score of whole sessions, and why. */
  async quality(named: Named, { from, to }: Within = {}): Promise<QualityReport> {
    const { qualityOf } = await import('./quality.js');
    return qualityOf(this, await storedSeries(this.store, named), from, to);
  }

  /** Every bar of a series that should be there and is not, with its class. */
  async gaps(named: Named, { from, to }: Within = {}): Promise<GapReport> {
    return (await import('./gaps.js')).gapsOf(this, named, from, to);
  }

  /** Splits and dividends of a symbol, by date. */
  async events(named: NamedSymbol): Promise<readonly MarketEvent[]> {
    return (await this.store.events(await eventsOf(this.store, named)))?.events ?? [];
  }

  /** Keeps splits and dividends of a symbol; with `replace`, what the same source told before is forgotten. */
  async putEvents(named: NamedSymbol, events: readonly MarketEvent[], { replace }: { replace?: boolean } = {}): Promise<EventsReport> {
    const of = await eventsOf(this.store, named);
    const order = checkEventsOrder(eventsOrder(of, events, { replace, by: this.by, silenceMs: this.settings.worker.silenceMs }));
    return (await this.reach.connect('start')).keepEvents(order);
  }

  /** The rows in which two versions of a series differ, in time order, some at a time. A version is named by its number or by a moment. */
  async *diff(named: Named, before: number | string, after: number | string): AsyncGenerator<Difference[]> {
    const series = await storedSeries(this.store, named);
    const at = async (version: number | string) => this.store.open(series, await versionAt(this.store, series, String(version)));
    yield* this.store.diff(await at(before), await at(after));
  }

  /** What is in the data folder. */
  async list(): Promise<Held[]> {
    const held: Held[] = [];
    for (const series of await this.store.list()) held.push(await holdingOf(this.settings, this.store, series, Date.now()));
    return withDerived(this.settings, this.store, held);
  }

  /** The versions of a series, newest first. */
  async history(named: Named): Promise<LogEntry[]> {
    return this.store.history(await storedSeries(this.store, named));
  }

  /** Running loads and those of the last 90 days, newest first; with a filter, those that fit it. */
  async loads(most?: number, filter: LoadFilter = {}): Promise<LoadRow[]> {
    return (await this.reach.connect('find')).loads.list(most, filter);
  }

  /** How far a running load is, and what hinders it if something does. */
  progress(load: string): Promise<{ progress: Progress | undefined; trouble: string | undefined; row: LoadRow }> {
    return this.running.progress(load);
  }

  /** The story of a load, or of an order of many series, in lines. */
  loadLog(load: string): Promise<Line[]> {
    return this.running.log(load);
  }

  cancel(load: string, why = SOMEBODY): Promise<LoadRow> {
    return this.running.turn(load, 'cancel', why);
  }

  pause(load: string, why = SOMEBODY): Promise<LoadRow> {
    return this.running.turn(load, 'pause', why);
  }

  resume(load: string): Promise<LoadRow> {
    return this.running.turn(load, 'resume', SOMEBODY);
  }

  /** How far an order of many series is, and how each of its loads stands; undefined: there is none of that id. */
  many(id: string): Promise<{ entry: ManyEntry; status: ManyStatus | undefined } | undefined> {
    return this.running.many(id);
  }

  /** Pauses, resumes or cancels an order of many series; undefined: there is none of that id. */
  turnMany(id: string, how: Turn, why = SOMEBODY): Promise<ManyEntry | undefined> {
    return this.running.turnMany(id, how, why);
  }

  /** Whether a daemon runs for this alone, and ends with it. */
  get ownsDaemon(): boolean {
    return this.reach.ownsDaemon;
  }

  /** The stored series that is meant. */
  find(named: Named): Promise<Series> {
    return storedSeries(this.store, named);
  }

  /** The store of the data folder, for reading. */
  get tables(): Store {
    return this.store;
  }

  /** Lets go of everything; a daemon that was started here drains and ends. */
  async close(): Promise<void> {
    await this.reach.close();
    await this.store.close();
  }
}
