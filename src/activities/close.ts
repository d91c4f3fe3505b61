import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/**
 * Ends a load: takes it, and those that joined it, out of the catalog and lets go of its staging. Raw files stay for the
 * sweeper, which knows what versions name; those of bars that were refused are set aside, where nothing sweeps.
 */
export const close =
  ({ store }: ActivityHouse) =>
  (loads: readonly string[], refused = false): Promise<void> =>
    attempt(async () => {
      for (const load of loads) {
        if (refused) await store.setAside(load);
        await store.clearLoad(load);
        await store.closeLoad(load);
      }
    });
