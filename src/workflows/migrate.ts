/** The story of a migration: files of an older collection become series, by the one way in which anything is written. */
import { ActivityFailure, CancellationScope, isCancellation, setHandler, TemporalFailure } from '@temporalio/workflow';
import { checkMigrate, type MigratedSeries, type MigrateOrder, type MigrateReport, type ReadFacts } from '../model/migrate.js';
import * as progress from '../model/progress.js';
import { orFailure } from './checked-order.js';
import { progressQuery } from './messages.js';
import { reasonOf } from './reason.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, series: 100 };

/** Series by series; one that cannot be taken stops no other. */
export async function migrateFolder(given: MigrateOrder): Promise<MigrateReport> {
  const order = orFailure(() => checkMigrate(given));
  const startedAt = Date.now();
  const { quick, long } = stepsOf(order);
  let shown = progress.begin(`Migrating ${order.folder}`, WEIGHTS, startedAt);
  setHandler(progressQuery, () => progress.seen(shown, Date.now()));
  const end = async (over: progress.Progress): Promise<void> => {
    await CancellationScope.nonCancellable(() => quick.close([order.id]));
    shown = over;
  };
  try {
    shown = progress.enter(shown, 'survey', { words: `Looking for files in ${order.folder}`, items: 1 }, startedAt);
    const survey = await long.legacySurvey(order);
    shown = progress.enter(progress.leave(shown, Date.now()), 'series', { words: '', items: survey.series.length }, Date.now());
    const series: MigratedSeries[] = [];
    for (const [index, name] of survey.series.entries()) {
      shown = { ...shown, words: `Reading ${name} (${index + 1} of ${survey.series.length})` };
      series.push(await migrateSeries(survey.note, name, index));
      const bars = series.reduce((n, s) => n + s.rows, 0);
      shown = progress.advance(shown, index + 1, bars, Date.now());
    }
    await end(progress.finish(shown, Date.now()));
    const lacking = survey.strange.length > 0 || series.some(s => s.error !== null || s.failed.length > 0);
    const outcome = lacking ? 'partial' : series.some(s => s.added > 0 || s.versions.length > 0) ? 'done' : 'nothing';
    return {
      id: order.id,
      folder: order.folder,
      outcome,
      dryRun: order.dryRun,
      series,
      strange: survey.strange,
      startedAt,
      endedAt: Date.now(),
    };
  } catch (error) {
    // A slip in this very code: the run stays open, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    if (isCancellation(error)) await end(progress.cancel(shown, 'cancelled', Date.now()));
    else await end(progress.failed(shown, error.message, Date.now()));
    throw error;
  }

  async function migrateSeries(survey: string, name: string, index: number): Promise<MigratedSeries> {
    let done: MigratedSeries = { name, ...NOTHING };
    try {
      const { note, batches, ...facts } = await long.legacyRead(order, survey, index);
      done = { ...done, ...facts };
      for (let batch = 0; batch < batches; batch++) done = await landed(done, note, batch);
      return done;
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      return { ...done, error: reasonOf(error) };
    }
  }

  async function landed(before: MigratedSeries, read: ReadFacts['note'], batch: number): Promise<MigratedSeries> {
    for (;;) {
      const { proposal, added, unchanged, kept, quarantined } = await long.legacyMerge(order, read, batch);
      await long.validate({ load: order.id }, proposal);
      const counts = {
        added: before.added + added,
        unchanged: before.unchanged + unchanged,
        kept: before.kept + kept,
        quarantined: before.quarantined + quarantined,
      };
      if (order.dryRun) return { ...before, ...counts };
      const { outcome, version, derived } = await CancellationScope.nonCancellable(() => long.commit({ load: order.id }, proposal));
      if (outcome === 'raced') continue;
      await startDerived(derived);
      return { ...before, ...counts, versions: outcome === 'unchanged' ? before.versions : [...before.versions, version] };
    }
  }
}

const NOTHING: Omit<MigratedSeries, 'name'> = {
  added: 0,
  unchanged: 0,
  kept: 0,
  quarantined: 0,
  files: 0,
  known: 0,
  rows: 0,
  refused: {},
  failed: [],
  versions: [],
  error: null,
};
