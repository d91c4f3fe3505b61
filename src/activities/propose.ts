import type { ChangeOrder, Proposed } from '../model/change.js';
import { type Market, marketFor } from '../model/market.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** Builds the new version that a change comes to, beside the table, and leaves it as a note. */
export const propose =
  (house: ActivityHouse) =>
  (order: ChangeOrder): Promise<Proposed> =>
    attempt(async () => {
      const market = order.change.kind === 'correct' ? await marketOf(house, order) : undefined;
      const proposal = await house.store.propose(order, market);
      return { proposal: await house.store.writeNote(order.id, proposal), base: proposal.base };
    });

/** By what the bars of the series were judged when they came; undefined where no source of ours brought them. */
async function marketOf(
  { store, providers, instruments, calendarOf }: ActivityHouse,
  { series }: ChangeOrder,
): Promise<Market | undefined> {
  const { calendar } = await store.open(series);
  const lineages = (await store.history(series)).map(entry => entry.commitInfo?.tapekeep?.lineage.provider);
  const provider = lineages.find(name => typeof name === 'string' && providers.names.includes(name));
  return provider ? marketFor(series, calendarOf({ series, provider, calendar: calendar.name }), instruments) : undefined;
}
