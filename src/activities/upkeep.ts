/** The steps of upkeep: what there is to fold, what may go, and what lies beside the tables. */
import { ulid } from 'ulid';
import type { ChangeOrder } from '../model/change.js';
import { nameOf, type Series } from '../model/series.js';
import type { Keeping, UpkeepOrder, VacuumFacts, WholeFacts } from '../model/upkeep.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** More than these wait for the next run. */
const MOST_FOLDS = 100;

/** Which series have small files enough, each as the order of a compaction that stands in the catalog. */
export const upkeepSurvey =
  ({ store, now }: ActivityHouse) =>
  ({ only, compact, by, silenceMs }: UpkeepOrder): Promise<{ order: ChangeOrder; files: number }[]> =>
    attempt(async signal => {
      const folds: { order: ChangeOrder; files: number }[] = [];
      for (const series of compact ? await seriesMeant(store, only) : []) {
        signal.throwIfAborted();
        const files = compact ? await foldableIn(store, series, compact.which) : 0;
        if (!compact || files === 0 || files < compact.least || folds.length >= MOST_FOLDS) continue;
        const order: ChangeOrder = { id: ulid(now()), series, by, change: { kind: 'compact', which: compact.which }, silenceMs };
        await store.recordLoad({ load: order.id, order });
        folds.push({ order, files });
      }
      return folds;
    });

const seriesMeant = async (store: ActivityHouse['store'], only: readonly Series[] | null): Promise<readonly Series[]> =>
  only ?? (await store.list());

/** A table that cannot be opened has nothing to fold: whoever vacuums or verifies it says why. */
const foldableIn = (store: ActivityHouse['store'], series: Series, which: 'all' | 'small'): Promise<number> =>
  store.foldable(series, which).catch(() => 0);

/** Tells of series where something went, waits, or could not go. */
export const vacuum =
  ({ store }: ActivityHouse) =>
  (only: readonly Series[] | null, keep: Keeping): Promise<VacuumFacts[]> =>
    attempt(async (signal, beat) => {
      const told: VacuumFacts[] = [];
      const all = await seriesMeant(store, only);
      for (const [i, series] of all.entries()) {
        signal.throwIfAborted();
        const facts = await vacuumed(store, series, keep);
        if (only || facts.error !== null || facts.files > 0) told.push(facts);
        beat({ done: i + 1, of: all.length });
      }
      return told.slice(0, MOST_TOLD);
    });

const MOST_TOLD = 1_000;

async function vacuumed(store: ActivityHouse['store'], series: Series, keep: Keeping): Promise<VacuumFacts> {
  const name = nameOf(series);
  try {
    const { first, versions, removed, bytes, waiting } = await store.vacuum(series, keep);
    return { series: name, first, versions, files: removed.length, bytes, waiting: waiting.length, error: null };
  } catch (error) {
    return { series: name, first: 0, versions: 0, files: 0, bytes: 0, waiting: 0, error: (error as Error).message };
  }
}

/** Staging, and the bound of the data folder. */
export const sweep =
  ({ store }: ActivityHouse) =>
  (keep: Keeping | null): Promise<WholeFacts> =>
    attempt(async () => {
      const { removed, bytes } = await store.sweep();
      const given = keep ? await store.keepBelow(keep) : null;
      return {
        swept: { files: removed.length, bytes },
        raw: given?.raw.length ?? 0,
        versions: given?.versions.reduce((n, v) => n + v.versions, 0) ?? 0,
        bytesBefore: given?.bytesBefore ?? 0,
        bytesAfter: given?.bytesAfter ?? 0,
      };
    });
