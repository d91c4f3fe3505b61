/** When a market is open, and so which bars should exist. */
export { CALENDAR_24_7 } from './calendar/always.js';
export { asCut, type Cut } from './calendar/as-cut.js';
export { type Calendar, type Mark, type MarketCalendar, REGULAR, type Session, type View } from './calendar/calendar.js';
export { dayReader } from './calendar/day.js';
export { addBars, type DaysOfBars, type Doubts, doubtsOf, noDays } from './calendar/days-of-bars.js';
export type { Coverage, DayChange, ExtendedHours, Facts, Halt, Hours, RangeChange, Regime, Window } from './calendar/facts.js';
export { WEEKDAYS, weekdayOf } from './calendar/facts.js';
export { createCalendar } from './calendar/market.js';
export { remarksOf } from './calendar/remarks.js';
export { countIn, expectedIn, finalUntil, openFrom } from './calendar/sets.js';
export { isZone, zoneOf } from './calendar/zone.js';
