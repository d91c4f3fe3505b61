/** A quality report as a program reads it. */
import type { Freshness } from '../../model/freshness.js';
import { DAY } from '../../model/timeframe.js';
import type { QualityReport } from './quality.js';

const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The sessions from `from` to `to`, both included. */
export function jsonOfQuality({ series, dates, quality, freshness, verified }: QualityReport) {
  const head = { ...series, from: dateText(dates.from), to: dateText(dates.to - DAY), verified };
  const state = freshness ? jsonOfFreshness(freshness) : null;
  if (!quality) return { ...head, score: null, freshness: state };
  const { worst, ...rest } = quality;
  return { ...head, ...rest, worst: worst.map(w => ({ ...w, from: dateText(w.from), to: dateText(w.to) })), freshness: state };
}

export const jsonOfFreshness = ({ state, age, lastDue }: Freshness) => ({
  state,
  barsBehind: age,
  lastDue: Number.isFinite(lastDue) ? new Date(lastDue).toISOString() : null,
});
