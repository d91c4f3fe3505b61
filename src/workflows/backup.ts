/** The story of a backup, or of bringing one back: series by series, each as far as it is by then. */
import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import { type BackedSeries, type BackupOrder, type BackupReport, checkBackup, jobOfBackup } from '../model/backup.js';
import { orFailure } from './checked-order.js';
import { runJob } from './job.js';
import { reasonOf } from './reason.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, copy: 100 };

/** One series that cannot be copied stops no other. Cancelled, what was copied stays, and the next one goes on from there. */
export async function backupTables(given: BackupOrder): Promise<BackupReport> {
  const order = orFailure(() => checkBackup(given));
  const { id, what, folder, to, dryRun } = order;
  const { title } = jobOfBackup(order);
  const { quick, long } = stepsOf(order);
  return runJob({ title, weights: WEIGHTS, close: () => quick.close([id]) }, async ({ step, say, done }) => {
    const all = await step('survey', title, () => quick.backupSurvey(order));
    const series: BackedSeries[] = [];
    const copyAll = async () => {
      for (const [index, name] of all.entries()) {
        say(`Copying ${name} (${index + 1} of ${all.length})`);
        series.push(await copied(name));
        done(index + 1);
      }
    };
    await step('copy', title, copyAll, all.length);
    const outcome = series.some(s => s.error) ? 'partial' : series.some(s => s.files > 0) ? 'done' : 'nothing';
    return { id, what, folder, to, dryRun, outcome, series };
  });

  async function copied(name: string): Promise<BackedSeries> {
    try {
      return { series: name, error: null, ...(await long.backupSeries(order, name)) };
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      return { series: name, version: null, files: 0, bytes: 0, error: reasonOf(error) };
    }
  }
}
