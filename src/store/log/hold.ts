/** A series that was restored is held: no load changes it before somebody releases it. */
import { fail } from '../../model/errors.js';
import { nameOf, type Series } from '../../model/series.js';

export const HELD_KEY = 'tapekeep.held';

export interface Hold {
  /** The version that came back. */
  readonly version: number;
  readonly at: number;
  readonly by: string;
}

export const readHold = (configured: string | undefined): Hold | null =>
  configured === undefined ? null : (JSON.parse(configured) as Hold);

export function refuseHeld({ series, hold }: { readonly series: Series; readonly hold: Hold | null }): void {
  if (!hold) return;
  const { symbol, timeframe } = series;
  throw fail('SERIES_HELD', {
    series: nameOf(series),
    version: hold.version,
    since: new Date(hold.at).toISOString(),
    by: hold.by,
    release: `tapekeep restore ${symbol} ${timeframe} --release`,
  });
}
