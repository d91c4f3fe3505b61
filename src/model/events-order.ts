/** Events as they are ordered to be kept, and the check of what comes from outside. */
import { fail } from './errors.js';
import { type EventsOf, HAND, type MarketEvent } from './events.js';
import { ASSET_CLASSES, idOf } from './series.js';
import { DAY } from './timeframe.js';

/** Of one order: they travel through a history. */
export const MOST_EVENTS = 2_000;

export interface EventsOrder {
  readonly id: string;
  readonly of: EventsOf;
  readonly events: readonly MarketEvent[];
  /** What the same source told before is forgotten. */
  readonly replace: boolean;
  readonly by: string;
  readonly silenceMs: number;
}

export interface EventsReport {
  /** The version of the events that holds them; null: there are none, and there were none. */
  readonly version: number | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** How many there are now. */
  readonly events: number;
}

/** The folder of a symbol: that of its series without the timeframe. Refuses a name that cannot be one. */
export function placeOf(of: EventsOf): string {
  const id = idOf({ ...of, timeframe: '1d' });
  return id.slice(0, id.lastIndexOf('/'));
}

export const eventsIdOf = ({ of, id }: Pick<EventsOrder, 'of' | 'id'>): string => `events/${placeOf(of)}/${id}`;

const refuse = (where: string, reason: string): Error => fail('EVENTS_INVALID', { where, reason });

/** `where` names each event for the message: a line of a file. Two of one kind on one date are refused. */
export function checkEvents(given: readonly unknown[], where = (i: number): string => `event ${i + 1}`): MarketEvent[] {
  if (given.length > MOST_EVENTS) throw refuse(`${given.length} events`, `at most ${MOST_EVENTS} can be given at once`);
  const seen = new Set<string>();
  return given.map((value, i) => {
    const event = checkEvent(value, where(i));
    const key = `${event.kind} ${event.date}`;
    if (seen.has(key))
      throw refuse(
        where(i),
        `there is a second ${event.kind} on that date; give one with their ${event.kind === 'split' ? 'product' : 'sum'}`,
      );
    seen.add(key);
    return event;
  });
}

const FIRST = Date.UTC(1800, 0, 1);
const LAST = Date.UTC(2200, 0, 1);

function checkEvent(given: unknown, where: string): MarketEvent {
  const { kind, date, ratio, amount, currency, source = HAND } = (given ?? {}) as Record<string, unknown>;
  if (typeof date !== 'number' || date % DAY !== 0 || !(date >= FIRST && date < LAST))
    throw refuse(where, 'its date is none, such as 2024-01-31');
  if (typeof source !== 'string' || !/^[\w.-]{1,40}$/.test(source)) throw refuse(where, 'its source is no short name');
  if (kind === 'split') return { kind, date, ratio: above(ratio, where, 'ratio'), source };
  if (kind !== 'dividend') throw refuse(where, `${JSON.stringify(kind)} is neither split nor dividend`);
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) throw refuse(where, 'a dividend has a currency, such as USD or GBX');
  return { kind, date, amount: above(amount, where, 'amount'), currency, source };
}

function above(value: unknown, where: string, what: string): number {
  if (typeof value === 'number' && value > 0 && value < 1e9) return value;
  throw refuse(where, `its ${what} is not a number above 0`);
}

/** Whoever reaches the server can start it: nothing is taken on trust. */
export function checkEventsOrder(given: unknown): EventsOrder {
  const { id, of, events, replace, by, silenceMs } = (given ?? {}) as Partial<EventsOrder>;
  const unfit = (what: string) => fail('USAGE', { reason: `events cannot be kept so: ${what}. Nothing was written` });
  if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw unfit('its id is none');
  if (typeof by !== 'string' || !/^[\w .:-]{1,64}$/.test(by)) throw unfit('who asks is no short name');
  if (typeof silenceMs !== 'number' || !(silenceMs >= 500 && silenceMs <= 3_600_000)) throw unfit('the silence of its steps');
  const { dataset, symbol, assetClass } = (of ?? {}) as Partial<EventsOf>;
  if (typeof dataset !== 'string' || typeof symbol !== 'string' || !ASSET_CLASSES.some(c => c === assetClass))
    throw unfit('whose they are');
  placeOf({ dataset, symbol, assetClass: assetClass as EventsOf['assetClass'] });
  if (!Array.isArray(events)) throw unfit('there is no list of events');
  return {
    id,
    of: { dataset, symbol, assetClass: assetClass as EventsOf['assetClass'] },
    events: checkEvents(events),
    replace: replace === true,
    by,
    silenceMs,
  };
}
