import type { CommitFacts, LoadOrder, Note } from '../model/load.js';
import type { Proposal } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** One log entry, put in place if nobody was first. A commit of ours that landed before is recognised. */
export const commit =
  ({ store }: ActivityHouse) =>
  (order: Pick<LoadOrder, 'load'>, proposal: Note): Promise<CommitFacts> =>
    attempt(async () => {
      const { kind, version } = await store.commit(await store.readNote<Proposal>(order.load, proposal));
      return { outcome: kind, version };
    });
