/** Jobs as the catalog of open work holds them. */
import { checkImport, jobOfImport } from './import.js';
import type { Job } from './job.js';
import { checkMigrate, jobOfMigration } from './migrate.js';

/** Whether a record of the catalog is of a job, and not of a load. */
export const isJob = (given: unknown): given is { readonly job: unknown } => typeof given === 'object' && given !== null && 'job' in given;

/** undefined: this program cannot run it. */
export function jobOf(given: unknown): Job | undefined {
  try {
    return isJob(given) && given.job === 'import' ? jobOfImport(checkImport(given)) : jobOfMigration(checkMigrate(given));
  } catch {
    return undefined;
  }
}
