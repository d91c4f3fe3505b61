import { surveyLegacy } from '../imports/legacy/index.js';
import type { LoadOrder, LocalFacts } from '../model/load.js';
import { refuseHeld, refuseMixed } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { standInsOf } from './sources/sources.js';

/** Reads the log of the series: what is there. No bar is read. A series that is held is left alone. */
export const local =
  (house: ActivityHouse) =>
  (order: LoadOrder): Promise<LocalFacts> =>
    attempt(async () => {
      const { store, legacy } = house;
      const table = await store.find(order.series);
      if (table) refuseHeld(table);
      if (table && order.mode !== 'local') refuseMixed(table, undefined);
      const files = [...(table?.snapshot.files.values() ?? [])];
      return {
        version: table?.snapshot.version ?? -1,
        rows: files.reduce((n, f) => n + f.rows, 0),
        first: files.length > 0 ? Math.min(...files.map(f => f.first)) : null,
        last: files.length > 0 ? Math.max(...files.map(f => f.last)) : null,
        standIns: order.pinned ? [] : standInsOf(house, order, table?.calendar.name ?? order.calendar ?? null),
        ...(!table && legacy !== undefined && (await isIn(legacy, order)) ? { legacy } : {}),
      };
    });

/** Whether an older collection has files of the series. One that cannot be looked into has none: the load goes on without it. */
async function isIn(folder: string, { series }: LoadOrder): Promise<boolean> {
  const { files } = await surveyLegacy(folder).catch(() => ({ files: [] }));
  return files.some(f => f.symbol === series.symbol && f.timeframe === series.timeframe);
}
