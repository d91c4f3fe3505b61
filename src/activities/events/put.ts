import type { EventsOrder, EventsReport } from '../../model/events-order.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';

/** Puts splits and dividends beside the tables of their symbol. */
export const putEvents =
  ({ store }: ActivityHouse) =>
  (order: EventsOrder): Promise<EventsReport> =>
    attempt(() => store.putEvents(order));
