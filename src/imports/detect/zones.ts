/** Wall clocks that exports are written by: zones of the IANA, and those of brokers, whose day ends with New York's. */
import { isZone, zoneOf } from '../../model/calendar/zone.js';
import { HOUR } from '../../model/timeframe.js';

export interface WallClock {
  readonly name: string;
  /** The moments at which the clock shows this: none in spring's missing hour, two in autumn's. */
  momentsOf(local: number): readonly number[];
}

/** Midnight of most MetaTrader servers is the close of New York: seven hours ahead of it, summer and winter. */
export const BROKER = 'America/New_York+7';

export function wallClock(name: string): WallClock {
  if (name === 'UTC') return { name, momentsOf: local => [local] };
  // Etc/GMT+5 is a zone as it stands, and it lies behind.
  const [, iana = name, ahead = '0'] = isZone(name) ? [] : (/^(.+?)([+-]\d{1,2})?$/.exec(name) ?? []);
  const zone = zoneOf(iana);
  const shift = Number(ahead) * HOUR;
  // Offsets differ by an hour or two around a change; away from one both guesses are the same.
  const momentsOf = (local: number): number[] => {
    const wall = local - shift;
    const guesses = new Set([wall - zone.offsetAt(wall - 24 * HOUR), wall - zone.offsetAt(wall + 24 * HOUR)]);
    return [...guesses].filter(at => at + zone.offsetAt(at) === wall).sort((a, b) => a - b);
  };
  return { name, momentsOf };
}

export function isWallClock(name: string): boolean {
  try {
    wallClock(name).momentsOf(0);
    return true;
  } catch {
    return false;
  }
}
