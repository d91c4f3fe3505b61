/** Bars of a coarser timeframe, made of those of a series by the sessions of its calendar, a batch at a time. */
import { type Bars, concatBars, countOf, sliceBars, takeBars } from '../../model/bars.js';
import { CALENDAR_24_7, expectedIn } from '../../model/calendar.js';
import { answeredIn } from '../../model/derive-plan.js';
import type { Adjustment } from '../../model/events.js';
import { type Interval, type IntervalSet, interval, subtract } from '../../model/interval.js';
import { resample } from '../../model/resample.js';
import type { Series } from '../../model/series.js';
import { checkCoarser, partialIn, type Slots, slotsOf, spanFor } from '../../model/slots.js';
import { DAY, nominalMs, type Timeframe } from '../../model/timeframe.js';
import type { ResolvedSettings } from '../../settings.js';
import { EVER, type Reach, type Store, type Table } from '../../store/index.js';
import { adjusted } from '../events/events.js';
import { calendarOfTable, calendarsOf } from '../facts/calendars.js';

export interface Asked extends Reach {
  /** As the series has it, or coarser. */
  readonly timeframe?: Timeframe | undefined;
  /** By today's measure; else as they were traded. */
  readonly adjusted?: Adjustment | undefined;
}

/**
 * Bars as they are asked for: the interval is that of their stamps. A coarser bar of which a part was never asked for, or
 * is not final yet, is left out. Bars that lie outside of every session are in none.
 */
export async function* barsAsked(settings: ResolvedSettings, store: Store, table: Table, asked: Asked): AsyncGenerator<Bars> {
  const own = table.series.timeframe;
  const { timeframe = own, interval: wanted = EVER, most } = asked;
  const stored = (reach: Reach) => adjusted(settings, store, table, asked.adjusted, store.bars(table, reach));
  if (timeframe === own) return yield* stored(asked);
  checkCoarser(own, timeframe);
  const calendar = await calendarOfTable(settings, table);
  const stamped = clipped(table, wanted, timeframe);
  const span = spanFor(calendar, own, timeframe, stamped);
  const missing = subtract(expectedIn(calendar, [span], own), answeredIn(table.holdings, span));
  const finer = stored({ interval: span });
  yield* inBatches(
    made(finer, within => slotsOf(calendar, own, timeframe, within), { stamped, missing }),
    most,
  );
}

/** What has to be there of a series for coarser bars of it. */
export async function spanOfMade(
  settings: ResolvedSettings,
  { assetClass, timeframe }: Series,
  calendar: string | undefined,
  made: Timeframe,
  wanted: Interval,
): Promise<Interval> {
  checkCoarser(timeframe, made);
  const always = assetClass === 'crypto' || calendar === undefined;
  return spanFor(always ? CALENDAR_24_7 : (await calendarsOf(settings)).get(calendar), timeframe, made, wanted);
}

interface Kept {
  readonly stamped: Interval;
  readonly missing: IntervalSet;
}

/** The last bar of each part waits for the next: more of it may come. */
async function* made(finer: AsyncIterable<Bars>, slotsIn: (within: Interval) => Slots, kept: Kept): AsyncGenerator<Bars> {
  let rest: Bars | undefined;
  for await (const part of finer) {
    const bars = rest ? concatBars([rest, part]) : part;
    const slots = slotsIn(hullOf(bars));
    const { bars: coarse, first } = resample(bars, slots);
    const whole = countOf(coarse) - 1;
    if (whole > 0) yield keep(sliceBars(coarse, 0, whole), slots, kept);
    rest = whole < 0 ? undefined : sliceBars(bars, first[whole] as number, countOf(bars));
  }
  if (!rest) return;
  const slots = slotsIn(hullOf(rest));
  yield keep(resample(rest, slots).bars, slots, kept);
}

const hullOf = ({ ts }: Bars): Interval => interval(ts[0] as number, (ts.at(-1) as number) + 1);

function keep(bars: Bars, slots: Slots, { stamped, missing }: Kept): Bars {
  const partial = partialIn(slots, missing);
  const rows: number[] = [];
  bars.ts.forEach((ts, i) => {
    if (ts >= stamped.from && ts < stamped.to && !partial.has(ts)) rows.push(i);
  });
  return rows.length === countOf(bars) ? bars : takeBars(bars, rows);
}

/** Few coarse bars come of each part: they are gathered. */
async function* inBatches(parts: AsyncIterable<Bars>, most = 100_000): AsyncGenerator<Bars> {
  let waiting: Bars[] = [];
  let rows = 0;
  for await (const part of parts) {
    waiting.push(part);
    rows += countOf(part);
    if (rows < most) continue;
    const all = concatBars(waiting);
    let at = 0;
    for (; at + most <= rows; at += most) yield sliceBars(all, at, at + most);
    waiting = [sliceBars(all, at, rows)];
    rows -= at;
  }
  if (rows > 0) yield concatBars(waiting);
}

/** A bar's stamp is never further from its bars than its length and two days. */
function clipped({ snapshot }: Table, { from, to }: Interval, timeframe: Timeframe): Interval {
  const files = [...snapshot.files.values()];
  const reach = nominalMs(timeframe) * 2 + 2 * DAY;
  const first = Math.min(...files.map(f => f.first)) - reach;
  const last = Math.max(...files.map(f => f.last)) + reach;
  return files.length === 0 ? interval(0, 0) : interval(Math.max(from, first), Math.min(to, last));
}
