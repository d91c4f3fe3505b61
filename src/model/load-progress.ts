/** What the seven steps of a load weigh, and how they are called on screen. */
import type { Weights } from './progress.js';

export const STEPS = ['local', 'gaps', 'segment', 'fetch', 'merge', 'validate', 'commit'] as const;
export type Step = (typeof STEPS)[number];

/** What is to do: all of it, or what is left of it. */
export interface Load {
  readonly pages: number;
  readonly bars: number;
  readonly batches: number;
  /** Requests that the source allows a second; absent: it is not what holds the load up. */
  readonly perSecond?: number;
}

/** Milliseconds as `npm run bench -- eta` finds them on two cores. Only their proportions matter, and only until a step has a pace of its own. */
const COST = {
  step: 25,
  page: 6,
  merge: { batch: 100, bar: 0.0021 },
  validate: { batch: 90, bar: 0.0008 },
  commit: { batch: 40, bar: 0.00002 },
} as const;

/** A load whose size is not known yet: its first three steps must not look like the whole of it. */
const UNKNOWN: Load = { pages: 500, bars: 500_000, batches: 1 };

/** What the source's own limit takes: the first second's requests are free. */
const limitMs = ({ pages, perSecond }: Load): number =>
  perSecond === undefined ? 0 : Math.max(0, ((pages - perSecond) * 1_000) / perSecond);

/** Whether the source's own limit is what holds the fetching up. */
export const isLimited = (load: Load): boolean => limitMs(load) > load.pages * COST.page;

/** The weights of the four steps that fetch and write. */
export function batchWeights(load: Load): Weights {
  const { pages, bars, batches } = load;
  const of = (cost: { batch: number; bar: number }): number => cost.batch * batches + cost.bar * bars;
  return {
    fetch: Math.max(pages * COST.page, limitMs(load)) + COST.step * batches,
    merge: of(COST.merge),
    validate: of(COST.validate),
    commit: of(COST.commit),
  };
}

/** The weights of all seven steps, in their order. */
export const loadWeights = (load: Load = UNKNOWN): Weights => ({
  local: COST.step,
  gaps: COST.step,
  segment: COST.step,
  ...batchWeights(load),
});

/** What a step is doing, in words: `items` are segments when fetching, batches later on. */
export function stepWords(step: Step, series: string, provider: string, items = 1): string {
  const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const words: Record<Step, string> = {
    local: `Reading what is there of ${series}`,
    gaps: `Analyzing gaps in ${series}`,
    segment: `Cutting the gaps in ${series} into segments for ${provider}`,
    fetch: `Fetching ${many(items, 'segment')} of ${series} from ${provider}`,
    merge: `Merging ${many(items, 'segment')} of ${series}`,
    validate: `Validating new bars of ${series}`,
    commit: `Committing new bars of ${series}`,
  };
  return words[step];
}
