/** How two bars differ, in words. */
import { type Bar, VALUES } from '../../model/bars.js';
import type { Difference } from '../../store/index.js';
import { exact } from '../screen/words.js';

export type DifferenceKind = 'added' | 'removed' | 'changed';

export const kindOf = ({ before, after }: Difference): DifferenceKind =>
  before === null ? 'added' : after === null ? 'removed' : 'changed';

const value = (v: number | null | undefined): string => exact(v ?? null);

/** "close 101.5 → 102, source binance → correction"; all that is stated of a bar that is on one side only. */
export function differenceWords({ before, after }: Difference): string {
  const one = before ?? after;
  if (!one) return '';
  if (!before || !after)
    return [...VALUES.filter(name => one[name] !== null).map(name => `${name} ${value(one[name])}`), one.source].join(', ');
  const changed = VALUES.filter(name => !Object.is(before[name], after[name])).map(
    name => `${name} ${value(before[name])} → ${value(after[name])}`,
  );
  return [...changed, ...(before.source === after.source ? [] : [`source ${before.source} → ${after.source}`])].join(', ');
}

const plainOf = (bar: Bar | null) => (bar === null ? null : { ...bar, ts: new Date(bar.ts).toISOString() });

export const jsonOfDifference = (difference: Difference) => ({
  ts: new Date(difference.ts).toISOString(),
  kind: kindOf(difference),
  before: plainOf(difference.before),
  after: plainOf(difference.after),
});
