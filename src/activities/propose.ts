import type { ChangeKind, ChangeOrder, Proposed } from '../model/change.js';
import { type Market, marketFor } from '../model/market.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** Builds the new version that a change comes to, beside the table, and leaves it as a note. */
export const propose =
  (house: ActivityHouse) =>
  (order: ChangeOrder): Promise<Proposed> =>
    attempt(async () => {
      if (order.change.kind === 'repair') await house.store.mend(order.series, order.id);
      const market = JUDGED.includes(order.change.kind) ? await marketOf(house, order) : undefined;
      const proposal = await house.store.propose(order, market);
      return { proposal: await house.store.writeNote(order.id, proposal), base: proposal.base };
    });

/** Changes that bring bars, or ask which are expected. */
const JUDGED: readonly ChangeKind[] = ['correct', 'repair'];

/** By what the bars of the series were judged when they came; undefined where no source of ours brought them. */
async function marketOf(
  { store, providers, instruments, calendarOf }: ActivityHouse,
  { series }: ChangeOrder,
): Promise<Market | undefined> {
  const history = await store.history(series).catch(() => []);
  const lineage = history.flatMap(entry => entry.commitInfo?.tapekeep?.lineage ?? []).find(l => providers.names.includes(l.provider ?? ''));
  if (!lineage?.provider) return undefined;
  const { provider, calendar } = lineage;
  return marketFor(series, calendarOf({ series, provider, calendar: calendar.name }), instruments);
}
