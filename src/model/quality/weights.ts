/** The faults that are counted, what they weigh, and how quickly they cost points. */
import type { Counts } from './counts.js';

export const WEIGHTS = {
  completeness: 40,
  prices: 15,
  grid: 10,
  spikes: 10,
  jumps: 10,
  flat: 5,
  staleness: 10,
} as const;

export type FaultName = Exclude<keyof typeof WEIGHTS, 'staleness'>;

export interface Fault {
  readonly name: FaultName;
  /** What it is a share of; nothing there, and it does not apply. */
  readonly of: (c: Counts) => number;
  readonly faults: (c: Counts) => number;
  readonly share: (c: Counts) => number;
  /** How much of the component's points is lost: above 1, all of them. */
  readonly harm: (c: Counts) => number;
  readonly words: (c: Counts) => string;
}

interface Shape {
  readonly of: (c: Counts) => number;
  readonly faults: (c: Counts) => number;
  readonly factor: number;
  readonly words: (c: Counts) => string;
}

const fault = (name: FaultName, { of, faults, factor, words }: Shape): Fault => {
  const share = (c: Counts) => (of(c) > 0 ? faults(c) / of(c) : 0);
  return { name, of, faults, share, harm: c => factor * share(c), words };
};

const rows = (c: Counts): number => c.rows;

/** Bars that were due: absences without a fault are left out, minutes without a trade are in. */
export const dueBars = (c: Counts): number => c.expected - c.excused;

export const FAULTS: readonly [Fault, ...Fault[]] = [
  fault('completeness', {
    of: dueBars,
    faults: c => c.lost + c.conceded / 2,
    factor: 5,
    words: c => `${c.lost} of ${dueBars(c)} bars missing, ${c.conceded} that no source seems to have`,
  }),
  fault('prices', {
    of: rows,
    faults: c => c.nonsense,
    factor: 100,
    words: c => `${c.nonsense} bars whose prices or volume cannot be`,
  }),
  fault('grid', {
    of: rows,
    // A double that says something else weighs five times one that does not.
    faults: c => c.doubles + 4 * c.conflicts + c.offGrid,
    factor: 50,
    words: c => `${c.doubles} doubles (${c.conflicts} differ), ${c.offGrid} bars where none is expected`,
  }),
  fault('spikes', { of: rows, faults: c => c.spikes, factor: 200, words: c => `${c.spikes} spikes` }),
  {
    ...fault('jumps', {
      of: rows,
      faults: c => c.jumps,
      factor: 1,
      words: c => `${c.jumps} jumps by the ratio of a split or a unit, ${c.newsJumps} of them with the volume of news`,
    }),
    harm: c => 0.5 * c.jumps,
  },
  fault('flat', {
    of: rows,
    faults: c => c.zeroVolume + c.flat,
    factor: 20,
    words: c => `${c.zeroVolume} bars with a range and no volume, ${c.flat} in long runs of the same bar`,
  }),
];
