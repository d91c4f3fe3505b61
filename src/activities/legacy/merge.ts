import { fail } from '../../model/errors.js';
import type { MergeFacts } from '../../model/load.js';
import { marketFor } from '../../model/market.js';
import type { MigratedCounts, MigrateOrder } from '../../model/migrate.js';
import { refuseHeld } from '../../store/index.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { areCompared, notCompared } from '../imports/named-files.js';
import { basisOfOwn, calendarOfOwn } from '../imports/own-files.js';
import type { LegacyRead } from './read.js';

/** Makes the candidates of one batch of older bars. What is stored stays: it was asked for, and they are only found. */
export const legacyMerge =
  (house: ActivityHouse) =>
  (order: MigrateOrder, read: string, index: number): Promise<Pick<MergeFacts, 'proposal'> & MigratedCounts> =>
    attempt(async () => {
      const { store } = house;
      const { series, calendar: name, batches } = await store.readNote<LegacyRead>(order.id, read);
      const batch = batches[index];
      if (!batch) throw fail('INTERNAL', { reason: `there is no batch ${index}` });
      const table = await store.find(series);
      if (table) refuseHeld(table);
      const calendar = calendarOfOwn(house, order.provider, series, name);
      const shas = batch.files.map(({ sha256 }) => sha256);
      const compared = await areCompared(house, series, order.id, shas);
      const merged = await store.merge({
        series,
        basis: table?.basis ?? basisOfOwn(house, order.provider, series),
        calendar: { name: calendar.name, version: calendar.version },
        load: order.id,
        batch: index,
        inputs: batch.inputs,
        answered: batch.answered,
        absences: [],
        rule: 'keep',
        by: order.by,
        provider: null,
        requests: 0,
        market: marketFor(series, calendar, house.instruments),
        files: batch.files,
      });
      const proposal = compared ? merged : notCompared(merged);
      const { added, unchanged, kept, quarantined } = proposal.merged.counts;
      return { proposal: await store.writeNote(order.id, proposal), added, unchanged, kept, quarantined };
    });
