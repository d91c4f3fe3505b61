import { Context } from '@temporalio/activity';
import type { DeriveOrder } from '../model/derive.js';
import { type CommitFacts, type LoadOrder, type Note, SILENCE_MS } from '../model/load.js';
import { nameOf } from '../model/series.js';
import type { Proposal } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { derivedDue } from './schedules/derive-due.js';

export interface Committed extends CommitFacts {
  /** Series made of this one that are to follow it now. */
  readonly derived?: readonly DeriveOrder[];
}

/** One log entry, put in place if nobody was first. A commit of ours that landed before is recognised. Then it is told what follows from it. */
export const commit =
  (house: ActivityHouse) =>
  (order: Pick<LoadOrder, 'load'>, proposal: Note): Promise<Committed> =>
    attempt(async () => {
      const { store } = house;
      const built = await store.readNote<Proposal>(order.load, proposal);
      // What the next version may follow only from there is brought there first: nobody has to be waited for.
      if (store.house.backup !== undefined && built.base >= 0 && built.landed === null)
        await store.backUp(store.house.backup, built.series);
      const { kind, version } = await store.commit(built);
      const derived = kind === 'committed' || kind === 'already' ? await followers(house, built) : [];
      const { added, replaced } = built.merged.counts;
      const bars = kind === 'committed' && added + replaced > 0 && { bars: { added, replaced } };
      return { outcome: kind, version, ...bars, ...(derived.length > 0 && { derived }) };
    });

/** The version is in, whatever hinders those who follow it: the next one finds them. */
async function followers(house: ActivityHouse, { series, lineage }: Proposal): Promise<DeriveOrder[]> {
  try {
    return await derivedDue(house, series, lineage.by, Context.current().info.heartbeatTimeoutMs ?? SILENCE_MS);
  } catch (error) {
    house.tell?.('derived series were not looked at', { series: nameOf(series), reason: (error as Error).message });
    return [];
  }
}
