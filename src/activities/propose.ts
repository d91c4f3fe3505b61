import type { ChangeOrder, Proposed } from '../model/change.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** Builds the new version that a change comes to, beside the table, and leaves it as a note. */
export const propose =
  ({ store }: ActivityHouse) =>
  (order: ChangeOrder): Promise<Proposed> =>
    attempt(async () => {
      const proposal = await store.propose(order);
      return { proposal: await store.writeNote(order.id, proposal), base: proposal.base };
    });
