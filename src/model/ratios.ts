/** Ratios by which a price changes without a trade: splits and their reverse, and mixed-up units. */

export interface KnownRatio {
  /** The price after, divided by the price before. */
  readonly ratio: number;
  readonly kind: 'split' | 'unit';
  /** How people call it. */
  readonly words: string;
}

const SPLITS: readonly (readonly [shares: number, before: number])[] = [
  [2, 1],
  [3, 1],
  [4, 1],
  [5, 1],
  [7, 1],
  [10, 1],
  [20, 1],
  [3, 2],
];

/** Pence for pounds, cents for dollars. */
const UNITS = 100;

export const KNOWN_RATIOS: readonly KnownRatio[] = [
  ...SPLITS.flatMap(([shares, before]): KnownRatio[] => [
    { ratio: before / shares, kind: 'split', words: `split ${shares}:${before}` },
    { ratio: shares / before, kind: 'split', words: `reverse split ${before}:${shares}` },
  ]),
  { ratio: UNITS, kind: 'unit', words: `units ×${UNITS}` },
  { ratio: 1 / UNITS, kind: 'unit', words: `units ÷${UNITS}` },
];

/** The known ratio that this one is, give or take a share of it. */
export const knownRatio = (ratio: number, tolerance: number): KnownRatio | undefined =>
  KNOWN_RATIOS.find(known => Math.abs(ratio / known.ratio - 1) <= tolerance);
