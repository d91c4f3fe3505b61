import { isAbsolute, relative, resolve } from 'node:path';
import { type LegacyFile, surveyLegacy } from '../../imports/legacy/index.js';
import { fail } from '../../model/errors.js';
import type { MigrateOrder, Surveyed } from '../../model/migrate.js';
import type { Series } from '../../model/series.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { seriesMeant } from '../sources/series-meant.js';

/** What the survey's note holds. */
export interface LegacySeries {
  /** null where what is traded is not certain; then it is told why. */
  readonly series: Series | null;
  readonly why: string | null;
  /** The name of the calendar that the bars are expected by; null: what the class allows to assume. */
  readonly calendar: string | null;
  readonly files: readonly LegacyFile[];
}

/** Finds the files of a folder and which series they are. No bar is read. */
export const legacySurvey =
  (house: ActivityHouse) =>
  (order: MigrateOrder): Promise<Surveyed> =>
    attempt(async () => {
      const { store } = house;
      refuseInside(store.house.root, order.folder);
      await store.recordLoad({ load: order.id, order });
      const { files, strange } = await surveyed(order.folder);
      const groups = new Map<string, LegacyFile[]>();
      for (const file of files) {
        const { symbol, timeframe } = file;
        if (order.only && (order.only.symbol !== symbol || order.only.timeframe !== timeframe)) continue;
        const key = `${symbol} ${timeframe}`;
        groups.set(key, [...(groups.get(key) ?? []), file]);
      }
      const stored = await store.list();
      const found: LegacySeries[] = [];
      for (const group of groups.values()) found.push(await meant(house, order, stored, group));
      return {
        note: await store.writeNote(order.id, found),
        series: [...groups.keys()],
        files: found.reduce((n, f) => n + f.files.length, 0),
        strange: order.only ? [] : strange.slice(0, MOST_TOLD),
      };
    });

const MOST_TOLD = 100;

async function surveyed(folder: string) {
  try {
    return await surveyLegacy(folder);
  } catch (error) {
    throw fail('LEGACY_UNREADABLE', { file: folder, reason: (error as Error).message }, error);
  }
}

/** The tables are no older files of themselves. */
function refuseInside(root: string, folder: string): void {
  const within = relative(resolve(root), resolve(folder));
  if (within === '' || (!within.startsWith('..') && !isAbsolute(within)))
    throw fail('USAGE', { reason: `${folder} lies in the data folder itself. Nothing was written` });
}

const HOW = {
  symbol: 'such a file cannot be taken over',
  class: 'say it with --class and --calendar',
  calendar: 'name it with --calendar',
} as const;

/** What the order says of class and calendar is for symbols that leave a doubt; a load knows what it wants. */
async function meant(
  house: ActivityHouse,
  { only, dataset, assetClass, calendar }: MigrateOrder,
  stored: readonly Series[],
  files: readonly LegacyFile[],
): Promise<LegacySeries> {
  const { symbol, timeframe } = files[0] as LegacyFile;
  const sure = only ? undefined : await seriesMeant(house, stored, { symbol, timeframe, dataset, assetClass: null, calendar: null });
  const found = sure && 'series' in sure ? sure : await seriesMeant(house, stored, { symbol, timeframe, dataset, assetClass, calendar });
  return 'why' in found
    ? { series: null, why: `${found.why}: ${HOW[found.about]}`, calendar: null, files }
    : { ...found, why: null, files };
}
