/** Loads that were ordered, by their ids or the names of their series: how far they are, their story, and a word to them. */
import { fail } from '../model/errors.js';
import { workflowIdOf } from '../model/load.js';
import { type ManyStatus, manyIdOf } from '../model/load-many.js';
import type { Progress } from '../model/progress.js';
import { nameOf } from '../model/series.js';
import type { LoadRow } from './load-row.js';
import type { ManyEntry } from './many-loads.js';
import { openOrders } from './open-orders.js';
import type { Opened } from './opened.js';
import type { Line } from './story/line.js';

export type Turn = 'pause' | 'resume' | 'cancel';

export class Running {
  constructor(private readonly opened: Opened) {}

  async progress(load: string): Promise<{ progress: Progress | undefined; trouble: string | undefined; row: LoadRow }> {
    const engine = await this.opened.reach.connect('find');
    const row = await this.named(load);
    const progress = await engine.loads.progressOf(row.series, row.runId);
    return { progress, trouble: row.endedAt === null ? await engine.loads.trouble(row.series) : undefined, row };
  }

  async log(load: string): Promise<Line[]> {
    const engine = await this.opened.reach.connect('find');
    if (await engine.many.find(load)) return engine.story(manyIdOf({ id: load }), ({ job }) => job === load);
    const row = await this.named(load);
    return engine.story(workflowIdOf(row.series), memo => memo.load === row.load);
  }

  async turn(load: string, how: Turn, why: string): Promise<LoadRow> {
    const row = await this.named(load);
    if (row.endedAt !== null) throw fail('LOAD_UNKNOWN', { load: `${load} that is running: it ended as ${row.outcome}` });
    await (await this.opened.reach.connect('find')).loads[how](row.series, why);
    return row;
  }

  async many(id: string): Promise<{ entry: ManyEntry; status: ManyStatus | undefined } | undefined> {
    const { many } = await this.opened.reach.connect('find');
    const entry = await many.find(id);
    return entry && { entry, status: await many.status(id) };
  }

  async turnMany(id: string, how: Turn, why: string): Promise<ManyEntry | undefined> {
    const { many } = await this.opened.reach.connect('find');
    const entry = await many.find(id);
    if (entry && entry.endedAt !== null) throw fail('LOAD_UNKNOWN', { load: `${id} that is running: it ended as ${entry.outcome}` });
    if (entry) await many[how](id, why);
    return entry;
  }

  /** By its id, or the newest of a series by the series' name ("BTCUSDT 1m"). The list of loads lags behind, the catalog of open ones does not. */
  private async named(load: string): Promise<LoadRow> {
    const { reach, store } = this.opened;
    const engine = await reach.connect('find');
    const open = (await openOrders(store)).find(order => order.load === load || nameOf(order.series) === load);
    const running = open && (await engine.loads.row(open.series));
    if (running) return running;
    const rows = await engine.loads.list(10_000);
    const found = rows.find(r => r.load === load) ?? rows.find(r => nameOf(r.series) === load);
    if (!found) throw fail('LOAD_UNKNOWN', { load });
    return found;
  }
}
