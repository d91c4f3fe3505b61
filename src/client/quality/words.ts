/** Scores and freshness as people read them. */
import type { Freshness } from '../../model/freshness.js';
import type { Quality, WorstRange } from '../../model/quality.js';
import { count, moment } from '../screen/words.js';

/** "fresh", "stale, 12 behind" */
export function freshnessWords(freshness: Freshness | null): string {
  if (freshness === null) return 'calendar unknown';
  const { state, age } = freshness;
  if (age === null) return `${state}, no bar`;
  return age === 0 ? state : `${state}, ${count(age)} behind`;
}

/** Rounded down: a score is never shown as one of the next grade. */
export const scoreText = (score: number): string => (Math.floor(score * 10) / 10).toFixed(1);

export const share = (part: number): string => `${(Math.floor(part * 10_000) / 100).toFixed(2)} %`;

/** "2024-03-04", "2024-03-04 to 2024-03-08" */
export const datesOf = ({ from, to }: WorstRange): string => (from === to ? moment(from) : `${moment(from)} to ${moment(to)}`);

export const NOT_VERIFIED = 'nothing verified it yet';

/** The lowest cap that holds it down. */
export function capWords({ caps, score }: Quality): string {
  const [lowest] = caps;
  return lowest && score >= lowest.most ? `at most ${lowest.most}: ${lowest.why}` : '-';
}
