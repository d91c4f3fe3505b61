/** What of a derived series is due, told from the coverage of its base and from what the versions of the base changed. */
import { ulid } from 'ulid';
import { asCut, type Calendar, type MarketCalendar } from '../../model/calendar.js';
import type { DeriveOrder } from '../../model/derive.js';
import { type Due, dueIn, type Making, windowsOf } from '../../model/derive-plan.js';
import { type Interval, type IntervalSet, toSet } from '../../model/interval.js';
import { idOf, type Series } from '../../model/series.js';
import { nominalMs, TIMEFRAMES, type Timeframe } from '../../model/timeframe.js';
import type { LogEntry, Table } from '../../store/index.js';
import type { ActivityHouse } from '../house.js';

export interface Derivation extends Pick<Due, 'stamps'> {
  /** The same stamps, in stretches that are made at once. */
  readonly windows: readonly Interval[];
  /** Versions of the base and of the derived table that it was found on; −1: there is no table yet. */
  readonly base: number;
  readonly on: number;
  /** All of it is made anew. */
  readonly whole: boolean;
  readonly due: boolean;
}

/** A table that follows its base this closely need not be told that nothing of it has changed. */
const MOST_BEHIND = 100;

/** What has to be made of a derived table to follow its base; with `whole`, all of it. */
export async function dueOf(
  house: ActivityHouse,
  base: Table,
  table: Table | undefined,
  timeframe: Timeframe,
  whole = false,
): Promise<Derivation> {
  const making: Making = { calendar: baseCalendar(house, base), from: base.series.timeframe, timeframe, base: base.holdings };
  const versions = { base: base.snapshot.version, on: table?.snapshot.version ?? -1 };
  const behind = table ? versions.base - followed(table) : 0;
  const changed = table && !whole ? changedSince(await entriesOf(house, base, behind), behind) : 'all';
  const { stamps, lost } = changed === 'all' ? dueIn(making, [], []) : dueIn(making, table?.holdings.coverage ?? [], changed);
  if (lost) return dueOf(house, base, table, timeframe, true);
  const anew = changed === 'all' && table !== undefined;
  return {
    ...versions,
    stamps,
    windows: windowsOf(making, stamps),
    whole: anew,
    due: stamps.length > 0 || anew || behind >= MOST_BEHIND,
  };
}

const followed = ({ derived }: Table): number => derived?.version ?? -1;

const entriesOf = async ({ store }: ActivityHouse, base: Table, most: number): Promise<LogEntry[]> =>
  most > 0 ? store.history(base.series, most) : [];

const SAME_BARS: readonly string[] = ['compact', 'release'];
/** After these another measure is welcome, and bars may be gone. */
const ANEW: readonly string[] = ['reload', 'restore', 'repair'];

/** The time that versions told anew; `all` when that is not known, or when it may be by another measure. */
function changedSince(entries: readonly LogEntry[], expected: number): IntervalSet | 'all' {
  if (entries.length < expected) return 'all';
  const changed: Interval[] = [];
  for (const { commitInfo } of entries) {
    const change = commitInfo?.operationParameters.change ?? '';
    const interval = commitInfo?.tapekeep?.lineage.interval;
    if (SAME_BARS.includes(change)) continue;
    if (!interval || ANEW.includes(change)) return 'all';
    changed.push(interval);
  }
  return toSet(changed);
}

/** The calendar of the base, as its bars were cut. */
export function baseCalendar({ calendarOf: named, providers }: ActivityHouse, { series, calendar, basis, snapshot }: Table): Calendar {
  const provider = providers.names[0] as string;
  const market = named({ series, provider, calendar: calendar.name });
  if (!('facts' in market) || (market as MarketCalendar).neverCloses) return market;
  const opens = [...snapshot.files.values()].slice(-ENOUGH_FILES).flatMap(f => [f.first, f.last]);
  return asCut(market as MarketCalendar, { timeframe: series.timeframe, session: basis.session, opens });
}

/** So many ends of files tell how the bars were cut. */
const ENOUGH_FILES = 50;

/** Series that are made of this one, whose bars its newest version has completed or changed: each as an order in the catalog. */
export async function derivedDue(house: ActivityHouse, series: Series, by: string, silenceMs: number): Promise<DeriveOrder[]> {
  const { store } = house;
  const orders: DeriveOrder[] = [];
  let base: Table | undefined;
  for (const timeframe of await derivedOf(house, series)) {
    base ??= await store.open(series);
    const made = { ...series, timeframe };
    const table = await store.find(made);
    if (table?.hold || !(await dueOf(house, base, table, timeframe)).due) continue;
    const order: DeriveOrder = { job: 'derive', id: ulid(house.now()), series: made, from: series.timeframe, by, silenceMs };
    await store.recordLoad({ load: order.id, order });
    orders.push(order);
  }
  return orders;
}

/** By what tables say of themselves, and by the settings where there is no table yet. */
async function derivedOf({ store, derivedKept = () => [] }: ActivityHouse, series: Series): Promise<Timeframe[]> {
  const found = new Set<Timeframe>(derivedKept(series));
  for (const timeframe of TIMEFRAMES) {
    if (nominalMs(timeframe) <= nominalMs(series.timeframe)) continue;
    const table = await store.find({ ...series, timeframe });
    if (table?.derived?.from === idOf(series)) found.add(timeframe);
    else if (table) found.delete(timeframe);
  }
  return [...found];
}
