/** Work on what is in the data folder, as the library orders it. */

import type { BackupReport } from '../../model/backup.js';
import type { ChangeReport, ChangeWish } from '../../model/change.js';
import type { MarketEvent } from '../../model/events.js';
import { checkEventsOrder, type EventsReport } from '../../model/events-order.js';
import type { ImportReport } from '../../model/import.js';
import type { MigrateReport } from '../../model/migrate.js';
import { jobOfOpinion, type OpinionKind, type OpinionReport } from '../../model/opinion.js';
import type { UpkeepReport } from '../../model/upkeep.js';
import type { Preview } from '../../store/index.js';
import { eventsOf, eventsOrder, type NamedSymbol } from '../events/events.js';
import { type AnyNamed, type Named, seriesNamed, storedSeries } from '../facts/catalog.js';
import { followImport, type ImportRequest, importJob } from '../imports/imports.js';
import { checkNamed } from '../imports/named.js';
import { Orders } from '../loads/orders.js';
import type { Opened } from '../opened.js';
import type { Follow } from '../requests.js';
import { Stored } from '../stored/stored.js';
import { backupFolder, backupJob, seriesInBackup } from './backup.js';
import { changeOrder, followChange, marketOfSeries } from './change.js';
import { type FollowJob, followJob } from './job.js';
import { type MigrateRequest, migrateJob } from './migrate.js';
import { type CompareRequest, opinionOrder, type ReverifyRequest } from './opinion.js';
import { type UpkeepKind, upkeepJob } from './upkeep.js';

/** What the daemon is asked to do with what is stored: each is a workflow, followed to its end. */
export class Changeable extends Stored {
  protected readonly orders: Orders;

  constructor(opened: Opened) {
    super(opened);
    this.orders = new Orders(opened);
  }

  /** Orders a change of one series, and waits until it is in. */
  async change(named: Named, wish: ChangeWish, follow: Follow = {}): Promise<ChangeReport> {
    const series = await storedSeries(this.tables, named);
    return followChange(this.opened.reach, this.tables, changeOrder(this.settings, series, wish, this.opened.by), follow);
  }

  /** What a change would do. It is found out here, and nothing is written. */
  async preview(named: Named, wish: ChangeWish): Promise<Preview> {
    const series = await storedSeries(this.tables, named);
    const market = wish.kind === 'correct' ? await marketOfSeries(this.settings, this.tables, series) : undefined;
    return this.tables.preview(changeOrder(this.settings, series, wish, this.opened.by), market);
  }

  /** Takes bars out of files of other programs; the same file twice changes nothing. Cancelled, it resolves to what was kept. */
  async import(paths: string | readonly string[], request: ImportRequest = {}, follow: FollowJob = {}): Promise<ImportReport> {
    const job = importJob(this.settings, [paths].flat(), request, this.opened.by);
    await checkNamed(this.settings, job.order);
    return followImport(this.opened.reach, job, follow);
  }

  /** Takes over files of an older collection; twice the same folder changes nothing. */
  migrate(folder: string, request: MigrateRequest = {}, follow: FollowJob = {}): Promise<MigrateReport> {
    return followJob(this.opened.reach, migrateJob(this.settings, folder, request, this.opened.by), follow);
  }

  /** Copies the tables to a second place: the named folder, or that of the settings. */
  async backup(
    folder?: string,
    { again = false, dryRun = false }: { readonly again?: boolean; readonly dryRun?: boolean } = {},
    follow: FollowJob = {},
  ): Promise<BackupReport> {
    const job = backupJob(this.settings, { what: 'backup', folder: backupFolder(this.settings, folder), again, dryRun });
    return followJob(this.opened.reach, job, follow);
  }

  /** Brings tables back from a backup: all, or those of a name; into the data folder, or another one. */
  async bringBack(
    folder: string,
    { series, to, dryRun }: { readonly series?: string; readonly to?: string; readonly dryRun?: boolean } = {},
    follow: FollowJob = {},
  ): Promise<BackupReport> {
    const place = backupFolder(this.settings, folder);
    const only = series === undefined ? null : seriesInBackup(await this.tables.backups(place), series, place);
    return followJob(
      this.opened.reach,
      backupJob(this.settings, { what: 'restore', folder: place, only, to: to ?? null, dryRun: dryRun ?? false }),
      follow,
    );
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
    const order = opinionOrder(this.settings, kind, await storedSeries(this.tables, named), request, this.opened.by);
    return followJob(this.opened.reach, jobOfOpinion(order), follow);
  }

  /** Folds small files, or lets old versions and unneeded files go, of a series or of every one. */
  async upkeep(what: UpkeepKind, named: AnyNamed = {}, follow: FollowJob = {}): Promise<UpkeepReport> {
    const only = named.symbol === undefined && named.dataset === undefined ? null : await seriesNamed(this.tables, named);
    return followJob(this.opened.reach, upkeepJob(this.settings, what, only, this.opened.by), follow);
  }

  /** Keeps splits and dividends of a symbol; with `replace`, what the same source told before is forgotten. */
  async putEvents(named: NamedSymbol, events: readonly MarketEvent[], { replace }: { replace?: boolean } = {}): Promise<EventsReport> {
    const of = await eventsOf(this.tables, named);
    const order = checkEventsOrder(eventsOrder(of, events, { replace, by: this.opened.by, silenceMs: this.settings.worker.silenceMs }));
    return (await this.opened.reach.connect('start')).keepEvents(order);
  }
}
