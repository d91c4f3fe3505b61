/** Minutes that most symbols of a market lack together are one event, a halt or an outage, and not a fault of each series. */
import type { Calendar, Mark } from './calendar.js';
import type { GapClass, GapRun } from './gap-classes.js';
import { contains, type Interval, type IntervalSet, intersect, interval, subtract, toSet } from './interval.js';
import type { Timeframe } from './timeframe.js';

export interface Peer {
  readonly symbol: string;
  /** Where its bars were asked for and answered, within its life. Elsewhere it has no say. */
  readonly loaded: IntervalSet;
  /** Where expected bars are absent. */
  readonly absent: IntervalSet;
}

export interface PeerEvent extends Interval {
  /** `halted`: the calendar names it. `suspected_outage`: nobody does; ask again, then ask another provider. */
  readonly kind: 'halted' | 'suspected_outage';
  readonly why: string;
  /** The symbols that lack bars in it, and of how many that were loaded. */
  readonly lacking: readonly string[];
  readonly of: number;
}

export interface PeerFacts {
  /** The halts that the calendar names. */
  readonly halts?: readonly Mark[];
  /** Whether the market is closed all through a stretch, so that what lies before and after is one event. */
  readonly closed?: (within: Interval) => boolean;
}

export const LEAST_PEERS = 5;
const MOST_OF_THEM = 0.8;

/** The events, in order, each once. The peers are symbols of one calendar and one timeframe. */
export function peerEvents(peers: readonly Peer[], { halts = [], closed = () => false }: PeerFacts = {}): PeerEvent[] {
  if (peers.length < LEAST_PEERS) return [];
  const events: PeerEvent[] = [];
  for (const stretch of stretchesOf(peers, halts)) {
    const loaded = peers.filter(peer => contains(peer.loaded, stretch.from));
    const lacking = loaded.filter(peer => contains(peer.absent, stretch.from)).map(peer => peer.symbol);
    if (loaded.length < LEAST_PEERS || lacking.length < MOST_OF_THEM * loaded.length) continue;
    const halt = halts.find(h => h.kind === 'halted' && h.from <= stretch.from && h.to > stretch.from);
    const why = halt?.why ?? `${lacking.length} of ${loaded.length} symbols lack the same bars`;
    put(events, { ...stretch, kind: halt ? 'halted' : 'suspected_outage', why, lacking, of: loaded.length }, closed);
  }
  return events;
}

/** Time cut wherever the answer may change, without the stretches in which nothing is absent. */
function* stretchesOf(peers: readonly Peer[], halts: readonly Interval[]): Generator<Interval> {
  const changes: (readonly [at: number, by: number])[] = [];
  for (const { absent, loaded } of peers) {
    for (const { from, to } of absent) changes.push([from, 1], [to, -1]);
    for (const { from, to } of loaded) changes.push([from, 0], [to, 0]);
  }
  for (const { from, to } of halts) changes.push([from, 0], [to, 0]);
  changes.sort((a, b) => a[0] - b[0]);
  let absent = 0;
  let since = Number.NaN;
  for (const [at, by] of changes) {
    if (absent >= MOST_OF_THEM * LEAST_PEERS && at > since) yield interval(since, at);
    absent += by;
    since = at;
  }
}

function put(events: PeerEvent[], event: PeerEvent, closed: (within: Interval) => boolean): void {
  const last = events.at(-1);
  const joins = last && last.kind === event.kind && (last.to === event.from || closed(interval(last.to, event.from)));
  if (!joins || (event.kind === 'halted' && last.why !== event.why)) {
    events.push(event);
    return;
  }
  const lacking = [...new Set([...last.lacking, ...event.lacking])];
  const of = Math.max(last.of, event.of);
  const why = event.kind === 'halted' ? event.why : `${lacking.length} of ${of} symbols lack the same bars`;
  events[events.length - 1] = { ...event, from: last.from, lacking, of, why };
}

/** What an event explains: the reasons that a series by itself is given. What it knows for sure stays. */
const OPEN_TO_DOUBT: ReadonlySet<GapClass> = new Set(['no_trade', 'provider_empty', 'failed', 'missing']);

export const mayBeEvent = (run: GapRun): boolean => OPEN_TO_DOUBT.has(run.class);

/** The runs with what the events say: a halt is no fault, an outage is asked for again. Both in order. */
export function withEvents(runs: readonly GapRun[], events: readonly PeerEvent[], calendar: Calendar, timeframe: Timeframe): GapRun[] {
  if (events.length === 0) return [...runs];
  const count = (piece: Interval): number => calendar.count(piece, timeframe);
  return runs.flatMap(run => {
    if (!mayBeEvent(run)) return [run];
    const told = events
      .filter(e => e.from < run.to && e.to > run.from)
      .map(e => ({ ...run, ...intersect([e], [run])[0], ...wordsOf(e), next: e.kind === 'halted' ? null : run.next }));
    const rest = subtract([run], toSet(told)).map(piece => ({ ...run, ...piece }));
    const pieces = [...told, ...rest].map(piece => ({ ...piece, bars: count(piece) }));
    return pieces.filter(piece => piece.bars > 0).sort((a, b) => a.from - b.from);
  });
}

const wordsOf = ({ kind, why }: PeerEvent): Pick<GapRun, 'class' | 'evidence'> =>
  kind === 'halted' ? { class: 'halted', evidence: why } : { class: 'failed', evidence: `a suspected outage: ${why}` };
