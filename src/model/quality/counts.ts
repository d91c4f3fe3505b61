/** What is counted of a session. Counts add up, so the score of a range is that of its sessions' sums. */

export const FIELDS = [
  /** Bars that the calendar expects in the time that is judged: those that are there, and those with a class of absence. */
  'expected',
  /** Expected bars that are there. */
  'present',
  /** Expected bars whose absence is no fault: not final yet, outside the lifetime, halted, optional. */
  'excused',
  /** Expected bars that are absent: missing, failed, or empty and not yet believed. */
  'lost',
  /** Expected bars that nobody seems to have: empty and believed, or out of reach. They weigh half. */
  'conceded',
  /** Rows, of whatever kind. The shares of the faults below are shares of it. */
  'rows',
  /** Prices or a volume that cannot be. */
  'nonsense',
  /** Rows whose time is there already, and those of them that say something else. */
  'doubles',
  'conflicts',
  /** Rows that open where no bar is expected. */
  'offGrid',
  'spikes',
  /** Jumps by the ratio of a split or a unit, and those of them that the volume explains as news. */
  'jumps',
  'newsJumps',
  /** Rows with a range and yet no volume. */
  'zeroVolume',
  /** Rows in long runs of identical bars. */
  'flat',
] as const;
export type Field = (typeof FIELDS)[number];

/** Sums of the fields, and the longest run of lost bars, which is a maximum. */
export type Counts = Readonly<Record<Field, number>> & { readonly longestHole: number };

/** The counts of one session; from 1w up of one bar. */
export type SessionCounts = Counts & { readonly date: number };

export const NO_COUNTS: Counts = { ...(Object.fromEntries(FIELDS.map(f => [f, 0])) as Record<Field, number>), longestHole: 0 };

export const plus = (a: Counts, b: Counts): Counts => addUp([a, b]);

export function addUp(sessions: readonly Counts[]): Counts {
  const sums: Record<Field | 'longestHole', number> = { ...NO_COUNTS };
  for (const session of sessions) {
    for (const field of FIELDS) sums[field] += session[field];
    sums.longestHole = Math.max(sums.longestHole, session.longestHole);
  }
  return sums;
}

/** The counts while they are made: a column for each field, a place for each cell. */
export type Tally = Record<Field | 'longestHole', Float64Array>;

export function newTally(cells: number): Tally {
  const column = (): [string, Float64Array][] => [...FIELDS, 'longestHole'].map(f => [f, new Float64Array(cells)]);
  return Object.fromEntries(column()) as Tally;
}

export const add = (column: Float64Array, cell: number, n = 1): void => {
  column[cell] = (column[cell] as number) + n;
};

export function countsAt(tally: Tally, cell: number, date: number): SessionCounts {
  const sums = Object.fromEntries(FIELDS.map(f => [f, tally[f][cell] as number])) as Record<Field, number>;
  return { date, ...sums, longestHole: tally.longestHole[cell] as number };
}
