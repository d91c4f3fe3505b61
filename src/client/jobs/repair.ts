/** A damaged series mended: by the daemon what can be mended from what is there, then by its source what is lost. */

import type { ChangeReport } from '../../model/change.js';
import { isTapekeepError, type TapekeepError } from '../../model/errors.js';
import type { Series } from '../../model/series.js';
import type { LogEntry, Verified } from '../../store/index.js';
import type { Follow, Loaded, LoadRequest } from '../requests.js';

export interface Repaired {
  readonly series: Series;
  readonly before: Verified;
  /** The load of the interval that was lost; null: nothing was, or it could not be loaded. */
  readonly reloaded: Loaded | null;
  /** What hindered the repair or that load. */
  readonly trouble: TapekeepError | null;
  readonly after: Verified;
}

/** What of the library a repair is made of. */
interface Mending {
  change(named: Series, wish: { readonly kind: 'repair' }, follow: Follow): Promise<ChangeReport>;
  history(named: Series): Promise<readonly LogEntry[]>;
  load(request: LoadRequest, follow: Follow): Promise<readonly Loaded[]>;
  verify(named: Series, options: { readonly deep: boolean }): AsyncIterable<Verified>;
}

export async function repaired(tapekeep: Mending, before: Verified, follow: Follow): Promise<Repaired> {
  const { series } = before;
  let reloaded: Loaded | null = null;
  let trouble: TapekeepError | null = null;
  try {
    const { version, outcome } = await tapekeep.change(series, { kind: 'repair' }, follow);
    reloaded = outcome === 'unchanged' ? null : await reload(tapekeep, series, version, follow);
  } catch (error) {
    if (!isTapekeepError(error)) throw error;
    trouble = error;
  }
  return { series, before, reloaded, trouble, after: await first(tapekeep.verify(series, { deep: true })) };
}

/** Just the interval that was lost, from the source that the series was last loaded from; of a derived series it is made again. */
async function reload(tapekeep: Mending, series: Series, version: number, follow: Follow): Promise<Loaded | null> {
  const history = await tapekeep.history(series);
  const lost = history.find(entry => entry.version === version)?.commitInfo?.tapekeep?.lineage.lost;
  const lineages = history.flatMap(entry => entry.commitInfo?.tapekeep?.lineage ?? []);
  const provider = lineages.map(l => l.provider).find(name => typeof name === 'string');
  if (!lost || !(provider || lineages.some(l => l.derived))) return null;
  const [loaded] = await tapekeep.load({ ...series, ...(provider && { provider, from: lost.from, to: lost.to }) }, follow);
  return loaded ?? null;
}

async function first<T>(all: AsyncIterable<T>): Promise<T> {
  for await (const one of all) return one;
  throw new Error('nothing came');
}
