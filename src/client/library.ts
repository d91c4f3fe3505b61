/** The library: what a program does with tapekeep. The CLI is made of it. */

import type { Table as ArrowTable } from 'apache-arrow';
import type pl from 'nodejs-polars';
import type { CheckFacts, SourceFacts, SymbolFacts } from '../model/consult.js';
import type { ManyReport, ManyStatus } from '../model/load-many.js';
import type { Progress } from '../model/progress.js';
import type { Choice } from '../model/provider-rules.js';
import type { Series } from '../model/series.js';
import { readSettings } from '../settings.js';
import { frameChildren, openStore, type Verified } from '../store/index.js';
import { Reach } from './engine/reach.js';
import { type Named, seriesToLoad } from './facts/catalog.js';
import { Changeable } from './jobs/changeable.js';
import type { Repaired } from './jobs/repair.js';
import type { LoadFilter } from './loads/list.js';
import { Loading } from './loads/loading.js';
import type { ManyEntry, TurnedMany } from './loads/many-loads.js';
import type { LoadRow } from './loads/row.js';
import { Running } from './loads/running.js';
import type { Turn, Turned } from './loads/turning.js';
import type { Opened } from './opened.js';
import type { Follow, GetOptions, Loaded, LoadRequest, Moment, OpenOptions, Outcome, Planned } from './requests.js';
import { ScheduleBook } from './schedules/requests.js';
import { barsAsked } from './stored/ohlcv.js';
import type { Line } from './story/line.js';

/** Opens a data folder. Nothing is started before a load is asked for. */
export async function open(options: OpenOptions = {}): Promise<Tapekeep> {
  const env = options.env ?? process.env;
  const settings = readSettings({ file: options.config, env, flags: options.set, folder: process.cwd() });
  const { slice, sliceRows } = settings.store;
  const store = await openStore({
    root: settings.data,
    frames: frameChildren({ children: 1 }),
    now: Date.now,
    reading: true,
    slice,
    sliceRows,
  });
  const { config, set = {}, say = () => {}, by = 'library', waits } = options;
  return new Tapekeep({ settings, store, reach: new Reach(settings, { config, set }, say, waits), by });
}

const SOMEBODY = 'somebody asked for it';

/** A data folder: what is in it, what can be done with that, and the loads that bring more. */
export class Tapekeep extends Changeable {
  private readonly loading: Loading;
  private readonly running: Running;
  private readonly answered = { fromTable: 0, loaded: 0 };
  /** Loads at set times. */
  readonly schedules: ScheduleBook;

  constructor(opened: Opened) {
    super(opened);
    this.loading = new Loading(opened, this.orders);
    this.running = new Running(opened);
    this.schedules = new ScheduleBook(opened.settings, opened.reach);
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
    return (await this.opened.reach.connect('start')).consult({ ask: 'sources' });
  }

  /** Asks one small question of a source, or of each that can be asked. */
  async checkProviders(name?: string): Promise<readonly CheckFacts[]> {
    const names = name === undefined ? null : [this.orders.known(name)];
    return (await this.opened.reach.connect('start')).consult({ ask: 'check', names });
  }

  /** Why a source would be chosen for a series, and not another. */
  async why(named: Named): Promise<Choice & { readonly series: Series; readonly calendar: string | null }> {
    const { series, calendar = null } = await seriesToLoad(
      this.settings,
      this.tables,
      { ...named, provider: 'simulated' },
      this.orders.chooser,
    );
    return { ...(await this.orders.chooser(series, calendar)), series, calendar };
  }

  /** Symbols of a source whose name holds the text. */
  async symbols(provider: string, search = ''): Promise<readonly SymbolFacts[]> {
    return (await this.opened.reach.connect('start')).consult({ ask: 'symbols', provider: this.orders.known(provider), search });
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

  /** Mends what `verify` found of a series: from raw files first, from its source second. What is broken is set aside, nothing is invented. */
  async repair(damaged: Verified, follow: Follow = {}): Promise<Repaired> {
    return (await import('./jobs/repair.js')).repaired(this, damaged, follow);
  }

  /** Running loads and those of the last 90 days, newest first; with a filter, those that fit it. */
  async loads(most?: number, filter: LoadFilter = {}): Promise<LoadRow[]> {
    return (await this.opened.reach.connect('find')).loads.list(most, filter);
  }

  /** How far a running load is, and what hinders it if something does. */
  progress(load: string): Promise<{ progress: Progress | undefined; trouble: string | undefined; row: LoadRow }> {
    return this.running.progress(load);
  }

  /** The story of a load, or of an order of many series, in lines. */
  loadLog(load: string): Promise<Line[]> {
    return this.running.log(load);
  }

  /** A load by its id, or the one under way of a series; it resolves to the load that heard it, and to how that was found. */
  cancel(load: string, why = SOMEBODY): Promise<Turned> {
    return this.running.turn(load, 'cancel', why);
  }

  pause(load: string, why = SOMEBODY): Promise<Turned> {
    return this.running.turn(load, 'pause', why);
  }

  resume(load: string): Promise<Turned> {
    return this.running.turn(load, 'resume', SOMEBODY);
  }

  /** How far an order of many series is, and how each of its loads stands; undefined: there is none of that id. */
  many(id: string): Promise<{ entry: ManyEntry; status: ManyStatus | undefined } | undefined> {
    return this.running.many(id);
  }

  /** Pauses, resumes or cancels an order of many series; undefined: there is none of that id. */
  turnMany(id: string, how: Turn, why = SOMEBODY): Promise<TurnedMany | undefined> {
    return this.running.turnMany(id, how, why);
  }

  /** Whether a daemon runs for this alone, and ends with it. */
  get ownsDaemon(): boolean {
    return this.opened.reach.ownsDaemon;
  }

  /** Lets go of everything; a daemon that was started here drains and ends. */
  async close(): Promise<void> {
    await this.opened.reach.close();
    await this.tables.close();
  }
}
