/** Wall clocks: IANA zones through Intl. A zone's changes are found once for each year and then looked up. */
import { DAY, dateOf } from '../timeframe.js';

export interface Zone {
  /** Milliseconds that the wall clock is ahead of UTC. */
  offsetAt(utc: number): number;
  /** The instant at which the wall clock shows this. Twice: the first; never (skipped in spring): as the clock before would have it. */
  toUtc(local: number): number;
  toLocal(utc: number): number;
}

/** Offsets of one UTC year: `offsets[i]` holds from `starts[i]` on. */
interface YearOfZone {
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
}

const zones = new Map<string, Zone>();

export function zoneOf(name: string): Zone {
  const zone = zones.get(name) ?? createZone(name);
  zones.set(name, zone);
  return zone;
}

/** Whether this machine knows the zone. An offset such as +05:00 is none: it knows no summer. */
export function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && zoneOf(name) !== undefined;
  } catch {
    return false;
  }
}

function createZone(name: string): Zone {
  const ask = asker(name);
  const years = new Map<number, YearOfZone>();
  // Nearly every question is about the same half year as the one before.
  let near = { from: 0, to: 0, offset: 0 };
  const look = (utc: number): typeof near => {
    const { year } = dateOf(utc);
    const { starts, offsets } = years.get(year) ?? changesOf(year, ask);
    years.set(year, { starts, offsets });
    const i = starts.findLastIndex(start => start <= utc);
    return { from: starts[i] as number, to: starts[i + 1] ?? Date.UTC(year + 1, 0, 1), offset: offsets[i] as number };
  };
  const offsetAt = (utc: number): number => {
    if (utc < near.from || utc >= near.to) near = look(utc);
    return near.offset;
  };
  const toUtc = (local: number): number => {
    const before = offsetAt(local - DAY);
    const after = offsetAt(local + DAY);
    if (before === after || offsetAt(local - before) === before) return local - before;
    return offsetAt(local - after) === after ? local - after : local - before;
  };
  return { offsetAt, toUtc, toLocal: utc => utc + offsetAt(utc) };
}

/** Intl writes the wall clock's fields; read back as if they were UTC, they tell the offset. */
function asker(timeZone: string): (utc: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return utc => {
    const [, month, day, year, hour, minute, second] = /^(\d+)\D+(\d+)\D+(\d+)\D+(\d+)\D+(\d+)\D+(\d+)/.exec(format.format(utc)) ?? [];
    return (
      Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) - Math.floor(utc / 1000) * 1000
    );
  };
}

/** No zone changes twice within so short a time. */
const STRIDE = 14 * DAY;

function changesOf(year: number, ask: (utc: number) => number): YearOfZone {
  const end = Date.UTC(year + 1, 0, 1);
  const starts = [Date.UTC(year, 0, 1)];
  const offsets = [ask(starts[0] as number)];
  for (let at = starts[0] as number; at < end; at += STRIDE) {
    const to = Math.min(at + STRIDE, end);
    const offset = ask(to);
    if (offset === offsets.at(-1)) continue;
    starts.push(changeWithin(at, to, offsets.at(-1) as number, ask));
    offsets.push(offset);
  }
  return { starts, offsets };
}

const SECOND = 1_000;
/** Clocks are changed at a quarter of an hour, but for some of long ago. */
const QUARTER = 900 * SECOND;

/** The first second with another offset, by bisection. */
function changeWithin(from: number, to: number, offset: number, ask: (utc: number) => number): number {
  const near = bisect(from, to, QUARTER, at => ask(at) === offset);
  return ask(near - SECOND) === offset ? near : bisect(near - QUARTER, near, SECOND, at => ask(at) === offset);
}

/** The first multiple of a step that is no longer as before: `from` is, `to` is not. */
function bisect(from: number, to: number, step: number, asBefore: (at: number) => boolean): number {
  let lo = from;
  let hi = to;
  while (hi - lo > step) {
    const mid = Math.floor((lo + hi) / (2 * step)) * step;
    if (asBefore(mid)) lo = mid;
    else hi = mid;
  }
  return hi;
}
