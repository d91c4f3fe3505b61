/** Upkeep by hand: what it would do is read here, what it does is a workflow. */
import { ulid } from 'ulid';
import type { Job } from '../../model/job.js';
import type { Series } from '../../model/series.js';
import { jobOfUpkeep, keepingOf, type UpkeepOrder } from '../../model/upkeep.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store, Vacuumed } from '../../store/index.js';

export type UpkeepKind = 'compact' | 'vacuum';

export interface Foldable {
  readonly series: Series;
  /** Files that would become fewer. */
  readonly files: number;
}

export function upkeepJob(settings: ResolvedSettings, what: UpkeepKind, only: readonly Series[] | null, by: string): Job<UpkeepOrder> {
  return jobOfUpkeep({
    job: 'upkeep',
    id: ulid(),
    only,
    compact: what === 'compact' ? { which: 'all', least: 1 } : null,
    keep: what === 'vacuum' ? keepingOf(settings.keep) : null,
    whole: what === 'vacuum' && only === null,
    by,
    silenceMs: settings.worker.silenceMs,
  });
}

export async function* foldableOf(store: Store, all: readonly Series[]): AsyncGenerator<Foldable> {
  for (const series of all) yield { series, files: await store.foldable(series, 'all') };
}

export async function* vacuumableOf(settings: ResolvedSettings, store: Store, all: readonly Series[]): AsyncGenerator<Vacuumed> {
  for (const series of all) yield await store.vacuum(series, keepingOf(settings.keep), true);
}
