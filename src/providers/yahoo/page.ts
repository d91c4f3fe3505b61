/** One chart as pages: what failed in the midst of it is a page of its own, so that it is asked for again. */
import { type Bars, countOf, emptyBars, sliceBars, takeBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { type Interval, type IntervalSet, interval, toSet } from '../../model/interval.js';
import { barStart, DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { pageWithout } from '../known.js';
import { createOverlaps, endOf, type Overlaps } from '../overlap.js';
import type { Place } from '../paged.js';
import type { Ask, Page } from '../provider.js';
import { askChart } from './ask.js';
import { localDates, placeRows, runningDay } from './bars.js';
import type { Chart, Split } from './chart.js';
import { canSplit } from './listing.js';
import { doubtfulSplit, traded } from './splits.js';

export interface Reading {
  readonly source: Source;
  readonly pageBars: number;
  /** raw: taken back to what was traded. */
  readonly prices: 'raw' | 'split';
}

/** A window that was asked for, and what it said. */
interface Told {
  readonly window: Interval;
  /** In time order, all of them in the window. */
  readonly bars: Bars;
  readonly failed: IntervalSet;
  /** From here on nothing is final yet. */
  readonly open: number;
  /** What the verdict is known from, of parts that failed and of parts without bars. */
  readonly why: string;
  readonly empty: string;
}

/** What is kept of an ask from page to page. */
interface Kept {
  told?: Told;
  splits?: readonly Split[];
}

export function pagesOf(reading: Reading): (place: Place, signal: AbortSignal) => Promise<Page> {
  const asks = new WeakMap<Ask, Kept>();
  const overlaps = createOverlaps('yahoo');
  return async (place, signal) => {
    const kept = asks.get(place.ask) ?? {};
    asks.set(place.ask, kept);
    const known = kept.told;
    if (!known || place.at < known.window.from || place.at >= known.window.to)
      kept.told = await askWindow(reading, place, kept, overlaps, signal);
    return pageAt(place, kept.told as Told);
  };
}

/** The first stretch from the place on of which one thing can be said. */
function pageAt({ at, ask }: Place, { window, bars, failed, open, why, empty }: Told): Page {
  if (at >= open)
    return pageWithout(at, window.to, ask, 'not_yet_published', 'its row is stamped with the last trade, and the day is not over');
  const bad = failed.find(stretch => stretch.to > at);
  if (bad && bad.from <= at) return pageWithout(at, Math.min(bad.to, window.to), ask, 'failed', why);
  const to = Math.min(bad?.from ?? window.to, open, window.to);
  const within = sliceBars(bars, lowerBound(bars.ts, at), lowerBound(bars.ts, to));
  if (countOf(within) === 0) return pageWithout(at, to, ask, 'empty', empty);
  const next = to < ask.interval.to ? to : null;
  return { bars: within, answered: { from: at, to }, verdict: null, evidence: `${countOf(within)} bars`, next };
}

/** Windows are counted from where the ask begins: whoever resumes in the midst of one ends where it did. */
function windowAt({ at, end, ask }: Place, pageBars: number): Interval {
  const length = pageBars * nominalMs(ask.timeframe);
  const past = Math.floor((at - ask.interval.from) / length);
  return interval(at, Math.min(end, ask.interval.from + (past + 1) * length));
}

async function askWindow(reading: Reading, place: Place, kept: Kept, overlaps: Overlaps, signal: AbortSignal): Promise<Told> {
  const { ask, now } = place;
  const { symbol, timeframe } = ask;
  const whole = windowAt(place, reading.pageBars);
  // A day is stamped with the open of its session, which by UTC may be a day before or after its date.
  const margin = isIntraday(timeframe) ? 0 : DAY;
  // The newest window is asked for up to now: then all splits come with it.
  const to = now - whole.to < DAY ? now : whole.to + margin;
  const within = interval(whole.from - margin, to);
  const sent = await askChart(reading.source, { symbol, timeframe, within, signal });
  if (typeof sent === 'string') return { window: whole, bars: emptyBars(), failed: [], open: whole.to, why: '', empty: sent };
  // Both ends are included: the row behind the window comes with it, as null if nobody traded then.
  const window = interval(whole.from, endOf(ask, whole, Math.min(whole.to + 1, place.end), lastRow(sent, timeframe)));
  const back = reading.prices === 'raw' && canSplit(sent);
  const splits = back ? await splitsSince(reading.source, place, sent, within, kept, signal) : sent.splits;
  const doubtful = doubtfulSplit(sent, splits, now);
  const { chart, lost } = traded(sent, back ? splits : []);
  const placed = placeRows(chart, timeframe, lost);
  const bars = inside(placed.bars, window);
  checkAnswer('yahoo', ask, window, bars, onGrid(ask));
  // Behind the last window nothing is final yet, and may differ the next time.
  overlaps(ask, window, window.to < place.end ? placed.bars : bars);
  const before = doubtful ? [interval(window.from, isIntraday(timeframe) ? doubtful.at : localDates(chart.zone)(doubtful.at))] : [];
  return {
    window,
    bars,
    failed: toSet([...placed.failed, ...before]),
    open: (isIntraday(timeframe) ? undefined : runningDay(sent, now)) ?? window.to,
    why: doubtful ? `nobody can tell yet whether prices are divided by the split of ${timeText(doubtful.at)}` : reasonOf(lost),
    empty: `no times for ${timeText(window.from)} … ${timeText(window.to)}`,
  };
}

const reasonOf = (lost: readonly number[]): string =>
  lost.length === 0 ? 'it came without prices' : `${lost.length} rows cannot be taken back exactly through the splits after them`;

/** Where the last row of a chart stands, whatever it says. */
function lastRow({ stamps, zone }: Chart, timeframe: Timeframe): number | undefined {
  const last = stamps.at(-1);
  return last === undefined || isIntraday(timeframe) ? last : localDates(zone)(last);
}

/** All splits after the window up to now. Those within it came with the chart; the later ones are asked for once for an ask. */
async function splitsSince(
  source: Source,
  { ask, now }: Place,
  chart: Chart,
  within: Interval,
  kept: Kept,
  signal: AbortSignal,
): Promise<readonly Split[]> {
  if (within.to >= now) return chart.splits;
  kept.splits ??= await eventsOf(source, ask.symbol, interval(ask.interval.from, now), signal).then(told => told?.splits ?? []);
  return kept.splits;
}

/** The chart of days that holds the splits and dividends of a time; undefined where there is none. */
export async function eventsOf(source: Source, symbol: string, within: Interval, signal: AbortSignal): Promise<Chart | undefined> {
  const chart = await askChart(source, { symbol, timeframe: '1d', within, signal });
  return typeof chart === 'string' ? undefined : chart;
}

/** Both ends of a request are included, and days come with their neighbours: those are others' to tell. */
function inside(bars: Bars, { from, to }: Interval): Bars {
  const rows = [...bars.ts.keys()].filter(i => (bars.ts[i] as number) >= from && (bars.ts[i] as number) < to);
  return rows.length === countOf(bars) ? bars : takeBars(bars, rows);
}

/** A market's grid is judged with its calendar, bar by bar, before anything is committed: here it is whole minutes and dates. */
const onGrid = ({ calendar, timeframe }: Ask): ((ts: number) => boolean) =>
  calendar ? ts => ts % (isIntraday(timeframe) ? MINUTE : DAY) === 0 : ts => barStart(ts, timeframe) === ts;
