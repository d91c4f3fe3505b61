/** Moments as older files write them, as epoch milliseconds. */
import { type Zone, zoneOf } from '../../model/calendar/zone.js';
import { DAY } from '../../model/timeframe.js';

const TEXT = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;

/** Numbers are seconds, or the smaller unit that puts them between 1970 and 2255. NaN: it cannot be read. */
export function momentOf(cell: string | number | null | undefined, zone: Zone | undefined): number {
  if (typeof cell === 'number') return fromNumber(cell);
  const text = cell?.trim() ?? '';
  if (/^-?\d{9,19}(\.0*)?$/.test(text)) return fromNumber(Number(text));
  const found = TEXT.exec(text);
  if (!found) return Number.NaN;
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset] = found;
  const wall = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // A day that does not exist comes back as another one.
  if (Number.isNaN(wall) || new Date(wall).getUTCDate() !== Number(day)) return Number.NaN;
  if (offset === undefined) return zone && found[4] !== undefined ? zone.toUtc(wall) : wall;
  return wall - offsetOf(offset);
}

const LATEST_SECOND = 9e9;

function fromNumber(value: number): number {
  let ms = Math.abs(value) < LATEST_SECOND ? value * 1000 : value;
  while (Math.abs(ms) >= LATEST_SECOND * 1000) ms /= 1000;
  return Math.round(ms);
}

function offsetOf(text: string): number {
  if (text === 'Z' || text === 'UTC') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** From a day up a bar is named by its date: a midnight of the market's own clock is its date at 00:00Z. */
export const dateOf = (ts: number, zone: Zone | undefined): number =>
  zone && ts % DAY !== 0 && zone.toLocal(ts) % DAY === 0 ? zone.toLocal(ts) : ts;

export const zoneNamed = (name: string | null): Zone | undefined => (name === null ? undefined : zoneOf(name));
