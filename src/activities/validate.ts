import type { LoadOrder, Note } from '../model/load.js';
import type { Proposal } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** Reads the candidates back with another reader than wrote them, and refuses what may not be in a table. */
export const validate =
  ({ store }: ActivityHouse) =>
  (order: Pick<LoadOrder, 'load'>, proposal: Note): Promise<void> =>
    attempt(async () => store.validate(await store.readNote<Proposal>(order.load, proposal)));
