/** Keeps splits and dividends of a symbol beside its bars. */
import { checkEventsOrder, type EventsOrder, type EventsReport } from '../model/events-order.js';
import { orFailure } from './checked-order.js';
import { stepsOf } from './steps.js';

export async function keepEvents(given: EventsOrder): Promise<EventsReport> {
  const order = orFailure(() => checkEventsOrder(given));
  return stepsOf(order).quick.putEvents(order);
}
