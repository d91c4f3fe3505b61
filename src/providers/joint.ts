/**
 * Pages overlap by one bar: each is asked for from the last bar of the page before, and that bar has to come again as it
 * was. The cursor carries it, so that the joint also holds where another attempt goes on.
 */
import { type Bars, countOf } from '../model/bars.js';
import { fail } from '../model/errors.js';
import { timeText } from './answer.js';
import type { Ask, Cursor } from './provider.js';

/** Where to go on, and the bar before it: none where there was none. */
export interface Place {
  readonly at: number;
  readonly joint?: Joint;
}

export interface Joint {
  readonly ts: number;
  /** Open, high, low, close and volume, as text. */
  readonly values: string;
}

const PARTS = ['open', 'high', 'low', 'close', 'volume'] as const;

const valuesOf = (bars: Bars, i: number): string => PARTS.map(part => bars[part][i]).join(' ');

/** The last bar of a page; undefined when it has none. */
export function jointOf(bars: Bars): Joint | undefined {
  const last = countOf(bars) - 1;
  return last < 0 ? undefined : { ts: bars.ts[last] as number, values: valuesOf(bars, last) };
}

/** Raises PAGES_DISAGREE unless the page begins with the bar that the page before ended with. */
export function checkJoint(provider: string, { symbol, timeframe }: Ask, joint: Joint, bars: Bars): void {
  if (countOf(bars) > 0 && bars.ts[0] === joint.ts && valuesOf(bars, 0) === joint.values) return;
  throw fail('PAGES_DISAGREE', { provider, series: `${symbol} ${timeframe}`, at: timeText(joint.ts) });
}

export const cursorOf = ({ at, joint }: Place): Cursor => (joint ? `${at}|${joint.ts}|${joint.values}` : at);

/** The place that a cursor names; one that is none of ours must not pass for the end. */
export function placeOf(provider: string, { interval }: Ask, cursor: Cursor | null): Place {
  if (cursor === null) return { at: interval.from };
  const [at = '', ts, values] = String(cursor).split('|');
  const place = { at: at === '' ? Number.NaN : Number(at), ...(values !== undefined && { joint: { ts: Number(ts), values } }) };
  if (place.at >= interval.from && place.at < interval.to && !Number.isNaN(place.joint?.ts ?? 0)) return place;
  throw fail('INTERNAL', { reason: `${provider} was given the cursor ${JSON.stringify(cursor)}, which lies outside of the ask` });
}
