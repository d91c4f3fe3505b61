/**
 * What is known of a market, as plain data. Dates are the day's 00:00Z. A time is minutes after the session date's
 * local midnight: 570 is 09:30, -420 is 17:00 of the evening before, 1440 the end of the day.
 */
import { DAY } from '../timeframe.js';

export type Window = readonly [from: number, to: number];

export interface Hours {
  readonly open: number;
  readonly close: number;
  readonly breaks: readonly Window[];
}

/** Hours that hold from a date until the next regime. */
export interface Regime extends Hours {
  readonly from: number;
}

/** What is different in a range of dates, both ends included. */
export interface RangeChange {
  readonly from: number;
  readonly to: number;
  readonly hours: Partial<Hours>;
  readonly why: string;
}

/** What is different on one day. */
export interface DayChange {
  readonly date: number;
  readonly closed?: boolean;
  readonly hours: Partial<Hours>;
  readonly why: string;
}

export interface ExtendedHours {
  readonly pre: Window;
  readonly post: Window;
  readonly postEndOnEarlyClose: number;
  /** A missing bar there is normal. */
  readonly thin: boolean;
}

/** A halt or outage between two moments on the wall clock (in milliseconds, as if it were UTC). */
export interface Halt {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

export interface Coverage {
  readonly from: number;
  readonly to: number;
  /** Hours before it are approximate. */
  readonly intradayFrom: number;
  /** Closed days before it are approximate. */
  readonly holidaysTrustedFrom: number;
  /** What is announced for the time after. */
  readonly after: string | null;
}

export interface Facts {
  readonly name: string;
  readonly title: string;
  readonly timezone: string;
  readonly aliases: readonly string[];
  readonly coverage: Coverage;
  /** Days that can carry a session; 0 is Sunday. */
  readonly weekdays: readonly number[];
  readonly regimes: readonly Regime[];
  readonly holidays: readonly number[];
  /** Date and time. */
  readonly earlyCloses: readonly (readonly [date: number, minute: number])[];
  readonly lateOpens: readonly (readonly [date: number, minute: number])[];
  readonly ranges: readonly RangeChange[];
  readonly days: readonly DayChange[];
  readonly extended: ExtendedHours | null;
  readonly halts: readonly Halt[];
  /** Auctions inside the session since a date. */
  readonly quiet: readonly { readonly from: number; readonly window: Window; readonly why: string }[];
  readonly printsAfterCloseMinutes: number;
  readonly staggeredOpen: Window | null;
  readonly rollover: Window | null;
  readonly softHolidays: readonly number[];
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (date: number): number => (((Math.floor(date / DAY) + 4) % 7) + 7) % 7;

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Whether the market never closes, so that plain arithmetic will do. */
export function neverCloses(f: Facts): boolean {
  const [regime] = f.regimes;
  return (
    f.timezone === 'UTC' &&
    f.weekdays.length === 7 &&
    f.regimes.length === 1 &&
    regime?.open === 0 &&
    regime.close === 1440 &&
    regime.breaks.length + f.holidays.length + f.earlyCloses.length + f.lateOpens.length + f.ranges.length + f.days.length === 0
  );
}
