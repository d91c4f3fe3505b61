/**
 * Bars that jump far out and come back. A jump that stays is news; a bar is judged by the moves around it, and the
 * first of a session, which may well open elsewhere, by the ranges of whole sessions.
 */
import type { Bars } from '../bars.js';
import { isIntraday, nominalMs, type Timeframe } from '../timeframe.js';
import { add, type Tally } from './counts.js';
import { robustDeviation } from './median.js';

/** Neighbours on each side. */
export const REACH = 25;
const LEAST_NEIGHBOURS = 20;
const DEVIATIONS = 10;
/** Within two bars, four fifths of the move are gone. */
const BACK_WITHIN = 2;
const STAYS = 0.2;
/** A deviation is at least so many ticks: a quiet market moves by ticks alone. */
const FLOOR_TICKS = 2;
/** Where the tick is not known, it is taken for this share of the price. */
const UNKNOWN_TICK = 1e-4;
/** The mean range of a random walk, in deviations. */
const RANGE_DEVIATIONS = 1.6;

export interface SpikeFacts {
  readonly timeframe: Timeframe;
  readonly tick: number | null;
}

export function tallySpikes(bars: Bars, cellOf: Int32Array, facts: SpikeFacts, tally: Tally): void {
  const { close } = bars;
  const moves = movesOf(bars, cellOf, facts.timeframe);
  const around = new Float64Array(2 * REACH);
  for (let i = 1; i + 1 < cellOf.length; i++) {
    const before = close[i - 1] as number;
    const opens = Number.isNaN(moves[i]);
    const move = opens ? Math.log((close[i] as number) / before) : (moves[i] as number);
    const floor = FLOOR_TICKS * (facts.tick === null ? UNKNOWN_TICK : facts.tick / before);
    if (!Number.isFinite(move) || Math.abs(move) <= DEVIATIONS * floor || !comesBack(close, moves, i, move)) continue;
    const spike = opens ? beyondRanges(bars, cellOf, i, move, floor) : beyondMoves(moves, i, move, floor, around);
    if (spike) add(tally.spikes, cellOf[i] as number);
  }
}

/** The logarithm of each close over the one before; NaN over a closed market, and where a price is none. */
function movesOf({ ts, close }: Bars, cellOf: Int32Array, timeframe: Timeframe): Float64Array {
  const moves = new Float64Array(cellOf.length).fill(Number.NaN);
  const step = isIntraday(timeframe) ? nominalMs(timeframe) : Number.POSITIVE_INFINITY;
  for (let i = 1; i < cellOf.length; i++) {
    if (cellOf[i] !== cellOf[i - 1] && (ts[i] as number) - (ts[i - 1] as number) > step) continue;
    const move = Math.log((close[i] as number) / (close[i - 1] as number));
    if (Number.isFinite(move)) moves[i] = move;
  }
  return moves;
}

function comesBack(close: Float64Array, moves: Float64Array, i: number, move: number): boolean {
  for (let k = i + 1; k <= i + BACK_WITHIN && k < close.length; k++) {
    if (Number.isNaN(moves[k])) return false;
    if (Math.abs(Math.log((close[k] as number) / (close[i - 1] as number))) <= STAYS * Math.abs(move)) return true;
  }
  return false;
}

function beyondMoves(moves: Float64Array, i: number, move: number, floor: number, around: Float64Array): boolean {
  if (isUsual(moves, i, Math.abs(move))) return false;
  const n = gather(moves, i, around);
  if (n < LEAST_NEIGHBOURS) return false;
  const { median, deviation } = robustDeviation(around, n);
  return Math.abs(move - median) > DEVIATIONS * Math.max(deviation, floor);
}

function gather(moves: Float64Array, i: number, around: Float64Array): number {
  let n = 0;
  for (let k = Math.max(0, i - REACH); k <= i + REACH && k < moves.length; k++) {
    const move = moves[k] as number;
    if (k !== i && !Number.isNaN(move)) around[n++] = move;
  }
  return n;
}

/**
 * Rules most bars out without sorting, and no spike: if fewer than half of the neighbours lie beyond a quarter of the
 * move on one side, the median lies within it; for a spike, half of them then lie within a third of the move.
 * Comparisons are added up rather than branched on: this loop is most of what a score costs.
 */
function isUsual(moves: Float64Array, i: number, size: number): boolean {
  const quarter = 0.25 * size;
  const third = 0.34 * size;
  // The move itself is counted below as one beyond both, and taken off again.
  const own = (moves[i] as number) > 0 ? 1 : 0;
  let n = -1;
  let up = -own;
  let down = own - 1;
  let far = -1;
  const end = Math.min(i + REACH + 1, moves.length);
  for (let k = Math.max(0, i - REACH); k < end; k++) {
    const move = moves[k] as number;
    n += +!Number.isNaN(move);
    up += +(move > quarter);
    down += +(move < -quarter);
    far += +(Math.abs(move) > third);
  }
  return 2 * up < n && 2 * down < n && 2 * far > n;
}

function beyondRanges(bars: Bars, cellOf: Int32Array, i: number, move: number, floor: number): boolean {
  const cell = cellOf[i] as number;
  let own = i + 1;
  while (own < cellOf.length && cellOf[own] === cell) own++;
  let before = i - 1;
  while (before > 0 && cellOf[before - 1] === cellOf[i - 1]) before--;
  const range = Math.max(rangeOf(bars, i + 1, own), rangeOf(bars, before, i));
  return Math.abs(move) > DEVIATIONS * Math.max(range / RANGE_DEVIATIONS, floor);
}

/** The logarithm of the highest over the lowest of rows [from, to); the closes, since a wick would hide its own fault. */
function rangeOf({ close }: Bars, from: number, to: number): number {
  let high = 0;
  let low = Number.POSITIVE_INFINITY;
  for (let i = from; i < to; i++) {
    high = Math.max(high, close[i] as number);
    low = Math.min(low, close[i] as number);
  }
  return high > 0 && low > 0 ? Math.log(high / low) : 0;
}
