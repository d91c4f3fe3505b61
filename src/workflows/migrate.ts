/** The story of a migration: files of an older collection become series, by the one way in which anything is written. */
import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import { checkMigrate, type MigratedSeries, type MigrateOrder, type MigrateReport, type ReadFacts } from '../model/migrate.js';
import { orFailure } from './checked-order.js';
import { runJob } from './job.js';
import { land, rehearse } from './land.js';
import { reasonOf } from './reason.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, series: 100 };

/** Series by series; one that cannot be taken stops no other. */
export async function migrateFolder(given: MigrateOrder): Promise<MigrateReport> {
  const order = orFailure(() => checkMigrate(given));
  const { quick, long } = stepsOf(order);
  const { id, folder, dryRun } = order;
  return runJob({ title: `Migrating ${folder}`, weights: WEIGHTS, close: () => quick.close([id]) }, async ({ step, say, done }) => {
    const survey = await step('survey', `Looking for files in ${folder}`, () => long.legacySurvey(order));
    const series: MigratedSeries[] = [];
    const migrateAll = async () => {
      for (const [index, name] of survey.series.entries()) {
        say(`Reading ${name} (${index + 1} of ${survey.series.length})`);
        series.push(await migrateSeries(survey.note, name, index));
        done(
          index + 1,
          series.reduce((n, s) => n + s.rows, 0),
        );
      }
    };
    await step('series', '', migrateAll, survey.series.length);
    const lacking = survey.strange.length > 0 || series.some(s => s.error !== null || s.failed.length > 0);
    const outcome = lacking ? 'partial' : series.some(s => s.added > 0 || s.versions.length > 0) ? 'done' : 'nothing';
    return { id, folder, outcome, dryRun, series, strange: survey.strange };
  });

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
    const merge = () => long.legacyMerge(order, read, batch);
    const { made, versions } = dryRun ? await rehearse(long, { load: id }, merge) : await land(long, { load: id }, merge);
    return {
      ...before,
      added: before.added + made.added,
      unchanged: before.unchanged + made.unchanged,
      kept: before.kept + made.kept,
      quarantined: before.quarantined + made.quarantined,
      versions: [...before.versions, ...versions],
    };
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
