/** Alpha Vantage's series as bars: an object keyed by local times, newest first, with strings for numbers. Only its shape is judged here. */
import type { Bars, Value } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { fieldsOf, numberOf } from '../fields.js';
import { instantOf as newYorkInstant } from '../new-york.js';
import { barsOfRows } from '../rows.js';

/** What happened to a share on a day, as daily rows with their adjustments tell it. */
export interface DayEvent {
  readonly ts: number;
  readonly dividend: number;
  readonly split: number;
}

export interface Times {
  /** What the head of the answer says, by its words: Symbol, Interval, Time Zone. */
  readonly head: Readonly<Record<string, string>>;
  /** Oldest first, at the stamps that were sent; of days the date at 00:00Z. */
  readonly bars: Bars;
  readonly events: readonly DayEvent[];
}

/** Names carry a number that differs from function to function, and those of coins a currency besides. */
const NAMES: Readonly<Partial<Record<Value, RegExp>>> = {
  open: /^\d+a?\. open( \(\w+\))?$/,
  high: /^\d+a?\. high( \(\w+\))?$/,
  low: /^\d+a?\. low( \(\w+\))?$/,
  close: /^\d+a?\. close( \(\w+\))?$/,
  volume: /^\d+\. volume$/,
};
const DIVIDEND = /^\d+\. dividend amount$/;
const SPLIT = /^\d+\. split coefficient$/;

/** The series of an answer; undefined where it has none, which is how every refusal looks. */
export function readTimes(json: unknown, series: string): Times | undefined {
  const answer = fieldsOf(json);
  const name = Object.keys(answer).find(key => key.startsWith('Time Series'));
  if (name === undefined) return undefined;
  const head = headOf(answer['Meta Data']);
  const entries = Object.entries(fieldsOf(answer[name])).reverse();
  const names = Object.keys(fieldsOf(entries[0]?.[1]));
  const nameOf = (pattern: RegExp): string => names.find(key => pattern.test(key)) ?? '';
  const places = Object.fromEntries(Object.entries(NAMES).map(([value, pattern]) => [value, nameOf(pattern)]));
  if (entries.length > 0 && (places.open === '' || places.close === '')) throw wrong(series, 'its rows have no prices');
  const rows = entries.map(([, row]) => row);
  const instantOf = instants(head['Time Zone'] ?? '', series);
  const stamps = entries.map(([key]) => instantOf(key));
  const bars = barsOfRows(rows, 'alpha-vantage', () => Number.NaN, places);
  bars.ts.set(stamps);
  return {
    head,
    bars,
    events: rows
      .map((row, i) => ({
        ts: stamps[i] as number,
        dividend: numberOf(fieldsOf(row)[nameOf(DIVIDEND)]),
        split: numberOf(fieldsOf(row)[nameOf(SPLIT)]),
      }))
      .filter(e => e.dividend > 0 || (e.split > 0 && e.split !== 1)),
  };
}

/** `2. Symbol` is found as Symbol. */
const headOf = (meta: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(fieldsOf(meta)).map(([key, value]) => [key.replace(/^\d+\. /, ''), String(value)]));

const LOCAL = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/;

/** The zones that its answers name. */
const ZONES: Readonly<Record<string, (wall: number) => number>> = { 'US/Eastern': newYorkInstant, UTC: wall => wall };

/** Reads the wall clock of the zone that the answer names. A date alone is the session's date, whatever the zone. */
function instants(zone: string, series: string): (key: string) => number {
  const ofWall = Object.hasOwn(ZONES, zone) ? ZONES[zone] : undefined;
  if (!ofWall) throw wrong(series, `its times are in the zone ${JSON.stringify(zone)}, which is not known of it`);
  return key => {
    if (!LOCAL.test(key)) return Number.NaN;
    const wall = Date.parse(`${key.slice(0, 10)}T${key.slice(11) || '00:00:00'}Z`);
    return key.length === 10 ? wall : ofWall(wall);
  };
}

const wrong = (series: string, reason: string): Error => fail('ANSWER_WRONG', { provider: 'alpha-vantage', series, reason });
