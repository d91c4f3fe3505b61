/** Who may stand in for a source that cannot serve: sources of its rule whose bars mean the same. */
import { type Able, choose, type Mix, type Rules } from './provider-rules.js';
import type { Basis, Series } from './series.js';
import { MINUTE, nominalMs } from './timeframe.js';

/** Codes by which a source says that it does not serve us. */
export const REFUSALS = ['KEY_MISSING', 'KEY_REFUSED', 'PLAN_TOO_SMALL'] as const;

/** A source as it would serve one series. */
export interface Served extends Able {
  readonly basis: Basis;
  /** How it cuts the bars of a session. */
  readonly anchor: string;
}

/** The other sources of the rule in their order, as far as its `mix` allows them; none, where the source is not one of the rule's. */
export function standInsFor(series: Series, calendar: string | null, rules: Rules, sources: readonly Served[], provider: string): string[] {
  const { rule, considered } = choose(series, calendar, rules, sources);
  const mix = rule === null ? 'never' : (rules[rule]?.mix ?? 'never');
  const own = sources.find(s => s.name === provider);
  if (mix === 'never' || !own || !considered.some(c => c.provider === provider)) return [];
  return considered.flatMap(({ provider: name, fits }) => {
    const other = sources.find(s => s.name === name);
    return fits && other && name !== provider && meanTheSame(own, other, mix, series) ? [name] : [];
  });
}

/** Up to half an hour all cut their bars alike: every session opens on such a line. */
const CUT_ALIKE = 30 * MINUTE;

function meanTheSame(a: Served, b: Served, mix: Mix, { timeframe }: Series): boolean {
  const cut = a.anchor === b.anchor || nominalMs(timeframe) <= CUT_ALIKE;
  const price = a.basis.adjustment === b.basis.adjustment && a.basis.price === b.basis.price && a.basis.session === b.basis.session;
  const venue = a.basis.feed === b.basis.feed && a.basis.volumeUnit === b.basis.volumeUnit;
  // Of another venue the volume is another in any case: one that tells none invents none.
  const elsewhere = mix === 'any' && (a.basis.volumeUnit === b.basis.volumeUnit || b.basis.volumeUnit === 'none');
  return cut && price && (venue || elsewhere);
}
