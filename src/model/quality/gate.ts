/**
 * What may go into a table. A few bad rows are set aside, each with its reason; an answer that is bad as a whole is
 * refused. What only looks odd (spikes, flat runs, thin days) passes and lowers the score: a holiday or a quiet
 * symbol never blocks a load.
 */
import { type Bars, VALUES } from '../bars.js';
import type { Calendar } from '../calendar.js';
import { clustersOf } from '../clusters.js';
import { type Interval, type IntervalSet, intersect, interval } from '../interval.js';
import { DAY, isIntraday, MINUTE, nominalMs, type Timeframe } from '../timeframe.js';
import { isNonsense, nonsenseWords } from './prices.js';

export interface GateFacts {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  /** What was asked for: bars elsewhere were not. */
  readonly asked: IntervalSet;
  readonly mayBeNegative?: boolean;
  /** The share of rows that may be set aside before the whole is refused; three rows always may. */
  readonly mostShare?: number;
}

export interface Quarantined {
  readonly row: number;
  readonly reason: 'outside_asked' | 'off_grid' | 'closed' | 'nonsense';
  readonly says: string;
}

export interface Refusal {
  readonly reason: 'schema' | 'order' | 'duplicate' | 'wrong_interval' | Quarantined['reason'];
  readonly says: string;
}

export interface Gate {
  readonly refusal: Refusal | null;
  /** Rows to set aside, in order. Empty when the whole is refused. */
  readonly quarantine: readonly Quarantined[];
}

const MOST_SHARE = 0.05;
const ALWAYS = 3;

/** Judges rows in time order, one for each time, as a merge makes them. */
export function gate(bars: Bars, facts: GateFacts): Gate {
  const refusal = shapeRefusal(bars) ?? intervalRefusal(bars.ts, facts);
  if (refusal) return { refusal, quarantine: [] };
  const quarantine = setAside(bars, facts);
  const most = Math.max(ALWAYS, Math.floor(bars.ts.length * (facts.mostShare ?? MOST_SHARE)));
  const [first] = quarantine;
  const tooMany = first && (quarantine.length > most || (quarantine.length === bars.ts.length && bars.ts.length > 1));
  if (!tooMany) return { refusal: null, quarantine };
  const says = `${quarantine.length} of ${bars.ts.length} bars cannot be right; the first: ${first.says}`;
  return { refusal: { reason: first.reason, says }, quarantine: [] };
}

function shapeRefusal(bars: Bars): Refusal | undefined {
  const { ts } = bars;
  const short = VALUES.find(value => bars[value].length !== ts.length) ?? (bars.source.length === ts.length ? undefined : 'source');
  if (short) return { reason: 'schema', says: `the column ${short} has another length than ts` };
  for (let i = 0; i < ts.length; i++) {
    if (!Number.isFinite(ts[i])) return { reason: 'schema', says: `row ${i} has no time` };
    if (i > 0 && ts[i] === ts[i - 1]) return { reason: 'duplicate', says: `bar ${stamp(ts[i] as number)} is there twice` };
    if (i > 0 && (ts[i] as number) < (ts[i - 1] as number))
      return { reason: 'order', says: `bar ${stamp(ts[i] as number)} is out of order` };
  }
  return undefined;
}

const LEAST_FOR_INTERVAL = 10;
const FEW = 0.05;

/** Bars of another length than asked for: a provider that has no such bars may answer with coarser or finer ones. */
export function intervalRefusal(ts: Float64Array, { calendar, timeframe }: Pick<GateFacts, 'calendar' | 'timeframe'>): Refusal | undefined {
  if (ts.length < LEAST_FOR_INTERVAL) return undefined;
  const { step, times, row, shorter } = usualStep(ts);
  if (times < ts.length / 2) return undefined;
  const at = ts[row] as number;
  // The bar that a session or its pause cuts short is no finer one: the next one is expected all the same.
  const finer =
    step < Math.min(nominalMs(timeframe), SHORTEST_MONTH) && calendar.count(interval(at + step, at + step + 1), timeframe) === 0;
  // Several expected bars from one row to the next, and hardly ever fewer: nobody trades so regularly.
  const coarser = calendar.count(interval(at, at + step), timeframe) > 1 && shorter < ts.length * FEW;
  if (!finer && !coarser) return undefined;
  return { reason: 'wrong_interval', says: `its bars lie ${words(step)} apart, and ${timeframe} bars were asked for` };
}

