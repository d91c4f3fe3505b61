/** The story of a backup, or of bringing one back: series by series, each as far as it is by then. */
import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, setHandler, TemporalFailure } from '@temporalio/workflow';
import { type BackedSeries, type BackupOrder, type BackupReport, checkBackup, jobOfBackup } from '../model/backup.js';
import * as progress from '../model/progress.js';
import { orFailure } from './checked-order.js';
import { progressQuery } from './messages.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, copy: 100 };

/** One series that cannot be copied stops no other. Cancelled, what was copied stays, and the next one goes on from there. */
export async function backupTables(given: BackupOrder): Promise<BackupReport> {
  const order = orFailure(() => checkBackup(given));
  const { id, what, folder, to, dryRun } = order;
  const { title } = jobOfBackup(order);
  const startedAt = Date.now();
  const { quick, long } = stepsOf(order);
  let shown = progress.begin(title, WEIGHTS, startedAt);
  setHandler(progressQuery, () => progress.seen(shown, Date.now()));
  const end = async (over: progress.Progress): Promise<void> => {
    await CancellationScope.nonCancellable(() => quick.close([id]));
    shown = over;
  };
  try {
    shown = progress.enter(shown, 'survey', { words: title, items: 1 }, startedAt);
    const all = await quick.backupSurvey(order);
    shown = progress.enter(progress.leave(shown, Date.now()), 'copy', { words: title, items: all.length }, Date.now());
    const series: BackedSeries[] = [];
    for (const [index, name] of all.entries()) {
      shown = { ...shown, words: `Copying ${name} (${index + 1} of ${all.length})` };
      series.push(await copied(name));
      shown = progress.advance(shown, index + 1, 0, Date.now());
    }
    await end(progress.finish(shown, Date.now()));
    const outcome = series.some(s => s.error) ? 'partial' : series.some(s => s.files > 0) ? 'done' : 'nothing';
    return { id, what, folder, to, dryRun, outcome, series, startedAt, endedAt: Date.now() };
  } catch (error) {
    // A slip in this very code: the run stays open, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    if (isCancellation(error)) await end(progress.cancel(shown, 'cancelled', Date.now()));
    else await end(progress.failed(shown, error.message, Date.now()));
    throw error;
  }

  async function copied(name: string): Promise<BackedSeries> {
    try {
      return { series: name, error: null, ...(await long.backupSeries(order, name)) };
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      const { cause } = error;
      const code = cause instanceof ApplicationFailure ? (cause.type ?? 'INTERNAL') : 'INTERNAL';
      return { series: name, version: null, files: 0, bytes: 0, error: { code, message: cause?.message ?? 'no reason was given' } };
    }
  }
}
