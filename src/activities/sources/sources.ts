/** Which sources could serve a series: who is chosen, and who stands in. */
import { fail } from '../../model/errors.js';
import type { LoadOrder } from '../../model/load.js';
import { type Choice, choose } from '../../model/provider-rules.js';
import { nameOf, type Series } from '../../model/series.js';
import { type Served, standInsFor } from '../../model/stand-ins.js';
import { basisFor } from '../../providers/basis.js';
import type { ActivityHouse } from '../house.js';

/** Of the rule for this kind of market the first source that can serve. */
export const choiceFor = (house: ActivityHouse, series: Series, calendar: string | null): Choice =>
  choose(series, calendar, house.sources.rules, sourcesFor(house, series));

export const standInsOf = (house: ActivityHouse, { series, provider }: LoadOrder, calendar: string | null): string[] =>
  standInsFor(series, calendar, house.sources.rules, sourcesFor(house, series), provider);

const sourcesFor = ({ providers, sources, health }: ActivityHouse, series: Series): Served[] =>
  providers.names.map(name => {
    const { serves } = providers.get(name);
    const { assetClasses, timeframes, anchor } = serves;
    return {
      name,
      assetClasses,
      timeframes,
      anchor,
      basis: basisFor(serves, series),
      hasKey: sources.hasKey(name),
      health: health.of(name),
      rests: health.restFor(name) > 0,
    };
  });

/** Raises BREAKER_OPEN while the source is left alone. */
export function requireWell({ health }: ActivityHouse, { provider, series }: Pick<LoadOrder, 'provider' | 'series'>): void {
  const rest = health.enter(provider);
  if (rest) throw fail('BREAKER_OPEN', { provider, series: nameOf(series), waitMs: rest.ms, reason: rest.why });
}
