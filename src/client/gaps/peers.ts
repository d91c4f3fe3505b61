/** What the series of one market and timeframe lack together. Series are compared where bars are absent, not everywhere. */
import { addAll } from '../../model/add-all.js';
import { CALENDAR_24_7, type Calendar, type Mark } from '../../model/calendar.js';
import { type GapRun, holesIn } from '../../model/gap-classes.js';
import { hull, type Interval, type IntervalSet, interval, subtract, toSet } from '../../model/interval.js';
import { LEAST_PEERS, mayBeEvent, type Peer, type PeerEvent, peerEvents } from '../../model/peers.js';
import { nameOf } from '../../model/series.js';
import type { Table } from '../../store/index.js';
import { calendarOfTable, calendarsOf } from '../facts/calendars.js';
import type { Source } from '../source.js';
import { stampsOf } from '../stored/bars-out.js';

/** The longest runs of a series are compared; a minute or two without a trade is nobody's event. */
const MOST_RUNS = 20;
const LEAST_QUIET = 3;

/** The events in the absent stretches of one series. */
export async function eventsAround(source: Source, table: Table, calendar: Calendar, runs: readonly GapRun[]): Promise<PeerEvent[]> {
  const doubtful = runs.filter(r => mayBeEvent(r) && (r.class !== 'no_trade' || r.bars >= LEAST_QUIET));
  const longest = [...doubtful].sort((a, b) => b.bars - a.bars).slice(0, MOST_RUNS);
  const span = hull(toSet(longest));
  if (!span) return [];
  const peers = (await tablesLike(source, table, calendar)).filter(peer => loadedOf(peer).some(i => i.from < span.to && i.to > span.from));
  if (peers.length < LEAST_PEERS) return [];
  const events: PeerEvent[] = [];
  for (const run of longest.sort((a, b) => a.from - b.from)) events.push(...(await eventsIn(source, peers, calendar, run)));
  return events;
}

/** Stored series of the same calendar and timeframe, the series itself among them. */
async function tablesLike({ tables, settings }: Source, table: Table, calendar: Calendar): Promise<Table[]> {
  const found: Table[] = [];
  for (const series of await tables.list()) {
    if (series.timeframe !== table.series.timeframe) continue;
    const other = await tables.open(series);
    const own = await calendarOfTable(settings, other).catch(() => undefined);
    if (own?.name === calendar.name && other.basis.session === table.basis.session) found.push(other);
  }
  return found;
}

async function eventsIn(source: Source, peers: readonly Table[], calendar: Calendar, within: Interval): Promise<PeerEvent[]> {
  const compared: Peer[] = [];
  for (const table of peers) {
    const absent = await absentIn(source, table, calendar, within);
    compared.push({ symbol: nameOf(table.series), loaded: loadedOf(table), absent });
  }
  const closed = (stretch: Interval): boolean => calendar.count(stretch, peers[0]?.series.timeframe ?? '1m') === 0;
  return peerEvents(compared, { halts: await haltsIn(source, calendar, within), closed });
}

async function absentIn({ tables }: Source, table: Table, calendar: Calendar, within: Interval): Promise<IntervalSet> {
  const { timeframe } = table.series;
  const holes: Interval[] = [];
  let start = within.from;
  for await (const stamps of stampsOf(tables, table, within)) {
    const last = stamps.at(-1);
    if (last === undefined) continue;
    const end = calendar.next(last, timeframe);
    addAll(holes, holesIn(stamps, interval(start, end), calendar, timeframe));
    start = end;
  }
  if (start < within.to) addAll(holes, holesIn(new Float64Array(), interval(start, within.to), calendar, timeframe));
  return toSet(holes);
}

/** Where a series has a say: asked for and answered, within its life. */
function loadedOf({ holdings }: Table): IntervalSet {
  const outside = holdings.ledger.filter(
    a => a.reason === 'before_listing' || a.reason === 'after_delisting' || a.reason === 'out_of_reach',
  );
  return subtract(holdings.coverage, toSet(outside));
}

export async function haltsIn({ settings }: Source, calendar: Calendar, within: Interval): Promise<Mark[]> {
  if (calendar === CALENDAR_24_7) return [];
  return (await calendarsOf(settings))
    .get(calendar.name)
    .marks(within)
    .filter(mark => mark.kind === 'halted');
}

/** The same from runs of all of them that are known already: series of one calendar and one timeframe. */
export async function eventsAmong(
  source: Source,
  calendar: Calendar,
  all: readonly { readonly table: Table; readonly runs: readonly GapRun[] }[],
): Promise<PeerEvent[]> {
  if (all.length < LEAST_PEERS) return [];
  const peers = all.map(
    ({ table, runs }): Peer => ({
      symbol: nameOf(table.series),
      loaded: loadedOf(table),
      absent: toSet(runs.filter(r => mayBeEvent(r) || r.class === 'halted')),
    }),
  );
  const span = hull(toSet(peers.flatMap(p => p.absent)));
  if (!span) return [];
  const timeframe = all[0]?.table.series.timeframe ?? '1m';
  const closed = (stretch: Interval): boolean => calendar.count(stretch, timeframe) === 0;
  return peerEvents(peers, { halts: await haltsIn(source, calendar, interval(span.from, span.to)), closed });
}
