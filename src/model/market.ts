/** What is known of the market that a series trades in. Plain data: it travels to where frame work is done. */
import { CALENDAR_24_7 } from './calendar/always.js';
import type { Calendar, MarketCalendar, View } from './calendar/calendar.js';
import type { Facts } from './calendar/facts.js';
import { createCalendar } from './calendar/market.js';
import { classify, type Instruments } from './instruments.js';
import type { Series } from './series.js';

/** A calendar as the facts it is made of. */
export interface CalendarSpec {
  readonly facts: Facts;
  readonly version: string;
  readonly view: View;
}

export interface Market {
  /** null: it never closes. */
  readonly calendar: CalendarSpec | null;
  /** Prices are rounded to it; null where it is not known. */
  readonly tick: number | null;
  readonly mayBeNegative: boolean;
  /** False where volume means nothing: indices, spot FX. */
  readonly statesVolume: boolean;
}

/** The market of a series: its calendar, what its instrument is listed with, and what its class implies. */
export function marketFor(series: Series, calendar: Calendar, instruments: Instruments): Market {
  return { calendar: specOf(calendar), ...traitsOf(series, instruments) };
}

export function traitsOf({ symbol, assetClass }: Series, instruments: Instruments): Omit<Market, 'calendar'> {
  const known = classify(symbol, instruments).readings.find(r => r.listed && r.instrument.assetClass === assetClass);
  return {
    tick: known?.instrument.tick ?? null,
    mayBeNegative: assetClass === 'future',
    statesVolume: assetClass !== 'index' && assetClass !== 'fx',
  };
}

const made = new Map<string, MarketCalendar>();
const REMEMBERED = 64;

/** The calendar of a market, made once; undefined where it never closes. */
export function marketCalendarOf({ calendar: spec }: Market): MarketCalendar | undefined {
  if (!spec) return undefined;
  const { facts, version, view } = spec;
  const key = `${facts.name} ${version} ${view.session} ${view.anchor}`;
  const known = made.get(key) ?? createCalendar(facts, version).as(view);
  if (made.size >= REMEMBERED) made.clear();
  made.set(key, known);
  return known;
}

export const calendarOf = (market: Market): Calendar => marketCalendarOf(market) ?? CALENDAR_24_7;

/** What a calendar is made of; null for one that needs no facts. */
export const specOf = (calendar: Calendar): CalendarSpec | null =>
  isMarket(calendar) && !calendar.neverCloses ? { facts: calendar.facts, version: calendar.version, view: calendar.view } : null;

const isMarket = (calendar: Calendar): calendar is MarketCalendar => 'facts' in calendar;
