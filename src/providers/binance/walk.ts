/** The way through an ask: what needs no request, archives where the plan says so, pages for the rest and for what archives lack. */
import { type Bars, countOf, sliceBars } from '../../model/bars.js';
import type { Interval } from '../../model/interval.js';
import { nextBar, nominalMs, type Timeframe } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import { cursorOf, jointOf, type Place } from '../joint.js';
import { finalIn, knownPage } from '../known.js';
import type { Ask, Listing, Page, Serves, World } from '../provider.js';
import { type Archived, type Archives, pieceAt } from './archives.js';
import type { Market } from './market.js';
import type { Rest } from './rest.js';

export interface Way {
  readonly market: Market;
  readonly rest: Rest;
  readonly archives: Archives | undefined;
  readonly serves: Serves;
  readonly world: World;
  readonly ask: Ask;
  readonly known: Listing;
  readonly signal: AbortSignal;
}

interface Walked {
  place: Place;
  /** How far our clock is ahead of the source's: what is final is decided by the one that is behind. */
  aheadMs: number;
}

export async function* walk(way: Way, from: Place): AsyncGenerator<Page> {
  const { ask, serves, archives, rest, known, world, signal } = way;
  const walked: Walked = { place: from, aheadMs: 0 };
  while (walked.place.at < ask.interval.to) {
    signal.throwIfAborted();
    const { at } = walked.place;
    const without = knownPage(at, ask, serves, world.now() - walked.aheadMs, known);
    if (without) {
      yield without;
      walked.place = { at: without.answered.to };
      continue;
    }
    const piece = ask.part === undefined ? undefined : pieceAt(serves.archives, ask, at);
    const archived = piece && (await archives?.bars(ask, piece, rest, signal));
    if (piece && archived) yield* fromArchive(way, walked, archived, piece);
    else yield* byRequests(way, walked, piece?.to ?? ask.interval.to);
  }
}

/** What an archive has, and by requests what it lacks. */
async function* fromArchive(way: Way, walked: Walked, { bars, archive }: Archived, piece: Interval): AsyncGenerator<Page> {
  for (const { within, rows } of stretches(bars, walked.place.at, piece.to, way.ask.timeframe)) {
    if (rows) {
      walked.place = { at: within.to, ...withJoint(rows) };
      yield { ...pageOf(way.ask, within, rows, `${countOf(rows)} bars of the archive`, { at: within.to }), archive };
    } else yield* byRequests(way, walked, within.to);
    if (walked.place.at < within.to) return;
  }
}

/** Pages up to `end`, or until one shows that our clock is ahead. */
async function* byRequests(way: Way, walked: Walked, end: number): AsyncGenerator<Page> {
  const { ask, serves, known, world } = way;
  const until = Math.min(end, finalIn(ask, serves.settleMs, world.now() - walked.aheadMs), lifeOf(known, ask.timeframe));
  while (walked.place.at < until) {
    const { page, next, asOf } = await restPage(way, walked.place, until);
    const final = finalIn(ask, serves.settleMs, asOf);
    if (final < page.answered.to) {
      walked.aheadMs = Math.max(1, world.now() - asOf);
      return;
    }
    walked.place = next;
    yield page;
  }
}

const withJoint = (bars: Bars): Pick<Place, 'joint'> => {
  const joint = jointOf(bars);
  return joint ? { joint } : {};
};

const lifeOf = ({ last }: Listing, timeframe: Timeframe): number =>
  last === undefined ? Number.POSITIVE_INFINITY : endOf(last, timeframe);

/** The end of the bar in which the last minute lies. */
const endOf = (last: number, timeframe: Timeframe): number => last + nominalMs(timeframe);

/**
 * One page. When it ends before its window does, it settles only what its bars reach: the rest is asked for again, and only
 * an answer without any bar says that there is none.
 */
async function restPage({ rest, market, ask, signal }: Way, place: Place, until: number) {
  const window = { from: place.at, to: Math.min(until, after(place.at, market.pageRows - 1, ask.timeframe)) };
  const { bars, offGrid, asOf } = await rest.page(ask, window, place.joint, signal);
  const count = countOf(bars);
  const beside = offGrid > 0 ? `${offGrid} rows beside the grid` : '';
  if (count === 0) {
    const evidence = beside || `an empty list for ${timeText(window.from)} … ${timeText(window.to)}`;
    const verdict = offGrid > 0 ? ('failed' as const) : ('empty' as const);
    return { page: { ...pageOf(ask, window, bars, evidence, { at: window.to }), verdict }, next: { at: window.to }, asOf };
  }
  const reached = Math.min(window.to, nextBar(bars.ts[count - 1] as number, ask.timeframe));
  const next: Place = { at: reached, ...withJoint(bars) };
  const evidence = [`${count} bars`, beside].filter(Boolean).join(', ');
  return { page: pageOf(ask, { from: window.from, to: reached }, bars, evidence, next), next, asOf };
}

/** The end of so many bars from an instant on. */
function after(at: number, bars: number, timeframe: Timeframe): number {
  if (timeframe !== '1mo') return at + bars * nominalMs(timeframe);
  let end = at;
  for (let i = 0; i < bars; i++) end = nextBar(end, timeframe);
  return end;
}

const pageOf = (ask: Ask, answered: Interval, bars: Bars, evidence: string, next: Place): Page => ({
  bars,
  answered,
  verdict: null,
  evidence,
  next: answered.to < ask.interval.to ? cursorOf(next) : null,
});

interface Stretch {
  readonly within: Interval;
  /** Absent: the archive has none. */
  readonly rows?: Bars;
}

/** The piece from `at` on, by turns with bars and without. */
function stretches(bars: Bars, at: number, end: number, timeframe: Timeframe): Stretch[] {
  const out: Stretch[] = [];
  let from = at;
  let first = bars.ts.findIndex(ts => ts >= at);
  if (first < 0) first = countOf(bars);
  for (let i = first; i <= countOf(bars); i++) {
    const ts = i < countOf(bars) ? Math.min(bars.ts[i] as number, end) : end;
    const reached = i > first ? nextBar(bars.ts[i - 1] as number, timeframe) : from;
    if (ts <= reached && i < countOf(bars)) continue;
    if (i > first) {
      const to = Math.min(end, reached);
      out.push({ within: { from, to }, rows: sliceBars(bars, first, i) });
      from = to;
    }
    if (from < ts) out.push({ within: { from, to: ts } });
    from = ts;
    first = i;
  }
  return out;
}
