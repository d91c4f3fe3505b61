import { interval } from '../../model/interval.js';
import type { LoadOrder } from '../../model/load.js';
import { DAY } from '../../model/timeframe.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { symbolFor } from '../sources/life.js';
import { requireWell } from '../sources/sources.js';

const EARLIEST = Date.UTC(1970, 0, 1);

/**
 * Puts the splits and dividends that a source tells beside the bars of its symbol. It is no part of making a series
 * complete: a source that fails here is asked again with the next load.
 */
export const tellEvents =
  (house: ActivityHouse) =>
  (order: LoadOrder): Promise<number> =>
    attempt(async signal => {
      const provider = house.providers.get(order.provider);
      if (!provider.events) return 0;
      const { dataset, assetClass, symbol } = order.series;
      try {
        requireWell(house, order);
        const ask = async () => (await provider.events?.(symbolFor(house, order), interval(EARLIEST, house.now() + DAY), signal)) ?? [];
        const told = await house.health.watched(provider.name, ask, signal);
        const events = told.map(event => ({ ...event, source: provider.name }));
        const { added, changed } = await house.store.putEvents({ of: { dataset, assetClass, symbol }, events, by: order.by });
        return added + changed;
      } catch (error) {
        signal.throwIfAborted();
        house.tell?.('events could not be had', { provider: provider.name, symbol, reason: (error as Error).message });
        return 0;
      }
    });
