/** Ordering a backup, or what it holds back. */
import { resolve } from 'node:path';
import { ulid } from 'ulid';
import { type BackupOrder, jobOfBackup } from '../../model/backup.js';
import { fail } from '../../model/errors.js';
import type { Job } from '../../model/job.js';
import { idOf, nameOf, type Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';

/** The folder that is named, or that of the settings. */
export function backupFolder(settings: ResolvedSettings, folder: string | undefined): string {
  const place = folder === undefined ? settings.backup.folder : resolve(folder);
  if (place === undefined)
    throw fail('USAGE', { reason: 'which folder the backup is in is not said: name it, or set backup.folder. Nothing was done' });
  return place;
}

type Wish = Pick<BackupOrder, 'what' | 'folder'> &
  Partial<Pick<BackupOrder, 'to' | 'again' | 'dryRun'>> & { readonly only?: readonly Series[] | null };

export const backupJob = (
  settings: ResolvedSettings,
  { what, folder, only = null, to = null, again = false, dryRun = false }: Wish,
): Job<BackupOrder> =>
  jobOfBackup({
    job: 'backup',
    id: ulid(),
    what,
    folder,
    only: only?.map(idOf) ?? null,
    to: to === null ? null : resolve(to),
    again,
    dryRun,
    silenceMs: settings.worker.silenceMs,
  });

/** A series by its symbol, or by symbol and timeframe: "BTCUSDT", "BTCUSDT 1m", or its id. */
export function seriesInBackup(all: readonly Series[], name: string, folder: string): Series[] {
  const found = all.filter(s => [s.symbol, nameOf(s), idOf(s)].includes(name));
  if (found.length === 0) throw fail('SERIES_UNKNOWN', { series: name, folder });
  return found;
}
