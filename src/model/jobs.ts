/** Jobs as the catalog of open work holds them. */
import { checkBackup, jobOfBackup } from './backup.js';
import { checkDerive, jobOfDerive } from './derive.js';
import { checkImport, jobOfImport } from './import-order.js';
import type { Job } from './job.js';
import { checkMany, jobOfMany } from './load-many.js';
import { checkMigrate, jobOfMigration } from './migrate.js';
import { checkOpinion, jobOfOpinion } from './opinion.js';

/** Whether a record of the catalog is of a job, and not of a load. */
export const isJob = (given: unknown): given is { readonly job: unknown } => typeof given === 'object' && given !== null && 'job' in given;

/** undefined: this program cannot run it. */
export function jobOf(given: unknown): Job | undefined {
  try {
    if (!isJob(given)) return undefined;
    if (given.job === 'many') return jobOfMany(checkMany(given));
    if (given.job === 'opinion') return jobOfOpinion(checkOpinion(given));
    if (given.job === 'derive') return jobOfDerive(checkDerive(given));
    if (given.job === 'import') return jobOfImport(checkImport(given));
    return given.job === 'backup' ? jobOfBackup(checkBackup(given)) : jobOfMigration(checkMigrate(given));
  } catch {
    return undefined;
  }
}
