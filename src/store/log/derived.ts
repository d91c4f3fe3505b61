/** A table whose bars are made of another series' says so: fetched bars and derived ones are never in one table. */
import type { Origin } from '../../model/derive.js';
import { fail } from '../../model/errors.js';
import { nameOf, type Series } from '../../model/series.js';

export const DERIVED_KEY = 'tapekeep.derived';

export const readOrigin = (configured: string | undefined): Origin | null =>
  configured === undefined ? null : (JSON.parse(configured) as Origin);

export function refuseMixed(
  table: { readonly series: Series; readonly derived: Origin | null },
  offered: Pick<Origin, 'from'> | undefined,
): void {
  const tell = (from: Pick<Origin, 'from'> | null | undefined) => (from ? `derived (${from.from})` : 'fetched');
  const [stored, news] = [tell(table.derived), tell(offered)];
  if (stored !== news) throw fail('BASIS_MISMATCH', { series: nameOf(table.series), stored, offered: news });
}
