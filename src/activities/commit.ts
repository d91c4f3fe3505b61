import type { CommitFacts, LoadOrder, Note } from '../model/load.js';
import type { Proposal } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** One log entry, put in place if nobody was first. A commit of ours that landed before is recognised. */
export const commit =
  ({ store }: ActivityHouse) =>
  (order: Pick<LoadOrder, 'load'>, proposal: Note): Promise<CommitFacts> =>
    attempt(async () => {
      const built = await store.readNote<Proposal>(order.load, proposal);
      // What the next version may follow only from there is brought there first: nobody has to be waited for.
      if (store.house.backup !== undefined && built.base >= 0 && built.landed === null)
        await store.backUp(store.house.backup, built.series);
      const { kind, version } = await store.commit(built);
      return { outcome: kind, version };
    });
