/** Ordering a migration. */
import { resolve } from 'node:path';
import { ulid } from 'ulid';
import { fail } from '../../model/errors.js';
import type { Job } from '../../model/job.js';
import { jobOfMigration, type MigrateOrder } from '../../model/migrate.js';
import { ASSET_CLASSES, type AssetClass } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';

export interface MigrateRequest {
  /** What is traded, for symbols that are new and leave a doubt. */
  readonly assetClass?: string;
  readonly calendar?: string;
  readonly dataset?: string;
  /** Whose kind of prices these are: the provider that will go on with the series. */
  readonly provider?: string;
  /** Read files again that a version names already. */
  readonly again?: boolean;
  /** Reads and compares, and commits nothing. */
  readonly dryRun?: boolean;
}

export function migrateJob(settings: ResolvedSettings, folder: string, request: MigrateRequest, by: string): Job<MigrateOrder> {
  const { assetClass = null, provider = null } = request;
  if (assetClass !== null && !(ASSET_CLASSES as readonly string[]).includes(assetClass))
    throw fail('USAGE', { reason: `there is no asset class ${JSON.stringify(assetClass)}: it is one of ${ASSET_CLASSES.join(', ')}` });
  const known = Object.keys(settings.providers);
  if (provider !== null && !known.includes(provider)) throw fail('PROVIDER_UNKNOWN', { provider, known: known.join(', ') });
  const order: MigrateOrder = {
    job: 'migrate',
    id: ulid(),
    folder: resolve(folder),
    only: null,
    dataset: request.dataset ?? 'main',
    assetClass: assetClass as AssetClass | null,
    calendar: request.calendar ?? null,
    provider,
    again: request.again ?? false,
    dryRun: request.dryRun ?? false,
    by,
    batchBars: settings.worker.batchBars,
    silenceMs: settings.worker.silenceMs,
  };
  return jobOfMigration(order);
}
