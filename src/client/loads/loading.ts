/** Requests for bars become loads: alone, many together, planned, or left to the daemon. */
import { jobOfDerive } from '../../model/derive.js';
import { fail } from '../../model/errors.js';
import type { LoadOrder } from '../../model/load.js';
import { isUnwell, jobOfMany, type ManyReport, type ManyRow } from '../../model/load-many.js';
import { nameOf, type Series } from '../../model/series.js';
import { followDerivation, refuseToPlan } from '../jobs/derive.js';
import { startRecorded } from '../jobs/job.js';
import type { Opened } from '../opened.js';
import type { Follow, LoadRequest, Outcome, Planned } from '../requests.js';
import { admit, followLoad } from './follow.js';
import { followMany, manyOf, nothingOf, orderAgain, outcomesOf, reportOf, unfitRow } from './many.js';
import type { Orders } from './orders.js';

export class Loading {
  constructor(
    private readonly opened: Opened,
    private readonly orders: Orders,
  ) {}

  async each(request: LoadRequest, follow: Follow): Promise<Outcome[]> {
    const { orders, derived, unfit } = await this.orders.of(request);
    const [alone] = orders.length + unfit.length === 1 ? orders : [];
    const loaded = alone ? [await this.alone(alone, follow)] : outcomesOf(await this.together(orders, unfit, follow));
    // What they are made of may just have come.
    return [...loaded, ...(await Promise.all(derived.map(order => followDerivation(this.opened.reach, order, follow))))];
  }

  private async alone(order: LoadOrder, follow: Follow): Promise<Outcome> {
    const { series } = order;
    const { reach, store } = this.opened;
    const engine = await reach.connect('start');
    return followLoad(reach, engine, store, order, follow).then(
      loaded => ({ series, loaded }),
      error => ({ series, error: error as Error }),
    );
  }

  private together(orders: readonly LoadOrder[], unfit: readonly ManyRow[], follow: Follow): Promise<ManyReport> {
    const { settings, reach, store } = this.opened;
    const order = manyOf(settings, orders, unfit);
    return order.loads.length + unfit.length > 0 ? followMany(reach, store, order, follow) : Promise.resolve(nothingOf(order));
  }

  async many(request: LoadRequest, follow: Follow): Promise<ManyReport> {
    const { orders, derived, unfit } = await this.orders.of(request);
    if (derived[0])
      throw fail('USAGE', { reason: `${nameOf(derived[0].series)} is made of another series: load it by itself. Nothing was done` });
    return this.together(orders, unfit, follow);
  }

  async submitMany(request: LoadRequest): Promise<{ id: string; title: string; series: Series[] }> {
    const { settings, reach, store } = this.opened;
    const { orders, derived, unfit } = await this.orders.of(request);
    const engine = await reach.connect('find');
    const order = manyOf(settings, orders, unfit);
    await startRecorded(engine, store, jobOfMany(order));
    for (const each of derived) await engine.jobs.start(jobOfDerive(each));
    return { id: order.id, title: order.title, series: [...orders, ...derived].map(({ series }) => series) };
  }

  async retryFailed(id: string | undefined, follow: Follow): Promise<ManyReport> {
    const { rows, every } = await reportOf(await this.opened.reach.connect('start'), id);
    const again: LoadOrder[] = [];
    const unfit: ManyRow[] = [];
    for (const row of rows.filter(isUnwell)) {
      try {
        again.push(row.provider === '' ? { ...(await this.orders.one(row.series)), ...every } : orderAgain(row, every));
      } catch (error) {
        unfit.push(unfitRow(error, row.series));
      }
    }
    return this.together(again, unfit, follow);
  }

  async plan(request: LoadRequest): Promise<Planned[]> {
    const { orders, derived } = await this.orders.wholeOf(request);
    if (derived[0]) throw refuseToPlan(derived[0]);
    const engine = await this.opened.reach.connect('start');
    return Promise.all(orders.map(async order => ({ ...(await engine.plan(order)), series: order.series, provider: order.provider })));
  }

  async submit(request: LoadRequest): Promise<{ load: string; how: string; series: Series }[]> {
    const { reach, store } = this.opened;
    const { orders, derived } = await this.orders.wholeOf(request);
    const engine = await reach.connect('find');
    for (const order of derived) await engine.jobs.start(jobOfDerive(order));
    const admitted = await Promise.all(
      orders.map(async order => {
        const { load, how } = await admit(engine, store, order);
        return { load, how, series: order.series };
      }),
    );
    return [...admitted, ...derived.map(({ id, series }) => ({ load: id, how: 'started', series }))];
  }
}
