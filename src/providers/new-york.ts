/** Days as the stock exchanges of New York count them: several sources stamp with them. */
import { zoneOf } from '../model/calendar.js';
import { DAY } from '../model/timeframe.js';

const zone = () => zoneOf('America/New_York');

/** A day that is stamped with its midnight in New York, as its date; a stamp that is no midnight stays off the grid. */
export const dateOfMidnight = (utc: number): number => zone().toLocal(utc);

/** The midnight in New York that begins a date. */
export const midnightOf = (date: number): number => zone().toUtc(date);

/** The date in New York at an instant. */
export const dateAt = (utc: number): number => Math.floor(zone().toLocal(utc) / DAY) * DAY;

/** The instant at which the clock in New York shows this; NaN for an hour that it shows twice or never. */
export function instantOf(wall: number): number {
  const { offsetAt, toLocal } = zone();
  const candidates = new Set([wall - offsetAt(wall - DAY), wall - offsetAt(wall + DAY)]);
  const [instant, other] = [...candidates].filter(at => toLocal(at) === wall);
  return instant === undefined || other !== undefined ? Number.NaN : instant;
}
