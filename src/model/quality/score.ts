/** A score from 0 to 100 out of counts: what it is made of, what caps it, and where it is lost. */
import type { Freshness } from '../freshness.js';
import { addUp, type Counts, type SessionCounts } from './counts.js';
import { FAULTS, type FaultName, WEIGHTS } from './weights.js';
import { type WorstRange, worstRanges } from './worst.js';

export interface Component {
  readonly name: FaultName | 'staleness';
  readonly weight: number;
  /** 1 without a fault. */
  readonly value: number;
  /** What it takes from the score, before any cap. */
  readonly costs: number;
  readonly words: string;
}

/** The highest score that is given as long as something is so. */
export interface Cap {
  readonly most: number;
  readonly why: string;
}

export type Grade = 'A' | 'B' | 'C' | 'D' | 'E';

export interface Quality {
  readonly score: number;
  readonly grade: Grade;
  readonly components: readonly Component[];
  /** Those that hold, the lowest first. */
  readonly caps: readonly Cap[];
  /** Bars that are there, as a share of all that the calendar expects: no excuse counts. */
  readonly coverage: number;
  /** The longest run of lost bars. */
  readonly longestHole: number;
  readonly worst: readonly WorstRange[];
  readonly counts: Counts;
}

/** What bars do not tell. */
export interface Standing {
  /** Left out for a range that ends in the past. */
  readonly freshness?: Freshness['state'];
  /** Whether bars were compared with anything since they came: another source, a later answer. */
  readonly verified: boolean;
}

/** The score of some sessions; null where no bar is expected. */
export function scoreOf(sessions: readonly SessionCounts[], { freshness, verified }: Standing): Quality | null {
  const counts = addUp(sessions);
  if (counts.expected - counts.excused <= 0) return null;
  const parts = FAULTS.filter(fault => fault.of(counts) > 0).map(fault => ({
    name: fault.name,
    weight: WEIGHTS[fault.name],
    value: Math.max(0, 1 - fault.harm(counts)),
    words: fault.words(counts),
  }));
  const all = freshness === undefined ? parts : [...parts, staleness(freshness)];
  const weights = all.reduce((sum, c) => sum + c.weight, 0);
  const components = all.map((c): Component => ({ ...c, costs: (100 * c.weight * (1 - c.value)) / weights }));
  const caps = capsOf(counts, verified);
  const plain = 100 - components.reduce((sum, c) => sum + c.costs, 0);
  const score = Math.max(0, Math.min(plain, ...caps.map(c => c.most)));
  return {
    score,
    grade: gradeOf(score),
    components,
    caps,
    coverage: counts.expected > 0 ? counts.present / counts.expected : 0,
    longestHole: counts.longestHole,
    worst: worstRanges(sessions),
    counts,
  };
}

const FRESH: Readonly<Record<Freshness['state'], number>> = { fresh: 1, due: 0.7, stale: 0.3, dead: 0 };

const staleness = (state: Freshness['state']) => ({
  name: 'staleness' as const,
  weight: WEIGHTS.staleness,
  value: FRESH[state],
  words: state,
});

function capsOf(counts: Counts, verified: boolean): Cap[] {
  const missing = FAULTS[0].share(counts);
  const open = counts.jumps - counts.newsJumps;
  const caps: readonly (Cap & { holds: boolean })[] = [
    { most: 40, why: 'more than half of the bars are absent', holds: missing > 0.5 },
    { most: 50, why: 'more than one bar in a hundred has prices that cannot be', holds: counts.nonsense > 0.01 * counts.rows },
    { most: 60, why: `${open} jumps look like a split or a unit and have no explanation`, holds: open > 0 },
    { most: 70, why: `${counts.conflicts} bars are there twice and differ`, holds: counts.conflicts > 0 },
    { most: 80, why: 'nothing was compared with another source or a later answer yet', holds: !verified },
  ];
  return caps.filter(c => c.holds).map(({ most, why }) => ({ most, why }));
}

const GRADES: readonly (readonly [Grade, number])[] = [
  ['A', 95],
  ['B', 85],
  ['C', 70],
  ['D', 50],
];

export const gradeOf = (score: number): Grade => GRADES.find(([, least]) => score >= least)?.[0] ?? 'E';
