/** What a request means: the loads it orders, each series once. */
import { ulid } from 'ulid';
import type { DeriveOrder } from '../../model/derive.js';
import { fail } from '../../model/errors.js';
import type { LoadOrder } from '../../model/load.js';
import type { ManyRow } from '../../model/load-many.js';
import { idOf } from '../../model/series.js';
import { tuningOf } from '../../settings.js';
import type { Store } from '../../store/index.js';
import { type Chooser, fits, seriesToLoad } from '../facts/catalog.js';
import { pairsOf, requestsOf } from '../facts/watchlists.js';
import { derivationsOf } from '../jobs/derive.js';
import type { Opened } from '../opened.js';
import type { LoadRequest } from '../requests.js';
import { parseSpan } from '../times.js';
import { unfitRow } from './many.js';

export interface Meant {
  readonly orders: readonly LoadOrder[];
  readonly derived: readonly DeriveOrder[];
  /** Those that cannot be ordered, and why. */
  readonly unfit: readonly ManyRow[];
}

export class Orders {
  constructor(private readonly opened: Opened) {}

  /** What a request asks for: loads, series that are made of others, and those whose table cannot be read. */
  async of(request: LoadRequest): Promise<Meant> {
    const { settings, store: own, by } = this.opened;
    const listed = own.list();
    const store: Store = { ...own, list: () => listed };
    const orders = new Map<string, LoadOrder>();
    const derived: DeriveOrder[] = [];
    const unfit: ManyRow[] = [];
    for (const { symbol, timeframe, ...more } of requestsOf(settings, request).flatMap(pairsOf)) {
      try {
        const made = await derivationsOf(settings, store, { ...more, symbol, timeframe }, by);
        derived.push(...made);
        if (made.length > 0) continue;
        const order = await this.one({ ...more, symbol, timeframe }, store);
        orders.set(idOf(order.series), order);
      } catch (error) {
        unfit.push(unfitRow(error, (await listed).find(fits({ ...more, symbol, timeframe }))));
      }
    }
    const [first, second] = unfit;
    if (first?.fault && !second && orders.size + derived.length === 0) throw fail(first.fault.code, first.fault.facts);
    return { orders: [...orders.values()], derived, unfit };
  }

  /** The same, where a part of it is as bad as nothing. */
  async wholeOf(request: LoadRequest): Promise<Meant> {
    const meant = await this.of(request);
    const fault = meant.unfit[0]?.fault;
    if (fault) throw fail(fault.code, fault.facts);
    return meant;
  }

  async one(request: LoadRequest & { symbol: string; timeframe: string }, store: Store = this.opened.store): Promise<LoadOrder> {
    const { settings, by } = this.opened;
    const span = parseSpan(request.from, request.to, Date.now());
    if (request.reload && (request.from ?? request.to ?? request.mode) !== undefined) {
      throw fail('USAGE', { reason: 'a reload takes all that a series holds: it has no from, to or mode of its own. Nothing was done' });
    }
    if (request.provider !== undefined) this.known(request.provider);
    const { series, provider, pinned, calendar } = await seriesToLoad(settings, store, request, this.chooser);
    return {
      load: ulid(),
      series,
      provider: this.known(provider),
      ...(pinned && { pinned }),
      span,
      ...(calendar === undefined ? {} : { calendar }),
      mode: request.mode ?? 'full',
      ...(request.reload && { reload: true }),
      by,
      tuning: tuningOf(settings),
    };
  }

  /** The daemon knows which sources can serve: their keys, their health. */
  readonly chooser: Chooser = async (series, calendar) =>
    (await this.opened.reach.connect('start')).consult({ ask: 'choice', series, calendar });

  /** The name of a source, or PROVIDER_UNKNOWN. */
  known(provider: string): string {
    const known = Object.keys(this.opened.settings.providers);
    if (!known.includes(provider)) throw fail('PROVIDER_UNKNOWN', { provider, known: known.join(', ') });
    return provider;
  }
}
