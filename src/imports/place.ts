/** From what a row says of its time to the open of a bar: zone, stamp side, the session's date. */
import { type Bars, takeBars, VALUES } from '../model/bars.js';
import type { Calendar } from '../model/calendar.js';
import { barStart, DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../model/timeframe.js';
import { wallClock } from './detect/zones.js';
import type { Stamping } from './layout.js';
import type { Columns } from './text/columns.js';
import type { RefusedRow } from './text/rows.js';
import { momentsIn, wayOf } from './which-hour.js';

export interface Placing extends Stamping {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  /** No bar opens later. */
  readonly now: number;
  /** Of the stamp, as a person counts: what is said of a refused row names it. */
  readonly column?: number;
  /** The first and the last open of the rows before, and their way: they tell which of two equal hours of autumn is meant. */
  readonly before?: { readonly first: number | null; readonly last: number | null; readonly descending?: boolean } | null;
  /** Stamps of the rows behind, where those that are placed end in such an hour. */
  readonly behind?: Float64Array;
}

export interface Placed {
  readonly bars: Bars;
  readonly lines: Float64Array;
  readonly refused: readonly RefusedRow[];
  /** Rows whose stamp lay inside a bar and that were put to its open. */
  readonly moved: number;
  /** The newest come first. */
  readonly descending: boolean;
}

/** Bars by the opens that they are stored by. A row whose time never was is refused. */
export function placeRows(read: Columns, placing: Placing): Placed {
  const { bars, lines, moments } = read;
  const { timeframe, column = 1, now } = placing;
  const ts = bars.ts.slice();
  const refused: RefusedRow[] = [];
  const toOpen = opener(placing);
  const clock = wallClock(placing.zone);
  const intraday = isIntraday(timeframe);
  const shown = placing.behind ? joined(bars.ts, placing.behind) : bars.ts;
  const way = wayOf(shown, placing.before?.descending);
  const { descending } = way;
  const momentAt = momentsIn(shown, clock, way, nominalMs(timeframe));
  const refuse = (i: number, reason: string): void => {
    ts[i] = Number.NaN;
    refused.push({ line: lines[i] as number, column, reason, text: rowAsRead(bars, i) });
  };
  let moved = 0;
  let before = (descending ? placing.before?.first : placing.before?.last) ?? Number.NaN;
  if (placing.stamp === 'close') before += nominalMs(timeframe);
  for (let i = 0; i < ts.length; i++) {
    const said = bars.ts[i] as number;
    const at = moments[i] === 1 || !intraday ? said : momentAt(i, before);
    if (typeof at === 'string') {
      refuse(i, `${wallText(said)} ${at}`);
      continue;
    }
    before = at;
    const open = toOpen(at);
    if (open > now) {
      refuse(i, `${new Date(open).toISOString()} lies in the future`);
      continue;
    }
    if (open !== at && intraday && placing.stamp === 'open') moved++;
    ts[i] = open;
  }
  const placed = { ...bars, ts };
  if (refused.length === 0) return { bars: placed, lines, refused, moved, descending };
  const kept = Array.from(ts.keys()).filter(i => !Number.isNaN(ts[i]));
  return { bars: takeBars(placed, kept), lines: Float64Array.from(kept, i => lines[i] as number), refused, moved, descending };
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** All that was read of a row, where its text is not at hand any more. */
export const rowAsRead = (bars: Bars, i: number): string =>
  [
    wallText(bars.ts[i] as number),
    ...VALUES.filter(value => !Number.isNaN(bars[value][i])).map(value => `${value} ${bars[value][i]}`),
  ].join(', ');

const wallText = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/(:00)?\.000Z$/, '');

/** A server that opens late stamps the first bar after a break with when it opened. */
const LATEST_MS = 15 * MINUTE;

/** Whether a stamp inside a bar of that length names the bar; any later it is of another grid. */
export const isLateOpen = (late: number, length: number): boolean => late > 0 && late < Math.min(LATEST_MS, length / 2);

/** The open that is meant by a stamp. */
function opener({ timeframe, stamp, calendar }: Placing): (at: number) => number {
  if (!isIntraday(timeframe)) return at => dateOfBar(at, timeframe, stamp, calendar);
  const length = nominalMs(timeframe);
  // A stamp inside a bar: a server that opened late. Minutes are too short to be late in.
  if (stamp === 'open' && length <= MINUTE) return at => at;
  return at => {
    const bar = calendar.previous(stamp === 'close' ? at : at + 1, timeframe);
    if (stamp === 'close') return calendar.closeOf(bar, timeframe) === at ? bar : at - length;
    return isLateOpen(at - bar, length) ? bar : at;
  };
}

/** The date of a session: what was written, or that of the session a moment lies in. */
function dateOfBar(at: number, timeframe: Timeframe, stamp: Stamping['stamp'], calendar: Calendar): number {
  const within = stamp === 'close' && timeframe !== '1d' ? at - 1 + (at % DAY === 0 ? DAY : 0) : at;
  const date = within % DAY === 0 ? within : (sessionDate(calendar, within) ?? Math.floor(within / DAY) * DAY);
  if (timeframe === '1d') return date;
  // A week that is named by the Sunday before its sessions.
  const isSunday = new Date(date).getUTCDay() === 0;
  return barStart(timeframe === '1w' && stamp === 'open' && isSunday ? date + DAY : date, timeframe);
}

function sessionDate(calendar: Calendar, at: number): number | undefined {
  const near = calendar.sessions({ from: Math.floor(at / DAY) * DAY - DAY, to: Math.floor(at / DAY) * DAY + 2 * DAY });
  return near.find(s => s.segments.some(segment => at >= segment.from && at < segment.to))?.date;
}
