/** Loads that were ordered, by their ids or the names of their series: how far they are, their story, and a word to them. */
import { fail, isTapekeepError } from '../../model/errors.js';
import { workflowIdOf } from '../../model/load.js';
import { type ManyStatus, manyIdOf } from '../../model/load-many.js';
import type { Progress } from '../../model/progress.js';
import { idOf, nameOf, type Series } from '../../model/series.js';
import { whileWaiting } from '../engine/waiting.js';
import type { Opened } from '../opened.js';
import type { Line } from '../story/line.js';
import type { ManyEntry, TurnedMany } from './many-loads.js';
import { openOrders } from './open-orders.js';
import type { LoadRow } from './row.js';
import type { Turn, Turned } from './turning.js';

export class Running {
  constructor(private readonly opened: Opened) {}

  async progress(load: string): Promise<{ progress: Progress | undefined; trouble: string | undefined; row: LoadRow }> {
    const engine = await this.opened.reach.connect('find');
    const row = await this.named(load);
    const progress = await this.answer(() => engine.loads.progressOf(row.series, row.runId));
    return { progress, trouble: row.endedAt === null ? await engine.loads.trouble(row.series) : undefined, row };
  }

  async log(load: string): Promise<Line[]> {
    const engine = await this.opened.reach.connect('find');
    if (await engine.many.find(load)) return engine.story(manyIdOf({ id: load }), ({ job }) => job === load);
    const row = await this.named(load);
    return engine.story(workflowIdOf(row.series), memo => memo.load === row.load);
  }

  /** By an id that load and no other; by the name of a series whichever is under way now, and what it resolves to tells which that was. */
  async turn(load: string, how: Turn, why: string): Promise<Turned> {
    const { loads } = await this.opened.reach.connect('find');
    for (;;) {
      const row = await this.named(load);
      try {
        return await this.answer(() => loads.turn(row, how, why));
      } catch (error) {
        // The next one began since it was looked for.
        const next = isTapekeepError(error, 'LOAD_OVER') && error.facts.next;
        if (!next || nameOf(row.series) !== load) throw error;
      }
    }
  }

  async many(id: string): Promise<{ entry: ManyEntry; status: ManyStatus | undefined } | undefined> {
    const { many } = await this.opened.reach.connect('find');
    const entry = await many.find(id);
    return entry && { entry, status: await this.answer(() => many.status(id)) };
  }

  async turnMany(id: string, how: Turn, why: string): Promise<TurnedMany | undefined> {
    const { many } = await this.opened.reach.connect('find');
    return this.answer(() => many.turn(id, how, why));
  }

  private readonly answer = <T>(ask: () => Promise<T>): Promise<T> => whileWaiting(this.opened.reach.waits, 'an answer of the daemon', ask);

  /** By its id, or the newest of a series by the series' name ("BTCUSDT 1m"). The list of loads lags behind, the catalog of open ones does not. */
  private async named(load: string): Promise<LoadRow> {
    const { reach, store } = this.opened;
    const { loads } = await reach.connect('find');
    const open = await openOrders(store);
    const underWay = await this.underWay(open.filter(order => nameOf(order.series) === load).map(({ series }) => series));
    if (underWay) return underWay;
    const mine = open.find(order => order.load === load);
    const serving = mine && (await loads.row(mine.series));
    if (serving?.load === load) return serving;
    const rows = await loads.list(10_000);
    const found = rows.find(r => r.load === load) ?? rows.find(r => nameOf(r.series) === load);
    // An order without a run of its own extended the load that was under way.
    if (serving && found?.load !== load) return serving;
    if (!found) throw fail('LOAD_UNKNOWN', { load });
    const newest = await loads.row(found.series);
    if (newest && (newest.load === load || nameOf(found.series) === load)) return newest;
    return (await loads.row(found.series, found.runId)) ?? found;
  }

  /** Of series that are called alike, the one that is being loaded; more than one have to be told apart. */
  private async underWay(called: readonly Series[]): Promise<LoadRow | undefined> {
    const { loads } = await this.opened.reach.connect('find');
    const all = [...new Map(called.map(series => [idOf(series), series])).values()];
    const rows = (await Promise.all(all.map(series => loads.row(series)))).filter(row => row?.endedAt === null);
    if (rows.length > 1) {
      const each = rows.map(row => `${row && idOf(row.series)} as ${row?.load}`).join(', ');
      throw fail('USAGE', { reason: `several loads under way are called that: ${each}. Name one by its id. Nothing was done` });
    }
    return rows[0];
  }
}
