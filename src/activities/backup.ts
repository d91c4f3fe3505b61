import type { BackupOrder } from '../model/backup.js';
import { fail } from '../model/errors.js';
import { idOf, parseId } from '../model/series.js';
import type { BackedUp } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** The series that an order is about, by their ids. */
export const backupSurvey =
  ({ store }: ActivityHouse) =>
  (order: BackupOrder): Promise<string[]> =>
    attempt(async () => {
      const target = order.what === 'backup' ? order.folder : order.to;
      if (target !== null) await store.fitForBackup(target, order.dryRun);
      await store.recordLoad({ load: order.id, order });
      const all = (order.what === 'backup' ? await store.list() : await store.backups(order.folder)).map(idOf);
      return order.only === null ? all : [...order.only];
    });

/** Copies one series. What is there is passed by, so that an attempt goes on where the last one was. */
export const backupSeries =
  ({ store }: ActivityHouse) =>
  (order: BackupOrder, id: string): Promise<BackedUp> =>
    attempt(async signal => {
      const series = parseId(id);
      if (!series) throw fail('USAGE', { reason: `${id} is not the id of a series. Nothing was written` });
      if (order.what === 'backup') return store.backUp(order.folder, series, { again: order.again, dryRun: order.dryRun, signal });
      return store.bringBack(order.folder, series, order.to, { dryRun: order.dryRun, signal });
    });
