/** Rows on their way into bars: what cannot be a bar is counted with its reason, the rest comes out in runs. */
import { type Bars, emptyBars, sliceBars, VALUES, type Value } from '../../model/bars.js';
import type { Zone } from '../../model/calendar/zone.js';
import { barStart, isIntraday, type Timeframe } from '../../model/timeframe.js';
import { dateOf, momentOf } from './times.js';

/** So many bars are handed on at once. */
export const RUN = 100_000;

export interface Refusals {
  readonly [reason: string]: number;
}

/** One row as a file gives it. */
export interface Row {
  readonly ts: string | number | null | undefined;
  readonly source: string | null | undefined;
  /** NaN: not stated. undefined: stated, and no number. */
  value(name: Value): number | undefined;
}

export interface Gatherer {
  /** A full run, or undefined while there is room. */
  add(row: Row): Bars | undefined;
  /** What is left. */
  rest(): Bars | undefined;
  readonly refusals: Refusals;
}

interface Told {
  readonly timeframe: Timeframe;
  readonly zone: Zone | undefined;
  /** Where a row names none. */
  readonly source: string;
  /** Bars that open later than this are not over yet. */
  readonly lastOpen: number;
}

export function gather({ timeframe, zone, source, lastOpen }: Told): Gatherer {
  const refusals: Record<string, number> = {};
  let sources: string[] = [];
  let bars = emptyBars(RUN);
  let length = 0;
  const placeOf = (name: string): number => {
    const place = sources.indexOf(name);
    return place >= 0 ? place : sources.push(name) - 1;
  };
  const take = (): Bars => {
    const full = { ...sliceBars(bars, 0, length), sources };
    sources = [];
    bars = emptyBars(RUN);
    length = 0;
    return full;
  };
  const faultOf = (row: Row, ts: number): string | undefined => {
    if (Number.isNaN(ts)) return 'its time cannot be read';
    if (barStart(ts, isIntraday(timeframe) ? '1m' : timeframe) !== ts) return `no ${timeframe} bar opens at its time`;
    if (ts > lastOpen) return 'it is not over yet';
    if (VALUES.some(name => row.value(name) === undefined)) return 'a value is no number';
    return Number.isNaN(row.value('close') as number) ? 'it has no close' : undefined;
  };
  return {
    refusals,
    add(row) {
      const at = momentOf(row.ts, zone);
      const ts = isIntraday(timeframe) ? at : dateOf(at, zone);
      const fault = faultOf(row, ts);
      if (fault !== undefined) {
        refusals[fault] = (refusals[fault] ?? 0) + 1;
        return undefined;
      }
      bars.ts[length] = ts;
      bars.source[length] = placeOf(row.source || source);
      for (const name of VALUES) bars[name][length] = row.value(name) as number;
      length++;
      return length === RUN ? take() : undefined;
    },
    rest: () => (length > 0 ? take() : undefined),
  };
}