const SHORTEST_MONTH = 28 * DAY;

interface Step {
  readonly step: number;
  times: number;
  /** A row before such a step. */
  readonly row: number;
}

/** The most common distance from row to row, and how many are shorter. */
function usualStep(ts: Float64Array): Step & { readonly shorter: number } {
  const steps = new Map<number, Step>();
  let known: Step | undefined;
  for (let i = 1; i < ts.length; i++) {
    const step = (ts[i] as number) - (ts[i - 1] as number);
    // Mostly the one before.
    if (known?.step !== step) known = steps.get(step);
    if (known) known.times++;
    else {
      known = { step, times: 1, row: i - 1 };
      steps.set(step, known);
    }
  }
  const all = [...steps.values()];
  const usual = all.reduce((a, b) => (b.times > a.times ? b : a));
  return { ...usual, shorter: all.reduce((n, s) => n + (s.step < usual.step ? s.times : 0), 0) };
}

const words = (ms: number): string => (ms % DAY === 0 ? `${ms / DAY} days` : `${ms / MINUTE} minutes`);

function setAside(bars: Bars, facts: GateFacts): Quarantined[] {
  const { ts } = bars;
  const out: Quarantined[] = [];
  const grid = gridOf(ts, facts);
  const { asked } = facts;
  const put = (row: number, reason: Quarantined['reason'], says: string): void => {
    out.push({ row, reason, says: `bar ${stamp(ts[row] as number)}: ${says}` });
  };
  let k = 0;
  for (let row = 0; row < ts.length; row++) {
    const at = ts[row] as number;
    while (k < asked.length && (asked[k] as Interval).to <= at) k++;
    if (k === asked.length || at < (asked[k] as Interval).from) put(row, 'outside_asked', 'it lies outside what was asked for');
    else if (isNonsense(bars, row, facts.mayBeNegative ?? false)) put(row, 'nonsense', nonsenseWords(bars, row));
    else {
      const place = grid(at);
      if (place === 'off') put(row, 'off_grid', `no ${facts.timeframe} bar opens then`);
      else if (place === 'closed' && saysNothing(bars, row)) put(row, 'closed', 'the market was closed, and nothing was traded');
    }
  }
  return out;
}

/** A bar on a closed day may be the calendar's fault: it is kept, unless it is filled in. */
export const saysNothing = ({ volume, high, low }: Bars, row: number): boolean => volume[row] === 0 && high[row] === low[row];

/** Where bars open, asked in time order. */
function gridOf(ts: Float64Array, { calendar, timeframe, asked }: GateFacts): (at: number) => 'on' | 'off' | 'closed' {
  const all = interval(asked[0]?.from ?? 0, (asked.at(-1)?.to ?? 0) + 1);
  const expected = concat(intersect(clustersOf(ts, timeframe), [all]).map(part => calendar.expected(part, timeframe)));
  const unit = isIntraday(timeframe) ? MINUTE : DAY;
  let next = 0;
  return at => {
    while (next < expected.length && (expected[next] as number) < at) next++;
    if (expected[next] === at) return 'on';
    const inside = next > 0 && at < calendar.closeOf(expected[next - 1] as number, timeframe);
    return at % unit !== 0 || inside ? 'off' : 'closed';
  };
}

function concat(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0] as Float64Array;
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const stamp = (ts: number): string => new Date(ts).toISOString();
