import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** Ends a load: takes it, and those that joined it, out of the catalog and lets go of its staging. Raw files stay for the sweeper. */
export const close =
  ({ store }: ActivityHouse) =>
  (loads: readonly string[]): Promise<void> =>
    attempt(async () => {
      for (const load of loads) {
        await store.clearLoad(load);
        await store.closeLoad(load);
      }
    });
